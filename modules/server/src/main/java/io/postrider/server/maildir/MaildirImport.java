package io.postrider.server.maildir;

import io.postrider.store.Account;
import io.postrider.store.FetchedMessage;
import io.postrider.store.FetchedMessage.Field;
import io.postrider.store.IncomingMessage;
import io.postrider.store.Mailbox;
import io.postrider.store.MailboxKey;
import io.postrider.store.Mailboxes.ContinuedUids;
import io.postrider.store.Messages;
import io.postrider.store.NewContent;
import io.postrider.store.NewMessage;
import io.postrider.store.Refusal;
import io.postrider.store.Store;
import io.postrider.store.UidSet;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * Brings an account's Maildir in: octets (line ends become CRLF), flags, keywords, dates, subscriptions, and UIDs with their
 * UIDVALIDITY where Dovecot's {@code dovecot-uidlist} has them.
 *
 * <p>It may be repeated, and goes on where it was broken off. A message with a UID is there already, or was, when an earlier
 * import has come beyond it. One without is there already when a message of the same size, date and beginning is; of several
 * alike, as many as there are.
 *
 * <p>Easy to get wrong: a message that is refused must not be passed over, since the import would then be beyond it. So the
 * first that is refused ends the account's import.
 *
 * <p>Its methods wait for the store: not on an event loop.
 */
public final class MaildirImport {
    /** Messages that share a commit. */
    private static final int BATCH_MESSAGES = 64;
    /** Octets that share a commit, and that are in memory meanwhile, unless one message has more. */
    private static final long BATCH_OCTETS = 1 << 20;

    private static final int BUFFER = 64 * 1024;

    private final Store store;
    private final Function<Future<?>, Object> waiting;
    private final IntConsumer progress;

    /**
     * @param waiting waits for a step
     * @param progress is told how many messages were looked at since the last time
     */
    public MaildirImport(Store store, Function<Future<?>, Object> waiting, IntConsumer progress) {
        this.store = store;
        this.waiting = waiting;
        this.progress = progress;
    }

    /**
     * @param imported messages that are new
     * @param existing messages that were there already, or had been and were deleted since
     * @param keptUids mailboxes whose UIDs are what they were
     * @param otherUids names of mailboxes that had UIDs, and have others now
     */
    public record Result(int imported, int existing, int keptUids, List<String> otherUids) {}

    /** Messages in the files of a Maildir, for progress. */
    public static int count(Path root) throws IOException {
        int count = 0;
        for (Path mailbox : new Maildir(root).mailboxes().values()) {
            count += Maildir.messages(mailbox, Optional.empty()).size();
        }
        return count;
    }

    /**
     * Brings all of it in.
     *
     * @throws Refusal as the store's, naming the file
     * @throws IOException where files cannot be read
     */
    public Result run(Account account, Path root) throws IOException {
        Maildir maildir = new Maildir(root);
        Result sum = new Result(0, 0, 0, List.of());
        for (Map.Entry<String, Path> each : maildir.mailboxes().entrySet()) {
            sum = plus(sum, mailbox(account, each.getKey(), each.getValue()));
        }
        for (String name : maildir.subscriptions()) {
            await(store.mailboxes().subscribe(account.accountId(), name));
        }
        return sum;
    }

    private static Result plus(Result one, Result two) {
        List<String> others = new ArrayList<>(one.otherUids);
        others.addAll(two.otherUids);
        return new Result(
                one.imported + two.imported, one.existing + two.existing, one.keptUids + two.keptUids, others);
    }

    private Result mailbox(Account account, String name, Path path) throws IOException {
        Mailbox mailbox = findOrCreate(account.accountId(), name);
        Optional<UidList> uidList = UidList.read(path);
        List<MaildirFile> files = Maildir.messages(path, uidList);
        Optional<ContinuedUids> kept = uidList.isEmpty()
                ? Optional.empty()
                : await(store.mailboxes()
                        .continueUids(mailbox.key(), uidList.get().uidValidity(), 0));
        long importedUidNext = kept.map(ContinuedUids::importedUidNext).orElse(0L);
        long uidNext = kept.map(ContinuedUids::uidNext).orElse(Long.MAX_VALUE);
        List<MaildirFile> withUids = new ArrayList<>();
        List<MaildirFile> without = new ArrayList<>();
        Map<String, Integer> there = null;
        int existing = 0;
        for (MaildirFile file : files) {
            if (file.uid() >= uidNext) {
                withUids.add(file);
                continue;
            }
            boolean known = file.uid() > 0 && file.uid() < importedUidNext;
            if (!known) {
                there = there == null ? alreadyThere(mailbox, importedUidNext) : there;
                known = takeOne(there, file);
            }
            if (known) {
                existing++;
                progress.accept(1);
            } else {
                without.add(file);
            }
        }
        boolean moved = false;
        if (kept.isPresent()) {
            long uidValidity = uidList.get().uidValidity();
            moved = append(account, mailbox.key(), withUids, uidValidity);
            await(store.mailboxes()
                    .continueUids(mailbox.key(), uidValidity, uidList.get().uidNext()));
        }
        append(account, mailbox.key(), without, 0);
        boolean other = uidList.isPresent() && !files.isEmpty() && (kept.isEmpty() || moved);
        return new Result(
                withUids.size() + without.size(),
                existing,
                kept.isPresent() && !other ? 1 : 0,
                other ? List.of(account.address() + " " + name) : List.of());
    }

