package io.postrider.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
}
