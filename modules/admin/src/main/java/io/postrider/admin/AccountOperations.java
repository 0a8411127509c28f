package io.postrider.admin;

import io.postrider.net.sasl.Passwords;
import io.postrider.store.Mailbox;
import io.postrider.store.Mailboxes.Usage;
import io.postrider.store.Refusal.Kind;
import io.postrider.store.administration.AccountRecord;
import io.postrider.store.administration.AddressRecord;
import io.postrider.store.administration.Administration;
import io.postrider.store.administration.Administration.Accounts.Filter;
import io.postrider.store.administration.Administrator;
import io.postrider.store.administration.Limit;
import io.postrider.store.administration.Rules;
import io.postrider.store.administration.State;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Accounts, their passwords and their addresses. */
public final class AccountOperations {
    /** Octets; as much as a login takes with ease. */
    public static final int MAX_PASSWORD = 1024;

    private final Administration.Accounts accounts;
    private final Passwords passwords;

    public AccountOperations(Administration administration, Passwords passwords) {
        this.accounts = administration.accounts();
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
        input.end();
        String name = Names.address("address", address);
        return verifier(password)
                .compose(verifier -> Refused.naming(
                        "address", accounts.put(by, name, change, verifier), Kind.NONEXISTENT, Kind.ALREADY_EXISTS))
                .map(put -> Answer.of(put, AccountRecord::toJson));
    }

    public Future<Answer> delete(Administrator by, String address) {
        return accounts.get(by, address)
                .compose(there -> accounts.put(by, there.address(), Rules.Change.to(State.DELETED), Optional.empty()))
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
        Optional<String> password = Optional.of(input.text("password"));
        input.end();
        // Whether it is there is asked first: hashing costs more.
        return accounts.get(by, address)
                .compose(account -> verifier(password)
                        .compose(verifier -> accounts.setPassword(by, account.address(), verifier.orElseThrow())))
                .map(Answer.DONE);
    }

    private Future<Optional<String>> verifier(Optional<String> password) {
        if (password.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        byte[] octets = password.get().getBytes(StandardCharsets.UTF_8);
        if (octets.length == 0 || octets.length > MAX_PASSWORD) {
            throw new InvalidInput("password", "must have from 1 to " + MAX_PASSWORD + " octets");
        }
        return passwords.hash(octets).map(Optional::of);
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
