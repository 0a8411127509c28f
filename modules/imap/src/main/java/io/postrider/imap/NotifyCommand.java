package io.postrider.imap;

import io.postrider.imap.EventGroup.Event;
import io.postrider.imap.EventGroup.Filter;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * NOTIFY: what the client wants to be told without asking. RFC 5465 §3.1
 *
 * @param groups none for NOTIFY NONE
 * @param status whether to begin with a STATUS of each mailbox
 * @param unsupported whether an event was named that we cannot tell of
 */
record NotifyCommand(List<EventGroup> groups, boolean status, boolean unsupported) implements Command {
    /** Groups, and names in one of them. */
    static final int MAX_GROUPS = 100;

    static final int MAX_NAMES = 1000;

    static Command parse(CommandReader reader) {
        reader.space();
        if (reader.takeWord("NONE")) {
            return new NotifyCommand(List.of(), false, false);
        }
        if (!reader.takeWord("SET")) {
            throw reader.bad("SET or NONE");
        }
        reader.space();
        boolean status = reader.takeWord("STATUS");
        if (status) {
            reader.space();
        }
        GroupReader groups = new GroupReader(reader);
        do {
            groups.read();
        } while (reader.take(' ') && !reader.atEnd());
        return new NotifyCommand(List.copyOf(groups.groups), status, groups.unsupported);
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        if (unsupported) {
            String all = Stream.of(Event.values()).map(Event::word).collect(Collectors.joining(" "));
            throw new No("BADEVENT (" + all + ")", "Events are told of, but not these");
        }
        return session.news().want(groups, status).map(Completion.of("NOTIFY completed"));
    }

    /** Reads event groups. */
    private static final class GroupReader {
        private final CommandReader reader;
        private final List<EventGroup> groups = new ArrayList<>();
        private boolean unsupported;
        private List<FetchItem> items;

        GroupReader(CommandReader reader) {
            this.reader = reader;
        }

        void read() {
            if (groups.size() == MAX_GROUPS) {
                throw reader.bad("at most " + MAX_GROUPS + " event groups");
            }
            reader.expect('(');
            Filter filter = Filter.read(reader);
            if (filter.isSelected()
                    && groups.stream().anyMatch(group -> group.filter().isSelected())) {
                throw reader.bad("the selected mailbox only once before");
            }
            List<String> names = List.of();
            if (filter.takesNames()) {
                reader.space();
                names = names();
            }
            reader.space();
            items = List.of();
            Set<Event> events = EnumSet.noneOf(Event.class);
            if (!reader.takeWord("NONE")) {
                events = events();
                mustFit(filter, events);
            }
            reader.expect(')');
            groups.add(new EventGroup(filter, names, events, items));
        }

        private List<String> names() {
            List<String> names = new ArrayList<>();
            if (!reader.take('(')) {
                return List.of(reader.mailbox());
            }
            do {
                if (names.size() == MAX_NAMES) {
                    throw reader.bad("at most " + MAX_NAMES + " mailboxes");
                }
                names.add(reader.mailbox());
            } while (reader.take(' '));
            reader.expect(')');
            return names;
        }

        /** In parentheses, as the grammar wants it (RFC 5465 §8), or without, as its examples have it. */
        private Set<Event> events() {
            boolean listed = reader.take('(');
            Set<Event> events = EnumSet.noneOf(Event.class);
            do {
                event(events);
            } while (reader.take(' '));
            if (listed) {
                reader.expect(')');
            }
            return events;
        }

        private void event(Set<Event> events) {
            String word = reader.atom();
            for (Event event : Event.values()) {
                if (event.word().equalsIgnoreCase(word)) {
                    events.add(event);
                    if (event == Event.MESSAGE_NEW && reader.peek() == ' ' && reader.peekBehind() == '(') {
                        reader.space();
                        items = FetchCommand.readItems(reader);
                    }
                    return;
                }
            }
            unsupported = true;
        }

        /** RFC 5465 §5, §6.1, §8 */
        private void mustFit(Filter filter, Set<Event> events) {
            boolean messages = events.contains(Event.MESSAGE_NEW);
            if (!unsupported && messages != events.contains(Event.MESSAGE_EXPUNGE)) {
                throw reader.bad("MessageNew and MessageExpunge together before");
            }
            if (!unsupported && !messages && events.contains(Event.FLAG_CHANGE)) {
                throw reader.bad("FlagChange together with MessageNew and MessageExpunge before");
            }
            if (filter.isSelected() && !events.stream().allMatch(Event::isOfMessages)) {
                throw reader.bad("events of messages before");
            }
            if (!filter.isSelected() && !items.isEmpty()) {
                throw reader.bad("nothing to fetch of mailboxes that are not selected before");
            }
        }
    }
}
