package io.postrider.store.postgres;

import io.postrider.message.ParsedMessage;
import io.postrider.message.SortKeys;
import io.postrider.store.Flags;
import io.postrider.store.Messages;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Turns the messages of a batch into the arguments of {@link AppendQueries#APPEND}, an array a column. */
final class AppendArguments {
    /** Dates that PostgreSQL and java.time both know and that no message means. */
    private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();

    private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

    private final List<Arriving> messages;
    private final List<Object> arguments = new ArrayList<>();

    private AppendArguments(List<Arriving> messages) {
        this.messages = messages;
    }

    /** @param writes messages of each write, in order */
    static Tuple append(MailboxTarget target, List<List<Arriving>> writes) {
        List<Arriving> all = writes.stream().flatMap(List::stream).toList();
        AppendArguments of = new AppendArguments(all);
        of.addTarget(target);
        of.addCounts(writes.size());
        of.addMessageRows(writes);
        of.addContentRows();
        of.addTextAndChunks();
        return Tuple.wrap(of.arguments);
    }

    static Tuple whyNot(MailboxTarget target, List<Arriving> messages) {
        AppendArguments of = new AppendArguments(messages);
        of.addTarget(target);
        of.arguments.add(of.octets());
        of.arguments.add(Messages.MAX_KEYWORDS);
        of.arguments.add(of.keywords());
        of.arguments.add(of.contentsInChunks());
        of.arguments.add(
                messages.stream().map(Arriving::copyOf).filter(id -> id != 0).toArray(Long[]::new));
        of.arguments.add((long) messages.size());
        of.column(Long[]::new, Arriving::size);
        return Tuple.wrap(of.arguments);
    }

    private void addTarget(MailboxTarget target) {
        arguments.add(target.accountId());
        arguments.add(target.mailboxId());
        arguments.add(target.name());
    }

    private void addCounts(int writes) {
        arguments.add((long) messages.size());
        arguments.add((long) writes);
        arguments.add(messages.stream().filter(m -> !m.flags().has(Flags.SEEN)).count());
        arguments.add(
                messages.stream().filter(m -> m.flags().has(Flags.DELETED)).count());
        arguments.add(octets());
        arguments.add(Messages.MAX_KEYWORDS);
        arguments.add(keywords());
        arguments.add(contentsInChunks());
    }

    private void addMessageRows(List<List<Arriving>> writes) {
        column(Long[]::new, Arriving::contentId);
        arguments.add(IntStream.range(0, writes.size())
                .flatMap(i -> writes.get(i).stream().mapToInt(m -> i + 1))
                .boxed()
                .toArray(Integer[]::new));
        column(Long[]::new, Arriving::size);
        column(Short[]::new, m -> (short) m.flags().bits());
        column(
                String[]::new,
                m -> m.flags().keywords().isEmpty()
                        ? null
                        : String.join(" ", m.flags().keywords()));
        column(
                OffsetDateTime[]::new,
                m -> m.internalDate() == null ? null : m.internalDate().atOffset(ZoneOffset.UTC));
    }

    private void addContentRows() {
        column(Buffer[]::new, Arriving::header);
        parsed(Buffer[]::new, p -> Buffer.buffer(p.envelope()));
        parsed(Buffer[]::new, p -> Buffer.buffer(p.bodyStructure()));
        parsed(Buffer[]::new, p -> Buffer.buffer(p.body()));
        column(Buffer[]::new, m -> Buffer.buffer(m.structure().toBytes()));
        text(SortKeys::baseSubject);
        parsed(Boolean[]::new, p -> p.sortKeys().subjectIsReply());
        text(SortKeys::from);
        text(SortKeys::to);
        text(SortKeys::cc);
        text(SortKeys::fromDisplay);
        text(SortKeys::toDisplay);
        parsed(Long[]::new, p -> sentAt(p.sortKeys()));
        parsed(LocalDate[]::new, p -> sentOn(p.sortKeys()));
        parsed(String[]::new, Threads::messageId);
        parsed(String[]::new, Threads::references);
        Threads threads = new Threads();
        List<Threads.Place> places = messages.stream().map(threads::add).toList();
        arguments.add(places.stream().map(Threads.Place::relatives).toArray(String[]::new));
        arguments.add(places.stream().map(Threads.Place::threadId).toArray(Long[]::new));
        parsed(String[]::new, p -> StoredText.of(p.preview()));
    }

    private void addTextAndChunks() {
        column(String[]::new, m -> StoredText.of(m.searchHeader()));
        parsed(String[]::new, p -> StoredText.of(p.searchText()));
        column(Buffer[]::new, Arriving::chunkToWrite);
        column(Long[]::new, Arriving::copyOf);
    }

    private long octets() {
        return messages.stream().mapToLong(Arriving::size).sum();
    }

    private String[] keywords() {
        return Keywords.checked(
                messages.stream().flatMap(m -> m.flags().keywords().stream()).toList());
    }

    private Long[] contentsInChunks() {
        return messages.stream()
                .filter(Arriving::ownsChunks)
                .map(Arriving::contentId)
                .toArray(Long[]::new);
    }

    private <T> void column(IntFunction<T[]> array, Function<Arriving, T> value) {
        arguments.add(messages.stream().map(value).toArray(array));
    }

    private <T> void parsed(IntFunction<T[]> array, Function<ParsedMessage, T> value) {
        column(array, m -> value.apply(m.content().parsed()));
    }

    private void text(Function<SortKeys, String> key) {
        parsed(String[]::new, p -> StoredText.of(key.apply(p.sortKeys())));
    }

    private static Long sentAt(SortKeys keys) {
        return keys.sentSeconds() == SortKeys.NO_DATE ? null : keys.sentSeconds();
    }

    private static LocalDate sentOn(SortKeys keys) {
        long day = keys.sentDate();
        return day < FIRST_DAY || day > LAST_DAY ? null : LocalDate.ofEpochDay(day);
    }
}
