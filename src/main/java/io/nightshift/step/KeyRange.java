package io.nightshift.step;

import io.nightshift.sql.BoundSql;
import io.nightshift.sql.KeysQuery;
import java.util.List;

/**
 * A keys query as one step pages through it.
 *
 * @param where for messages
 * @param limit keys of one page
 * @param lock  how the page's rows are locked
 */
record KeyRange(KeysQuery query, String where, int limit, KeysQuery.Lock lock) {

    /** @param behind the position to begin behind; empty for the start */
    BoundSql page(List<String> behind, List<String> upTo) {
        return query.page(behind, upTo, limit, lock);
    }

    List<String> columns() {
        return query.columns().stream().map(KeysQuery.Column::name).toList();
    }
}
