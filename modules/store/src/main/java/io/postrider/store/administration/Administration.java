package io.postrider.store.administration;

import io.postrider.store.Directory.NewAccount;
import io.postrider.store.Mailbox;
import io.postrider.store.Mailboxes.Usage;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What administrators do. Each change stands in the audit, written in the same transaction, and is told to all nodes. What
 * is not there, or is another tenant's, is NONEXISTENT; what would break a rule changes nothing and says so in a Refusal.
 */
public interface Administration {
    Tenants tenants();

    Accounts accounts();

    Access access();

    Quotas quotas();

    Checks checks();

    /** Tenants and their domains. */
    interface Tenants {
        /** By name. */
        Future<Page<Tenant>> list(Administrator by, Optional<State> state, Page.From from);

        Future<Tenant> get(Administrator by, String name);

        /** Makes or changes one; CANNOT while it is removed. FORBIDDEN but for administrators of all. */
        Future<Put<Tenant>> put(Administrator by, String name, Rules.Change change);

        /** As it is at this moment. */
        Future<TenantCount> usage(Administrator by, String name);

        /** As what a tenant lets passwords be kept. */
        Future<PasswordKinds> passwordKinds(Administrator by, String name);

        /** What is forbidden is dropped wherever another is kept. CANNOT for neither. */
        Future<Void> allow(Administrator by, String name, PasswordKinds kinds);

        /** By name; of one tenant where it is named. */
        Future<Page<Domain>> domains(Administrator by, Optional<String> tenant, Page.From from);

        Future<Domain> domain(Administrator by, String name);

        /** ALREADY_EXISTS when it is another tenant's. FORBIDDEN but for administrators of all. */
        Future<Put<Domain>> putDomain(Administrator by, String name, String tenant);

        /** HAS_CHILDREN while there are accounts or addresses in it; FORBIDDEN but for administrators of all. */
        Future<Void> removeDomain(Administrator by, String name);
    }

    /** Argon2id, and SCRAM-SHA-256 for clients that prove rather than send a password. */
    record PasswordKinds(boolean argon2id, boolean scram) {
        public JsonObject toJson() {
            return new JsonObject().put("argon2id", argon2id).put("scram", scram);
        }
    }

    /** What a tenant has in all. */
    record TenantCount(long accounts, long octets, long messages, long mailboxes, long sessions) {
        public JsonObject toJson() {
            return new JsonObject()
                    .put("accounts", accounts)
                    .put("octets", octets)
                    .put("messages", messages)
                    .put("mailboxes", mailboxes)
                    .put("sessions", sessions);
        }
    }

    /** Accounts, their addresses and credentials. */
    interface Accounts {
        /** By address. */
        Future<Page<AccountRecord>> list(Administrator by, Filter filter, Page.From from);

        /** @param prefix what the address begins with; "" for any */
        record Filter(Optional<String> tenant, Optional<String> domain, Optional<State> state, String prefix) {
            public static final Filter NONE = new Filter(Optional.empty(), Optional.empty(), Optional.empty(), "");
        }

        Future<AccountRecord> get(Administrator by, String address);

        /**
         * Makes or changes one. LIMIT when the tenant has as many as it may, ALREADY_EXISTS when the address is another
         * account's, CANNOT while it is removed.
         */
        Future<Put<AccountRecord>> put(Administrator by, String address, Change change);

        /**
         * What is to be changed; what is empty stays, or is not there when the account is new.
         *
         * @param verifier of its password
         */
        record Change(Rules.Change rules, Optional<Boolean> quotaAdministrator, Optional<String> verifier) {
            public static Change to(State state) {
                return new Change(Rules.Change.to(state), Optional.empty(), Optional.empty());
            }
        }

        /** Makes all or none; as {@link #put}, but ALREADY_EXISTS for those that are there. */
        Future<Void> create(Administrator by, List<NewAccount> accounts);

        Future<Usage> usage(Administrator by, String address);

        Future<List<Mailbox>> mailboxes(Administrator by, String address);

        Future<Void> setPassword(Administrator by, String address, String verifier);

        /** As {@link io.postrider.store.Credentials#addAppPassword}. */
        Future<Void> addAppPassword(
                Administrator by,
                String address,
                String label,
                String verifier,
                Set<String> protocols,
                Optional<Instant> expiresAt);

        Future<Void> revokeAppPassword(Administrator by, String address, String label);

        /** By address: those of an account, or those in a domain. */
        Future<Page<AddressRecord>> addresses(
                Administrator by, Optional<String> account, Optional<String> domain, Page.From from);

        Future<AddressRecord> address(Administrator by, String address);

        /** Gives an alias or a catch-all to an account of the same tenant; CANNOT where it is an account's own. */
        Future<Put<AddressRecord>> putAddress(Administrator by, String address, String account);

        /** CANNOT where it is an account's own. */
        Future<Void> removeAddress(Administrator by, String address);
    }

    /** What an account that may set quotas does to those of its tenant's accounts, its own among them. RFC 9208 */
    interface Quotas {
        /**
         * What an account keeps. NONEXISTENT when there is none, when it is another tenant's, and when {@code by} may not ask.
         *
         * @param by the account that asks
         */
        Future<Usage> usage(long by, String address);

        /**
         * Gives an account these limits, and no other of octets, messages and mailboxes. FORBIDDEN when {@code by} may not,
         * NONEXISTENT as above, LIMIT for more than all of the tenant's accounts may have together.
         *
         * @param origin from where, for the audit
         * @param limits asked for, and perhaps refused, once it is known that {@code by} may set some
         * @return what the account keeps, with its limits as they are now
         */
        Future<Usage> set(long by, String origin, String address, Supplier<Map<Limit, Long>> limits);
    }

    /** Keys, sessions, and the audit. */
    interface Access {
        /** Whose key it is; empty when it is nobody's or has expired. */
        Future<Optional<Key>> keyOf(byte[] digest);

        Future<Page<Key>> keys(Administrator by, Page.From from);

        /**
         * FORBIDDEN where an administrator of one tenant wants more than that.
         *
         * @param tenant empty for the whole installation
         * @param digest SHA-256 of the key
         */
        Future<Key> addKey(
                Administrator by,
                Optional<String> tenant,
                String label,
                boolean readOnly,
                Optional<Instant> expiresAt,
                byte[] digest);

        /** It works no more, at once. */
        Future<Void> revokeKey(Administrator by, long keyId);

        /** Those that are open now. */
        Future<Page<SessionRecord>> sessions(
                Administrator by, Optional<String> tenant, Optional<String> account, Page.From from);

        /** Its node ends it. */
        Future<Void> endSession(Administrator by, String sessionId);

        /** How many there were of an account. */
        Future<Long> endSessions(Administrator by, String account);

        /** The latest first. */
        Future<Page<AuditRecord>> audit(
                Administrator by, Optional<String> tenant, Optional<String> target, Page.From from);
    }

    /**
     * Recounts what is kept of mail. Each mailbox is looked at in one moment, so that traffic makes no difference; what is mended
     * is counted again behind the mailbox's lock. Nothing is thrown away that a message might need.
     */
    interface Checks {
        /** Differences told of one account; there may be more. */
        int MOST = 10_000;

        /** What a tenant uses. */
        Future<List<Difference>> tenant(Administrator by, String name, boolean mend);

        /** An account's mailboxes and the octets of its messages. Nothing of one that is being removed. */
        Future<List<Difference>> account(Administrator by, String address, boolean mend);
    }
}
