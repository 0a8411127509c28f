package io.postrider.server.cli;

import io.postrider.net.sasl.Passwords;
import io.postrider.server.Problem;
import io.postrider.server.cli.AccountFile.Entry;
import io.postrider.store.Directory;
import io.postrider.store.Refusal;
import io.vertx.core.Future;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes many accounts: passwords are hashed on all cores at once, and a few hundred accounts go to the database together. */
final class AccountImport {
    /** Accounts of one transaction. */
    private static final int BATCH = 200;

    /** @param existing left as they were */
    record Result(int created, int existing) {
        @Override
        public String toString() {
            return created + (created == 1 ? " account" : " accounts") + " imported"
                    + (existing == 0 ? "" : ", " + existing + " there already and left as they were");
        }
    }

    private final OpenStore open;
    private final Directory directory;
    private final Passwords passwords;
    private final PrintWriter out;

    AccountImport(OpenStore open, Passwords passwords, PrintWriter out) {
        this.open = open;
        this.directory = open.store().directory();
        this.passwords = passwords;
        this.out = out;
    }

    Result run(AccountFile file) {
        checkDomains(file);
        int created = 0;
        int existing = 0;
        int total = file.entries().size();
        ProgressBar progress = new ProgressBar(out, total);
        for (int from = 0; from < total; from += BATCH) {
            List<Entry> batch = file.entries().subList(from, Math.min(total, from + BATCH));
            List<Entry> missing = missing(batch);
            create(missing);
            created += missing.size();
            existing += batch.size() - missing.size();
            progress.add(batch.size());
        }
        return new Result(created, existing);
    }

    /** Before anything is made: a domain that is not there is a mistake in the file, or in what was done before. */
    private void checkDomains(AccountFile file) {
        Set<String> known = open.ask(directory.domains()).stream()
                .map(Directory.Domain::name)
                .collect(Collectors.toCollection(HashSet::new));
        Set<String> unknown = new TreeSet<>();
        for (Entry entry : file.entries()) {
            String domain = domainOf(entry);
            if (!known.contains(domain)) {
                unknown.add(domain);
            }
        }
        if (!unknown.isEmpty()) {
            throw new Problem("no such domain: "
                    + unknown.stream().limit(10).collect(Collectors.joining(", "))
                    + (unknown.size() > 10 ? " and " + (unknown.size() - 10) + " more" : "")
                    + "; add it first (postrider domain add). Nothing was imported");
        }
    }

    static String domainOf(Entry entry) {
        return entry.address().substring(entry.address().indexOf('@') + 1);
    }

    private List<Entry> missing(List<Entry> batch) {
        List<Future<Boolean>> asked =
                batch.stream().map(entry -> isMissing(entry.address())).toList();
        open.ask(Future.all(asked));
        List<Entry> missing = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            if (asked.get(i).result()) {
                missing.add(batch.get(i));
            }
        }
        return missing;
    }

    /** A deleted account is there as long as it is not removed. */
    private Future<Boolean> isMissing(String address) {
        return open.store()
                .administration()
                .accounts()
                .get(Administering.administrator(), address)
                .map(false)
                .recover(failure -> failure instanceof Refusal refusal && refusal.kind() == Refusal.Kind.NONEXISTENT
                        ? Future.succeededFuture(true)
                        : Future.failedFuture(failure));
    }

    private void create(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        List<Future<String>> verifiers = entries.stream()
                .map(entry -> entry.secret().verifier(passwords))
                .toList();
        open.ask(Future.all(verifiers));
        List<Directory.NewAccount> accounts = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            accounts.add(new Directory.NewAccount(
                    entries.get(i).address(), verifiers.get(i).result(), 0));
        }
        open.ask(open.store().administration().accounts().create(Administering.administrator(), accounts));
    }
}
