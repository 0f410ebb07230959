/**
 * When jobs run by themselves: the slots of their cron schedules, Quartz as the timer that wakes one node at each, and
 * the record of what became of every slot.
 */
@NullMarked
package io.nightshift.schedule;

import org.jspecify.annotations.NullMarked;
