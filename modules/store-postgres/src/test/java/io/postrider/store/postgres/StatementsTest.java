package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.pgclient.PgConnection;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reads all SQL there is: the {@link Statement} constants of every class of this package. */
class StatementsTest {
    private static final Set<String> MAIL_TABLES = Set.of(
            "mailbox",
            "subscription",
            "message",
            "expunged",
            "uid_snapshot",
            "content",
            "chunk",
            "search_text",
            "incoming",
            "unreferenced");

    /** These go through all accounts, by age, for the sweep; what they then touch is bound to the account found. */
    private static final Set<String> OF_ALL_ACCOUNTS = Set.of("sweep.accountsDue", "sweep.incoming", "sweep.expunged");

    private static final Pattern TABLE = Pattern.compile(
            "\\b(?:from|join|update|into|using|delete\\s+from)\\s+(\\w+)(?:\\s+(?:as\\s+)?(?!where|set|on|join|cross|left|using|order|group|for|limit|select|values|returning|union|inner)(\\w+))?");

    static List<Statement> all() throws IOException, URISyntaxException, ReflectiveOperationException {
        Path classes =
                Path.of(Statement.class.getResource("Statement.class").toURI()).getParent();
        List<Statement> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                for (Field field : Class.forName(Statement.class.getPackageName() + "." + name)
                        .getDeclaredFields()) {
                    if (field.getType() == Statement.class
                            && java.lang.reflect.Modifier.isStatic(field.getModifiers())) {
                        field.setAccessible(true);
                        all.add((Statement) field.get(null));
                    }
                    if (field.getGenericType().getTypeName().equals("java.util.List<" + Statement.class.getName() + ">")
                            && java.lang.reflect.Modifier.isStatic(field.getModifiers())) {
                        field.setAccessible(true);
                        for (Object statement : (List<?>) field.get(null)) {
                            all.add((Statement) statement);
                        }
                    }
                }
            }
        }
        return all;
    }

    @Test
    void eachHasANameOfItsOwnAndIsLowerCase() throws Exception {
        Set<String> names = new HashSet<>();
        for (Statement statement : all()) {
            assertTrue(names.add(statement.name()), statement.name());
            String withoutLiterals = statement.sql().replaceAll("'[^']*'", "''");
            assertEquals(withoutLiterals.toLowerCase(Locale.ROOT), withoutLiterals, statement.name());
        }
        assertTrue(names.size() > 30, names.toString());
    }

    @Test
    void postgresqlUnderstandsEach() throws Exception {
        try (StoreFixture fixture = new StoreFixture()) {
            PgConnection connection = await(PgConnection.connect(
                    fixture.vertx, fixture.options.servers().get(0)));
            for (Statement statement : all()) {
                try {
                    await(await(connection.prepare(statement.sql())).close());
                } catch (RuntimeException e) {
                    throw new AssertionError(statement.name() + ": " + e.getMessage(), e);
                }
            }
            await(connection.close());
        }
    }

    /** The wall between tenants: every use of a mail table is bound to an account, by value or by a join on it. */
    @Test
    void eachUseOfAMailTableIsBoundToAnAccount() throws Exception {
        for (Statement statement : all()) {
            if (!OF_ALL_ACCOUNTS.contains(statement.name())) {
                assertEquals(List.of(), unbound(statement.sql()), statement.name() + "\n" + statement.sql());
            }
        }
    }

    @Test
    void theWallTestSeesAHole() {
        assertEquals(List.of(), unbound("select 1 from message where account_id = $1"));
        assertEquals(List.of(), unbound("select 1 from account a join mailbox m on m.account_id = a.account_id"));
        assertEquals(List.of("message"), unbound("select 1 from message where uid = $1"));
        assertEquals(
                List.of("message"),
                unbound(
                        "select 1 from mailbox m where m.account_id = $1 and exists (select from message x where x.uid = 1)"));
        assertEquals(
                List.of("content"), unbound("delete from content c using dead where c.content_id = dead.content_id"));
        assertFalse(unbound("insert into chunk (content_id, n) values ($1, $2)").isEmpty());
        assertEquals(List.of(), unbound("insert into chunk (account_id, n) values ($1, $2)"));
    }

    private static List<String> unbound(String sql) {
        List<String> unbound = new ArrayList<>();
        Matcher use = TABLE.matcher(sql);
        while (use.find()) {
            String table = use.group(1);
            boolean inserts = sql.substring(use.start()).startsWith("into");
            if (MAIL_TABLES.contains(table) && !isBound(sql, use, inserts)) {
                unbound.add(table);
            }
        }
        return unbound;
    }

    private static boolean isBound(String sql, Matcher use, boolean inserts) {
        if (inserts) {
            return sql.substring(use.end(1)).matches("(?s)\\s*(as \\w+\\s*)?\\(account_id\\b.*");
        }
        String alias = use.group(2) == null ? use.group(1) : use.group(2);
        String scope = scopeAround(sql, use.start());
        return Pattern.compile("\\b" + alias + "\\.account_id\\s*=|=\\s*" + alias + "\\.account_id\\b")
                        .matcher(scope)
                        .find()
                || Pattern.compile("(?<![.\\w])account_id\\s*=\\s*\\$\\d")
                        .matcher(scope)
                        .find();
    }

    /** The parentheses that the use stands in, without those inside them. */
    private static String scopeAround(String sql, int at) {
        int start = at;
        for (int depth = 0; start > 0; start--) {
            char c = sql.charAt(start - 1);
            if (c == ')') {
                depth++;
            } else if (c == '(' && depth-- == 0) {
                break;
            }
        }
        StringBuilder scope = new StringBuilder();
        int depth = 0;
        for (int i = start; i < sql.length() && depth >= 0; i++) {
            char c = sql.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                scope.append(c);
            }
        }
        return scope.toString();
    }
}
