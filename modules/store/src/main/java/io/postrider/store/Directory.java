package io.postrider.store;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Tenants, domains, accounts and their credentials. Addresses are compared without regard to case. */
public interface Directory {
    /** The account that logs in by this name; empty when there is no such account, or it is deleted. */
    Future<Optional<Login>> login(String name);

    /** What it proves itself with is for {@link Credentials#proofs} to say. */
    record Login(Account account) {}

    /**
     * Who gets mail for an address, in one round trip: the account itself, an alias's, the one before a subaddress's "+",
     * or the domain's catch-all; empty when nobody does. RFC 5233. Where nothing stands in the way it counts against the
     * deliveries a minute.
     *
     * @param octets of the message to come, as far as known
     */
    Future<Optional<Recipient>> recipient(String address, long octets);

    /**
     * @param address the one mail was sent to, lower case
     * @param detail the subaddress, "" for none: in {@code alice+lists@example.com} it is {@code lists}
     * @param obstacle why the account does not take the message now: SUSPENDED, MOVED, FORBIDDEN, TOO_BIG,
     *     OVER_QUOTA, TOO_FAST
     */
    record Recipient(Account account, String address, String detail, Optional<Refusal.Kind> obstacle) {}

    /** Whether mail for the domain is kept here. */
    Future<Boolean> isLocal(String domain);

    /** Adds a domain, and its tenant if that is new; ALREADY_EXISTS. */
    Future<Void> addDomain(String domain, String tenant);

    Future<List<Domain>> domains();

    record Domain(String name, String tenant, long accounts) {}

    /**
     * Makes accounts with INBOX and the usual mailboxes, all or none. Fails with NONEXISTENT (domain) or ALREADY_EXISTS; the
     * message names the address.
     */
    Future<List<Account>> createAccounts(List<NewAccount> accounts);

    /**
     * @param verifier of the password: one, or several with spaces between
     * @param octetLimit 0 for none
     */
    record NewAccount(String address, String verifier, long octetLimit) {}

    /** Replaces the account's password; NONEXISTENT. */
    Future<Void> setPassword(String address, String verifier);

    /**
     * Accounts by address, a page at a time.
     *
     * @param domain only this one's; "" for all
     * @param after the last address of the page before; "" for the first
     */
    Future<List<Account>> accounts(String domain, String after, int limit);
}
