-- Which parents the lines of a file want for their tasks: the next step of load-tasks sets them, when all tasks are there.
CREATE TABLE task_parents (
  task_id bigint NOT NULL,
  parent text,
  run bigint NOT NULL,
  CONSTRAINT task_parents_key PRIMARY KEY (task_id),
  CONSTRAINT task_parents_task FOREIGN KEY (task_id) REFERENCES tasks ON DELETE CASCADE
);
COMMENT ON TABLE task_parents IS 'Parents that tasks wait for while load-tasks runs; later only those that no task was found for.';
COMMENT ON COLUMN task_parents.parent IS 'The reference of the parent; NULL for none.';
COMMENT ON COLUMN task_parents.run IS 'The run that has read it.';
COMMENT ON CONSTRAINT task_parents_key ON task_parents IS 'a task waits for one parent';
COMMENT ON CONSTRAINT task_parents_task ON task_parents IS 'the task that waits for a parent exists';