    private Mailbox findOrCreate(long accountId, String name) {
        Optional<Mailbox> found = await(store.mailboxes().find(accountId, name));
        return found.filter(Mailbox::selectable)
                .orElseGet(() -> await(store.mailboxes().create(accountId, name, Optional.empty())));
    }

    /** How many messages of each kind the mailbox has, besides those that are known by their UIDs. */
    private Map<String, Integer> alreadyThere(Mailbox mailbox, long importedUidNext) {
        Map<String, Integer> there = new HashMap<>();
        UidSet left = UidSet.ALL.above(Math.max(0, importedUidNext - 1));
        while (mailbox.messages() > 0) {
            List<FetchedMessage> some = await(
                    store.messages().fetch(mailbox.key(), left, Set.of(Field.FIRST_OCTETS), Messages.MAX_FETCH_ROWS));
            if (some.isEmpty()) {
                break;
            }
            some.forEach(each -> there.merge(Fingerprint.of(each), 1, Integer::sum));
            left = left.above(some.get(some.size() - 1).message().uid());
        }
        return there;
    }

    private static boolean takeOne(Map<String, Integer> there, MaildirFile file) throws IOException {
        if (there.isEmpty()) {
            return false;
        }
        String kind = Fingerprint.of(file);
        boolean found = there.containsKey(kind);
        there.computeIfPresent(kind, (k, count) -> count == 1 ? null : count - 1);
        return found;
    }

    /**
     * Appends them in order, each run of UIDs without a gap by itself.
     *
     * @param uidValidity 0 when their UIDs cannot be kept
     * @return whether some message got another UID than it had
     */
    private boolean append(Account account, MailboxKey mailbox, List<MaildirFile> files, long uidValidity)
            throws IOException {
        boolean moved = false;
        List<NewMessage> batch = new ArrayList<>();
        long octets = 0;
        long first = 0;
        MaildirFile last = null;
        for (MaildirFile file : files) {
            Optional<NewContent> content = read(account, file);
            if (content.isEmpty()) {
                progress.accept(1);
                continue;
            }
            boolean gap = uidValidity > 0 && last != null && file.uid() != last.uid() + 1;
            if (!batch.isEmpty() && (gap || batch.size() >= BATCH_MESSAGES || octets >= BATCH_OCTETS)) {
                moved |= commit(mailbox, batch, first, uidValidity, last);
                batch = new ArrayList<>();
                octets = 0;
            }
            first = batch.isEmpty() ? file.uid() : first;
            batch.add(new NewMessage(content.get(), file.flags(), file.date()));
            octets += content.get().size();
            last = file;
        }
        return batch.isEmpty() ? moved : moved | commit(mailbox, batch, first, uidValidity, last);
    }

    private boolean commit(MailboxKey mailbox, List<NewMessage> batch, long first, long uidValidity, MaildirFile last) {
        try {
            if (uidValidity > 0) {
                await(store.mailboxes().continueUids(mailbox, uidValidity, first));
            }
            long uid = await(store.messages().append(mailbox, batch)).uids().min();
            progress.accept(batch.size());
            return uidValidity > 0 && uid != first;
        } catch (Refusal refusal) {
            throw new Refusal(
                    refusal.kind(),
                    refusal.getMessage() + ": " + last.path()
                            + (batch.size() == 1 ? "" : " or one of the " + (batch.size() - 1) + " before it")
                            + "; what came before is imported, and a repeated import goes on from there");
        }
    }

    /** Empty when the file is gone: the old server, or its user, has removed it meanwhile. */
    private Optional<NewContent> read(Account account, MaildirFile file) throws IOException {
        IncomingMessage message = store.contents().receive(List.of(account.accountId()));
        try (InputStream octets = Files.newInputStream(file.path())) {
            CrlfStream lines = new CrlfStream(octets, BUFFER);
            for (Buffer some = lines.next(); some != null; some = lines.next()) {
                await(message.write(some));
            }
            return Optional.of(await(message.end()));
        } catch (NoSuchFileException e) {
            message.discard();
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            message.discard();
            throw e;
        }
    }

    @SuppressWarnings("unchecked")
    private <T> T await(Future<T> step) {
        return (T) waiting.apply(step);
    }
}
