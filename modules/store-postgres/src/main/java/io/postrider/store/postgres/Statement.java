package io.postrider.store.postgres;

/**
 * An SQL statement with the name that metrics and failures know it by. Statements stand as constants in {@code *Queries}
 * classes, where one test prepares each and another looks for the tenant wall.
 */
record Statement(String name, String sql) {
    static Statement named(String name, String sql) {
        return new Statement(name, sql);
    }

    /**
     * A page of a list: the rows behind $1 in the order of a key that no two share, $2 of them; conditions begin with $3. So the
     * next page begins where this one ended, whatever has come and gone meanwhile.
     *
     * @param rows the statement up to its conditions
     */
    static Statement page(String name, String rows, String key, String... conditions) {
        StringBuilder sql = new StringBuilder(rows.stripTrailing())
                .append("\nwhere ")
                .append(key)
                .append(" > $1\n");
        for (String condition : conditions) {
            sql.append("  and ").append(condition).append('\n');
        }
        return new Statement(
                name, sql.append("order by ").append(key).append("\nlimit $2\n").toString());
    }

    @Override
    public String toString() {
        return name;
    }
}
