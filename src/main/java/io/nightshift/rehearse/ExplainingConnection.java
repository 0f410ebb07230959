package io.nightshift.rehearse;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection that executes the user's statements under EXPLAIN (ANALYZE, BUFFERS, WAL): they do what they do, and
 * PostgreSQL says how. They are known by the tag in their first line; everything else passes through.
 */
final class ExplainingConnection implements InvocationHandler {

    private static final Pattern USERS = Pattern.compile(
            "(?is)\\s*/\\*\\s*nightshift:\\s*(\\S+)\\s*\\*/(\\s|/\\*.*?\\*/|--[^\\n]*\\n)*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|VALUES)\\b.*");
    static final String EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, WAL, FORMAT JSON) ";

    private final Connection connection;
    private final Consumer<ExplainedStatement> seen;

    private ExplainingConnection(Connection connection, Consumer<ExplainedStatement> seen) {
        this.connection = connection;
        this.seen = seen;
    }

    static Connection over(Connection connection, Consumer<ExplainedStatement> seen) {
        return proxy(Connection.class, new ExplainingConnection(connection, seen));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(ExplainingConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Override
    public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("prepareStatement") && arguments.length == 1) {
            Matcher users = USERS.matcher((String) arguments[0]);
            if (users.matches()) {
                PreparedStatement prepared = connection.prepareStatement(EXPLAIN + arguments[0]);
                return proxy(PreparedStatement.class, new Explaining(prepared, users.group(1), seen));
            }
        }
        return pass(connection, method, arguments);
    }

    private static Object pass(Object to, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(to, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    /** A statement whose rows are the plan; whoever executes it is told how many rows it has touched. */
    private static final class Explaining implements InvocationHandler {

        private final PreparedStatement prepared;
        private final String tag;
        private final Consumer<ExplainedStatement> seen;
        private Optional<ExplainedStatement> explained = Optional.empty();

        Explaining(PreparedStatement prepared, String tag, Consumer<ExplainedStatement> seen) {
            this.prepared = prepared;
            this.tag = tag;
            this.seen = seen;
        }

        @Override
        public Object invoke(Object self, Method method, Object[] arguments) throws Throwable {
            return switch (method.getName()) {
                case "execute" -> execute();
                case "executeUpdate" -> {
                    execute();
                    yield (int) rows();
                }
                case "getLargeUpdateCount" -> rows();
                case "getUpdateCount" -> (int) rows();
                default -> pass(prepared, method, arguments);
            };
        }

        private boolean execute() throws SQLException {
            try (ResultSet result = prepared.executeQuery()) {
                StringBuilder json = new StringBuilder();
                while (result.next()) {
                    json.append(result.getString(1)).append('\n');
                }
                ExplainedStatement read = ExplainedStatement.of(tag, json.toString());
                explained = Optional.of(read);
                seen.accept(read);
                return false;
            }
        }

        private long rows() {
            return explained.map(ExplainedStatement::rows).orElse(0L);
        }
    }
}
