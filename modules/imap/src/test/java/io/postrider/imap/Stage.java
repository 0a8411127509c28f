package io.postrider.imap;

import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;
import io.postrider.store.Account;
import io.postrider.testkit.Conversation;
import io.postrider.testkit.TestClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a conversation finds when it begins. Most find an account of their own, called as they are, two clients logged in to it,
 * and as many numbered messages in INBOX as {@link #named} says; a new conversation needs a line there only if it wants more
 * than an empty INBOX.
 *
 * @param limits those of the node
 * @param listener how the node listens where it is not as the test says: null for that
 * @param loggedIn whether the clients are; else not even the greeting has been read
 * @param messages in INBOX
 * @param more what else there is; strangers have neither account nor client
 */
record Stage(
        String name,
        ImapLimits limits,
        ListenerOptions listener,
        boolean loggedIn,
        int messages,
        Consumer<Scene> more) {
    /** What {@link #more} may work with. */
    record Scene(ImapServer server, Account account, TestClient client, Conversation conversation) {
        void append(String mailbox, String arguments, String message) {
            TestMail.append(client, mailbox, arguments, message);
        }
    }

    /** All files beside this, so that none is forgotten. */
    static List<String> names() {
        Path directory;
        try {
            directory =
                    Path.of(Stage.class.getResource("any-state.imap").toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".imap"))
                    .map(name -> name.substring(0, name.length() - ".imap".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stage named(String name) {
        Stage stage = new Stage(name, ImapLimits.DEFAULT, null, true, 0, scene -> {});
        return switch (name) {
            case "any-state", "id", "login", "authenticate", "authenticate-initial", "scram" -> stage.stranger();
            case "login-referral" -> stage.stranger().and(Stage::accountsElsewhere);
            case "quotaset" -> stage.stranger().and(Stage::quotaAdministrator);
            case "starttls" ->
                stage.stranger()
                        .on(ListenerOptions.loopback("imap", Tls.STARTTLS).withPlainTextPasswords(false));
            case "utf8-accept", "within" -> stage.with(2);
            case "select",
                    "store",
                    "condstore",
                    "imap4rev2",
                    "objectid",
                    "replace",
                    "notify",
                    "list-status",
                    "savedate" -> stage.with(3);
            case "uidonly", "expunge", "copy-move", "search", "uidplus", "context", "two-sessions", "idle" ->
                stage.with(5);
            case "searchres", "partial", "esearch" -> stage.with(7);
            case "qresync", "partial-fetch" -> stage.with(10);
            case "fetch" -> stage.and(Stage::multipart);
            case "binary" -> stage.and(Stage::encodings);
            case "catenate" -> stage.and(Stage::draft);
            case "unauthenticate" -> stage.and(Stage::otherAccount);
            case "quota" -> stage.and(Stage::smallAccount);
            case "appendlimit-own" -> stage.and(Stage::ownAppendLimit);
            case "literal-minus" ->
                stage.within(ImapLimits.DEFAULT.withLiteralMinus(true)).and(Stage::octets);
            case "appendlimit" ->
                stage.within(ImapLimits.DEFAULT.withMaxMessage(1000)).and(Stage::octets);
            case "messagelimit" ->
                stage.within(ImapLimits.DEFAULT.withMessageLimit(new MessageLimit(3, false)))
                        .with(7);
            case "savelimit" ->
                stage.within(ImapLimits.DEFAULT.withMessageLimit(new MessageLimit(3, true)))
                        .with(5);
            case "dot-names" -> stage.within(ImapLimits.DEFAULT.withDotNames(true));
            case "rev1" -> stage.within(ImapLimits.DEFAULT.withRev2(false));
            default -> stage;
        };
    }

    private static void multipart(Scene scene) {
        String message = TestMail.MULTIPART;
        int header = message.indexOf("\r\n\r\n") + 4;
        scene.append("INBOX", "(\\Flagged) " + TestMail.DATE + " ", message);
        scene.conversation()
                .with("size", message.length())
                .with("headerSize", header)
                .with("textSize", message.length() - header);
    }

    private static void encodings(Scene scene) {
        scene.append("INBOX", "", TestMail.ENCODINGS);
        scene.append("INBOX", "", TestMail.numbered(2));
        scene.conversation().with("size", TestMail.ENCODINGS.length());
    }

    private static void draft(Scene scene) {
        scene.append("Drafts", "", TestMail.DRAFT);
        scene.append("Drafts", "", TestMail.numbered(2));
    }

    private static void otherAccount(Scene scene) {
        scene.server().createAccount("other@example.com");
        try (TestClient other = scene.server().login("other@example.com")) {
            TestMail.append(other, "INBOX", "", TestMail.numbered(1));
        }
    }

    private static void accountsElsewhere(Scene scene) {
        ImapServer.await(scene.server().store().directory().addDomain("moved.example", "moved"));
        for (String address : List.of("mike@moved.example", "o'neill;auth=x@moved.example", "matthew@example.com")) {
            scene.server().createAccount(address);
        }
        scene.server().database().execute("update tenant set referral = 'server2.example' where name = 'moved'");
        scene.server()
                .database()
                .execute("update account set referral = 'server3.example:1143' where address like 'matthew@%'");
    }

    private static void quotaAdministrator(Scene scene) {
        ImapServer.await(scene.server().store().directory().addDomain("quotas.example", "quotas"));
        for (String name : List.of("chief", "bob", "gone")) {
            scene.server().createAccount(name + "@quotas.example");
        }
        scene.server().createAccount("foreign@example.com");
        for (String change : List.of(
                "tenant set octet_limit = 1048576, message_limit = 2000, mailbox_limit = 50 where name = 'quotas'",
                "account set quota_administrator = true where address = 'chief@quotas.example'",
                "account set octet_limit = 113664, message_limit = 1000 where address = 'bob@quotas.example'",
                "account set state = 'deleted' where address = 'gone@quotas.example'")) {
            scene.server().database().execute("update " + change);
        }
    }

    private static void smallAccount(Scene scene) {
        scene.server()
                .database()
                .execute(
                        "update account set octet_limit = 10240, message_limit = 3, mailbox_limit = 9 where account_id = "
                                + scene.account().accountId());
        octets(scene);
    }

    /** Lower than the server's. */
    private static void ownAppendLimit(Scene scene) {
        scene.server()
                .database()
                .execute("update account set message_size_limit = 500 where account_id = "
                        + scene.account().accountId());
        scene.conversation().with("500", "x".repeat(500));
    }

    private static void octets(Scene scene) {
        for (int size : new int[] {100, 1000, 2000, 4096, 4097, 8000, 8100}) {
            scene.conversation().with(String.valueOf(size), "x".repeat(size));
        }
    }

    private Stage stranger() {
        return new Stage(name, limits, listener, false, messages, more);
    }

    private Stage with(int messages) {
        return new Stage(name, limits, listener, loggedIn, messages, more);
    }

    private Stage and(Consumer<Scene> more) {
        return new Stage(name, limits, listener, loggedIn, messages, more);
    }

    private Stage within(ImapLimits limits) {
        return new Stage(name, limits, listener, loggedIn, messages, more);
    }

    private Stage on(ListenerOptions listener) {
        return new Stage(name, limits, listener, loggedIn, messages, more);
    }
}
