package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postrider.imap.EventGroup.Event;
import io.postrider.imap.EventGroup.Filter;
import io.postrider.store.SortKey;
import io.postrider.store.SortKey.Criterion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** SORT, THREAD and NOTIFY as clients write them, and as nobody should. */
class FindingGrammarTest {
    @Test
    void everySortCriterionEitherWay() {
        for (Criterion criterion : Criterion.values()) {
            String word = criterion.name().toLowerCase(java.util.Locale.ROOT);
            assertEquals(
                    List.of(new SortKey(criterion, false)),
                    sort("(" + word + ") utf-8 ALL").order());
            assertEquals(
                    List.of(new SortKey(criterion, true), new SortKey(Criterion.DATE, false)),
                    sort("(REVERSE " + word + " DATE) UTF-8 ALL").order());
        }
        sort("(" + "DATE ".repeat(SortCommand.MAX_CRITERIA).strip() + ") UTF-8 ALL");
        assertThrows(
                BadSyntax.class,
                () -> sort("(" + "DATE ".repeat(SortCommand.MAX_CRITERIA + 1).strip() + ") UTF-8 ALL"));
    }

    @Test
    void eventGroups() {
        NotifyCommand command = notify("SET STATUS (selected (MessageNew (UID FLAGS) MessageExpunge FlagChange))"
                + " (subtree (\"a b\" INBOX/x) (MailboxName)) (mailboxes inbox NONE) (Inboxes (subscriptionchange))");
        EventGroup selected = command.groups().get(0);
        assertEquals(Filter.SELECTED, selected.filter());
        assertEquals(2, selected.itemsOfNew().size());
        assertEquals(Set.of(Event.MESSAGE_NEW, Event.MESSAGE_EXPUNGE, Event.FLAG_CHANGE), selected.events());
        assertEquals(List.of("a b", "INBOX/x"), command.groups().get(1).names());
        assertEquals(
                new EventGroup(Filter.MAILBOXES, List.of("INBOX"), Set.of(), List.of()),
                command.groups().get(2));
        assertEquals(Set.of(Event.SUBSCRIPTION_CHANGE), command.groups().get(3).events());
    }

    @Test
    void groupsCoverWhatTheySay() {
        EventGroup below =
                notify("SET (subtree (a b/c) (MailboxName))").groups().get(0);
        assertEquals(true, below.covers("a", false) && below.covers("a/x/y", false) && below.covers("b/c/d", false));
        assertEquals(false, below.covers("ab", false) || below.covers("b", false) || below.covers("b/cd", false));
        EventGroup subscribed =
                notify("SET (subscribed (MailboxName))").groups().get(0);
        assertEquals(true, subscribed.covers("x", true) && !subscribed.covers("x", false));
        EventGroup exact =
                notify("SET (mailboxes \"a%\" (MailboxName))").groups().get(0);
        assertEquals(true, exact.covers("a%", false) && !exact.covers("ab", false));
    }

    @Test
    void boundsOfNotify() {
        String group = " (personal (MailboxName))";
        assertEquals(
                NotifyCommand.MAX_GROUPS,
                notify("SET" + group.repeat(NotifyCommand.MAX_GROUPS)).groups().size());
        assertThrows(BadSyntax.class, () -> notify("SET" + group.repeat(NotifyCommand.MAX_GROUPS + 1)));
        String names = "a ".repeat(NotifyCommand.MAX_NAMES).strip();
        notify("SET (mailboxes (" + names + ") (MailboxName))");
        assertThrows(BadSyntax.class, () -> notify("SET (mailboxes (" + names + " a) (MailboxName))"));
    }

    @Test
    void cutAnywhereOrNonsenseItIsNeverAnAccident() {
        String[] whole = {
            "SORT RETURN (COUNT PARTIAL -1:-5 UPDATE (UID BODY.PEEK[HEADER.FIELDS (A)])) (REVERSE DATE) UTF-8 NOT SEEN",
            "THREAD REFERENCES UTF-8 OR TEXT {1}\r\nx UID $",
            "NOTIFY SET STATUS (selected (MessageNew (UID) MessageExpunge)) (subtree (a \"b\") (MailboxName FlagChange))"
        };
        for (String command : whole) {
            for (int cut = 0; cut <= command.length(); cut++) {
                parseOrRefuse(command.substring(0, cut));
            }
        }
        String[] words = {
            "SORT",
            "THREAD",
            "NOTIFY",
            "SET",
            "NONE",
            "STATUS",
            "(",
            ")",
            "personal",
            "selected",
            "subtree",
            "MessageNew",
            "MessageExpunge",
            "FlagChange",
            "RETURN",
            "UPDATE",
            "DATE",
            "REVERSE",
            "UTF-8",
            "ALL",
            "\"x\"",
            "{3}\r\nx",
            "\u00ff"
        };
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder nonsense = new StringBuilder(words[random.nextInt(3)]);
            for (int length = random.nextInt(12); length > 0; length--) {
                nonsense.append(random.nextBoolean() ? " " : "").append(words[random.nextInt(words.length)]);
            }
            parseOrRefuse(nonsense.toString());
        }
    }

    private static void parseOrRefuse(String command) {
        try {
            parse(command);
        } catch (BadSyntax e) {
            assertFalse(e.getMessage().isEmpty());
        }
    }

    private static SortCommand sort(String arguments) {
        return (SortCommand) parse("SORT " + arguments);
    }

    private static NotifyCommand notify(String arguments) {
        return (NotifyCommand) parse("NOTIFY " + arguments);
    }

    private static Command parse(String command) {
        CommandReader reader = new CommandReader(("a1 " + command).getBytes(StandardCharsets.ISO_8859_1));
        reader.tag();
        reader.space();
        CommandTable.Entry entry = CommandTable.find(reader.word());
        if (entry == null) {
            throw new BadSyntax("Unknown command");
        }
        Command parsed = entry.parser().parse(reader);
        reader.end();
        return parsed;
    }
}
