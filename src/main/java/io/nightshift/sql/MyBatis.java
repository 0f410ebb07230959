package io.nightshift.sql;

import io.nightshift.sql.mapper.WrittenStatement;
import java.util.Map;
import org.apache.ibatis.mapping.SqlSource;
import org.apache.ibatis.scripting.xmltags.XMLLanguageDriver;
import org.apache.ibatis.session.Configuration;

/** MyBatis as it is used here: its language of dynamic SQL, without its sessions, executors and result mapping. */
final class MyBatis {

    private final Configuration configuration = new Configuration();
    private final XMLLanguageDriver language = new XMLLanguageDriver();

    MyBatis() {
        // An absent list is NULL: there is nothing to go through.
        configuration.setNullableOnForEach(true);
    }

    SqlSource read(WrittenStatement statement) {
        return language.createSqlSource(configuration, statement.script(), Map.class);
    }
}
