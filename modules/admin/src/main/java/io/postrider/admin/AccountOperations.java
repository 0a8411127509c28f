package io.postrider.admin;

import io.postrider.net.sasl.AppPasswords;
import io.postrider.net.sasl.ForeignHash;
import io.postrider.net.sasl.Passwords;
import io.postrider.store.Credentials;
import io.postrider.store.Credentials.AppPassword;
import io.postrider.store.Mailbox;
import io.postrider.store.Mailboxes.Usage;
import io.postrider.store.Refusal.Kind;
import io.postrider.store.Store;
import io.postrider.store.administration.AccountRecord;
import io.postrider.store.administration.AddressRecord;
import io.postrider.store.administration.Administration;
import io.postrider.store.administration.Administration.Accounts.Change;
import io.postrider.store.administration.Administration.Accounts.Filter;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.Limit;
import io.postrider.store.administration.Rules;
import io.postrider.store.administration.State;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Accounts, their passwords and their addresses. */
public final class AccountOperations {
    /** Octets; as much as a login takes with ease. */
    public static final int MAX_PASSWORD = 1024;

    private final Administration.Accounts accounts;
    private final Credentials credentials;
    private final Passwords passwords;

    public AccountOperations(Store store, Passwords passwords) {
        this.accounts = store.administration().accounts();
        this.credentials = store.credentials();
        this.passwords = passwords;
    }

    public Future<Answer> list(Administrator by, Query query) {
        Filter filter = new Filter(
                query.text("tenant"),
                query.text("domain").map(text -> Names.domain("domain", text)),
                query.state(),
                query.text("prefix").orElse(""));
        String named = filter.domain().isPresent() ? "domain" : "tenant";
        return Refused.naming(named, accounts.list(by, filter, query.page()), Kind.NONEXISTENT)
                .map(page -> Answer.of(page, AccountRecord::toJson));
    }

    public Future<Answer> get(Administrator by, String address) {
        return accounts.get(by, address).map(AccountRecord::toJson).map(Answer::of);
    }

    public Future<Answer> put(Administrator by, String address, JsonObject body) {
        Input input = new Input(body);
        Rules.Change change = input.rules(Limit::isOfAccounts);
        Optional<String> password = input.optionalText("password");
        Optional<String> hash = input.optionalText("hash");
        Optional<Boolean> quotaAdministrator = input.optionalFlag("quotaAdministrator");
        input.end();
        String name = Names.address("address", address);
        return verifier(password, hash)
                .compose(verifier -> Refused.naming(
                        "address",
                        accounts.put(by, name, new Change(change, quotaAdministrator, verifier)),
                        Kind.NONEXISTENT,
                        Kind.ALREADY_EXISTS))
                .map(put -> Answer.of(put, AccountRecord::toJson));
    }

    public Future<Answer> delete(Administrator by, String address) {
        return accounts.get(by, address)
                .compose(there -> accounts.put(by, there.address(), Change.to(State.DELETED)))
                .map(Answer.DONE);
    }

    public Future<Answer> usage(Administrator by, String address) {
        return accounts.usage(by, address).map(AccountOperations::json).map(Answer::of);
    }

    public Future<Answer> mailboxes(Administrator by, String address) {
        return accounts.mailboxes(by, address).map(all -> Answer.of(all, AccountOperations::json));
    }

    public Future<Answer> setPassword(Administrator by, String address, JsonObject body) {
        Input input = new Input(body);
        Optional<String> password = input.optionalText("password");
        Optional<String> hash = input.optionalText("hash");
        input.end();
        if (password.isEmpty() && hash.isEmpty()) {
            throw new InvalidInput("password", "must be given, or its hash");
        }
        // Whether it is there is asked first: hashing costs more.
        return accounts.get(by, address)
                .compose(account -> verifier(password, hash)
                        .compose(verifier -> accounts.setPassword(by, account.address(), verifier.orElseThrow())))
                .map(Answer.DONE);
    }

