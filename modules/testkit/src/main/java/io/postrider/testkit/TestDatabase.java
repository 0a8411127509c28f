package io.postrider.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An empty throw-away database on the one real PostgreSQL that a JVM's tests share.
 *
 * <p>It does not flush to disk: tests that kill PostgreSQL need one of their own.
 */
public final class TestDatabase implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;

    private TestDatabase(String name) {
        this.name = name;
    }

    /** A new database without any table. */
    public static TestDatabase create() {
        String name = "test_" + COUNT.incrementAndGet();
        Server.run("create database " + name);
        return new TestDatabase(name);
    }

    /** postgresql://user:password@127.0.0.1:port/name */
    public String url() {
        return "postgresql://postgres:postgres@127.0.0.1:" + Server.INSTANCE.getPort() + "/" + name;
    }

    /** Runs SQL in this database, waiting for it; for arranging and for looking behind the store's back. */
    public void execute(String sql) {
        Server.runIn(name, sql);
    }

    /** The first column of the first row, as text; null when there is no row. */
    public String queryOne(String sql) {
        try (Connection connection =
                        Server.INSTANCE.getDatabase("postgres", name).getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Drops the database, whoever is still connected to it. */
    @Override
    public void close() {
        Server.run("drop database if exists " + name + " with (force)");
    }

    /** Started with the first database, stopped by zonky with the JVM. */
    private static final class Server {
        static final EmbeddedPostgres INSTANCE = start();

        private static EmbeddedPostgres start() {
            try {
                return PostgresServer.builder()
                        .setServerConfig("max_connections", "300")
                        .setServerConfig("shared_buffers", "128MB")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static void run(String sql) {
            runIn("postgres", sql);
        }

        static void runIn(String database, String sql) {
            try (Connection connection =
                            INSTANCE.getDatabase("postgres", database).getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(sql, e);
            }
        }
    }
}
