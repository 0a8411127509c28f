package io.postrider.store.postgres;

/**
 * An SQL statement with the name that metrics and failures know it by. Statements stand as constants in {@code *Queries}
 * classes, where one test prepares each and another looks for the tenant wall.
 */
record Statement(String name, String sql) {
    static Statement named(String name, String sql) {
        return new Statement(name, sql);
    }

    @Override
    public String toString() {
        return name;
    }
}
