package io.postrider.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class TestDatabaseTest {
    @Test
    void isARealPostgreSqlOfItsOwn() {
        try (TestDatabase one = TestDatabase.create();
                TestDatabase other = TestDatabase.create()) {
            one.execute("create table t (n int)");
            assertEquals("0", one.queryOne("select count(*) from t"));
            assertEquals("0", other.queryOne("select count(*) from pg_tables where tablename = 't'"));
            assertTrue(one.queryOne("select version()").startsWith("PostgreSQL 18"));
        }
    }

    /** A plain user's tests failed with "epg-lock (Permission denied)" on a machine where root had run them. */
    @Test
    void eachUserUnpacksPostgreSqlInADirectoryOfTheirOwn() throws IOException {
        try (TestDatabase database = TestDatabase.create()) {
            assertEquals("1", database.queryOne("select 1"));
            assertEquals(
                    System.getProperty("user.name"),
                    Files.getOwner(PostgresServer.PROGRAMS).getName());
            assertTrue(PostgresServer.PROGRAMS.endsWith("embedded-pg-" + System.getProperty("user.name")));
        }
    }
}