    /** What to keep of a password, or of a hash that comes from another server. */
    private Future<Optional<String>> verifier(Optional<String> password, Optional<String> hash) {
        if (hash.isPresent()) {
            if (password.isPresent()) {
                throw new InvalidInput("hash", "give either password or hash");
            }
            return fromHash(hash.get());
        }
        if (password.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        byte[] octets = password.get().getBytes(StandardCharsets.UTF_8);
        if (octets.length == 0 || octets.length > MAX_PASSWORD) {
            throw new InvalidInput("password", "must have from 1 to " + MAX_PASSWORD + " octets");
        }
        return passwords.hash(octets).map(Optional::of);
    }

    private Future<Optional<String>> fromHash(String text) {
        try {
            ForeignHash hash = ForeignHash.parse(text);
            return hash.password() == null
                    ? Future.succeededFuture(Optional.of(hash.verifier()))
                    : passwords.hash(hash.password()).map(Optional::of);
        } catch (IllegalArgumentException e) {
            throw new InvalidInput("hash", e.getMessage());
        }
    }

    public Future<Answer> appPasswords(Administrator by, String address) {
        return accounts.get(by, address)
                .compose(account -> credentials.appPasswords(account.address()))
                .map(all -> Answer.of(all, AccountOperations::json));
    }

    /** The answer holds the password itself, which nobody can find out again. */
    public Future<Answer> addAppPassword(Administrator by, String address, JsonObject body) {
        Input input = new Input(body);
        String label = Names.label("label", input.text("label"));
        Set<String> protocols = input.loginProtocols();
        Optional<Instant> expiresAt = input.future("expiresAt");
        input.end();
        String password = AppPasswords.generate();
        return Refused.naming(
                        "label",
                        accounts.addAppPassword(
                                by, address, label, AppPasswords.verifier(password), protocols, expiresAt),
                        Kind.ALREADY_EXISTS)
                .map(v -> Answer.created(new JsonObject().put("label", label).put("password", password)));
    }

    public Future<Answer> revokeAppPassword(Administrator by, String address, String label) {
        return accounts.revokeAppPassword(by, address, label).map(Answer.DONE);
    }

    public Future<Answer> addresses(Administrator by, Query query) {
        Optional<String> account = query.text("account");
        Optional<String> domain = query.text("domain");
        if (account.isPresent() == domain.isPresent()) {
            throw new InvalidInput("account", "give either account or domain");
        }
        return Refused.naming(
                        account.isPresent() ? "account" : "domain",
                        accounts.addresses(by, account, domain, query.page()),
                        Kind.NONEXISTENT)
                .map(page -> Answer.of(page, AddressRecord::toJson));
    }

    public Future<Answer> address(Administrator by, String address) {
        return accounts.address(by, address).map(AddressRecord::toJson).map(Answer::of);
    }

    public Future<Answer> putAddress(Administrator by, String address, JsonObject body) {
        Input input = new Input(body);
        String account = input.text("account");
        input.end();
        String name = Names.alias("address", address);
        // Whose it is to be is found first, so what is then not there is the address's domain.
        return Refused.naming("account", accounts.get(by, account), Kind.NONEXISTENT)
                .compose(owner -> Refused.naming(
                        "address", accounts.putAddress(by, name, owner.address()), Kind.NONEXISTENT, Kind.CANNOT))
                .map(put -> Answer.of(put, AddressRecord::toJson));
    }

    public Future<Answer> removeAddress(Administrator by, String address) {
        return accounts.removeAddress(by, address).map(Answer.DONE);
    }

    private static JsonObject json(Usage usage) {
        return new JsonObject()
                .put("octets", usage.octets())
                .put("messages", usage.messages())
                .put("mailboxes", usage.mailboxes())
                .put(
                        "limits",
                        new JsonObject()
                                .put("octets", usage.octetLimit())
                                .put("messages", usage.messageLimit())
                                .put("mailboxes", usage.mailboxLimit()));
    }

    private static JsonObject json(AppPassword password) {
        return new JsonObject()
                .put("label", password.label())
                .put(
                        "protocols",
                        password.protocols().isEmpty()
                                ? null
                                : new JsonArray(List.copyOf(new TreeSet<>(password.protocols()))))
                .put("createdAt", password.createdAt().toString())
                .put("expiresAt", password.expiresAt().map(Instant::toString).orElse(null))
                .put(
                        "lastUsedOn",
                        password.lastUsedOn().map(LocalDate::toString).orElse(null));
    }

    private static JsonObject json(Mailbox mailbox) {
        return new JsonObject()
                .put("name", mailbox.name())
                .put("messages", mailbox.messages())
                .put("unseen", mailbox.unseen())
                .put("octets", mailbox.octets())
                .put("uidValidity", mailbox.uidValidity())
                .put("uidNext", mailbox.uidNext())
                .put(
                        "specialUse",
                        mailbox.specialUse()
                                .map(Enum::name)
                                .map(String::toLowerCase)
                                .orElse(null));
    }
}
