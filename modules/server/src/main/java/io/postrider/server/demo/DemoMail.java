package io.postrider.server.demo;

import io.postrider.net.sasl.Passwords;
import io.postrider.store.Account;
import io.postrider.store.Directory;
import io.postrider.store.IncomingMessage;
import io.postrider.store.Mailboxes;
import io.postrider.store.Refusal;
import io.postrider.store.Store;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** The domain, the two accounts and the messages of the quick start. */
public final class DemoMail {
    public static final String DOMAIN = "example.com";
    public static final String ALICE = "alice@example.com";
    public static final String ALICE_PASSWORD = "wonderland";
    public static final String BOB = "bob@example.com";
    public static final String BOB_PASSWORD = "builder";

    private static final List<String> TO_ALICE =
            List.of("welcome.eml", "menu.eml", "pictures.eml", "meeting-1.eml", "meeting-3.eml");
    private static final List<String> TO_BOB = List.of("welcome.eml", "meeting-2.eml");

    private final Store store;
    private final Passwords passwords;

    public DemoMail(Store store, Passwords passwords) {
        this.store = store;
        this.passwords = passwords;
    }

    /** Makes them all unless the accounts are there already: then whatever became of them stays so. */
    public Future<Void> createOnce() {
        return store.directory()
                .login(ALICE)
                .compose(login -> login.isPresent() ? Future.succeededFuture() : create())
                // Deleted, and not removed yet.
                .recover(failure -> failure instanceof Refusal refusal && refusal.kind() == Refusal.Kind.ALREADY_EXISTS
                        ? Future.succeededFuture()
                        : Future.failedFuture(failure));
    }

    private Future<Void> create() {
        Future<String> alice = passwords.hash(ALICE_PASSWORD.getBytes(StandardCharsets.UTF_8));
        Future<String> bob = passwords.hash(BOB_PASSWORD.getBytes(StandardCharsets.UTF_8));
        return Future.all(alice, bob)
                .compose(v -> store.directory().isLocal(DOMAIN))
                .compose(there ->
                        there ? Future.succeededFuture() : store.directory().addDomain(DOMAIN, DOMAIN))
                .compose(v -> store.directory()
                        .createAccounts(List.of(
                                new Directory.NewAccount(ALICE, alice.result(), 0),
                                new Directory.NewAccount(BOB, bob.result(), 0))))
                .compose(accounts -> deliver(accounts.get(0), TO_ALICE).compose(v -> deliver(accounts.get(1), TO_BOB)));
    }

    private Future<Void> deliver(Account account, List<String> names) {
        Future<Void> delivered = Future.succeededFuture();
        for (String name : names) {
            delivered = delivered.compose(v -> deliver(account, name));
        }
        return delivered;
    }

    private Future<Void> deliver(Account account, String name) {
        IncomingMessage message = store.contents().receive(List.of(account.accountId()));
        Buffer trace =
                Buffer.buffer("Return-Path: <postmaster@example.com>\r\nDelivered-To: " + account.address() + "\r\n");
        return message.write(Buffer.buffer(octets(name, account.address())))
                .compose(v -> message.end())
                .compose(content -> store.messages().deliver(account.accountId(), Mailboxes.INBOX, content, trace))
                .mapEmpty();
    }

    /** With CRLF, which git and editors do not keep. */
    private static String octets(String name, String address) {
        try (InputStream in = DemoMail.class.getResourceAsStream("/io/postrider/server/demo/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> line.replace("${address}", address))
                    .collect(Collectors.joining("\r\n", "", "\r\n"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
