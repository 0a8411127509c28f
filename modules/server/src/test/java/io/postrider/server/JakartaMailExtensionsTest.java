package io.postrider.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.config.Listener.Name;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Quota;
import jakarta.mail.Session;
import jakarta.mail.event.MailEvent;
import jakarta.mail.event.MessageChangedEvent;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.eclipse.angus.mail.imap.AppendUID;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.eclipse.angus.mail.imap.MessageVanishedEvent;
import org.eclipse.angus.mail.imap.ResyncData;
import org.eclipse.angus.mail.imap.SortTerm;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Jakarta Mail (Angus) knows of IMAP's extensions. */
class JakartaMailExtensionsTest {
    @TempDir
    static Path directory;

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(directory, "writer", "comer");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void compressedAndByUid() throws Exception {
        try (IMAPStore store = connect("writer", true)) {
            for (String capability : List.of("UIDPLUS", "MOVE", "QUOTA", "SORT", "QRESYNC", "IDLE", "ID")) {
                assertTrue(store.hasCapability(capability), capability);
            }
            IMAPFolder inbox = open(store, "INBOX");
            AppendUID[] appended = inbox.appendUIDMessages(
                    new Message[] {message("zebra", "a"), message("apple", "long ".repeat(50_000))});
            assertEquals(
                    List.of(1L, 2L), Arrays.stream(appended).map(uid -> uid.uid).toList());
            Message[] sorted = inbox.getSortedMessages(new SortTerm[] {SortTerm.SUBJECT});
            assertEquals("apple", sorted[0].getSubject());
            assertEquals("long ".repeat(50_000), sorted[0].getContent());
            assertArrayEquals(
                    new Message[] {sorted[1]},
                    inbox.getSortedMessages(
                            new SortTerm[] {SortTerm.REVERSE, SortTerm.SIZE},
                            new jakarta.mail.search.SubjectTerm("zebra")));
            AppendUID[] moved = inbox.moveUIDMessages(new Message[] {sorted[1]}, store.getFolder("Archive"));
            assertEquals(1, moved[0].uid);
            Quota[] quota = store.getQuota("INBOX");
            assertEquals(1, quota.length);
            assertEquals("", quota[0].quotaRoot);
        }
    }

    @Test
    void whoComesBackIsToldWhatHasChanged() throws Exception {
        long uidValidity;
        long modSeq;
        try (IMAPStore store = connect("comer", false)) {
            IMAPFolder inbox = open(store, "INBOX");
            inbox.appendMessages(new Message[] {message("one", "1"), message("two", "2"), message("three", "3")});
            uidValidity = inbox.getUIDValidity();
            modSeq = inbox.getHighestModSeq();
        }
        try (IMAPStore store = connect("comer", false)) {
            IMAPFolder inbox = open(store, "INBOX");
            modSeq = Math.max(modSeq, inbox.getHighestModSeq());
            inbox.getMessageByUID(1).setFlag(Flags.Flag.FLAGGED, true);
            inbox.getMessageByUID(2).setFlag(Flags.Flag.DELETED, true);
            inbox.expunge();
        }
        try (IMAPStore store = connect("comer", false)) {
            IMAPFolder inbox = (IMAPFolder) store.getFolder("INBOX");
            List<MailEvent> news = inbox.open(Folder.READ_ONLY, new ResyncData(uidValidity, modSeq));
            MessageVanishedEvent vanished = (MessageVanishedEvent) news.get(0);
            assertArrayEquals(new long[] {2}, vanished.getUIDs());
            MessageChangedEvent changed = (MessageChangedEvent) news.get(1);
            assertTrue(changed.getMessage().isSet(Flags.Flag.FLAGGED));
            assertEquals(2, news.size());
        }
    }

    private static MimeMessage message(String subject, String text) throws MessagingException {
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties()));
        message.setSubject(subject);
        message.setText(text);
        message.saveChanges();
        return message;
    }

    private static IMAPFolder open(IMAPStore store, String name) throws MessagingException {
        IMAPFolder folder = (IMAPFolder) store.getFolder(name);
        folder.open(Folder.READ_WRITE);
        return folder;
    }

    private static IMAPStore connect(String account, boolean compressed) throws MessagingException {
        Properties properties = new Properties();
        properties.setProperty("mail.imaps.ssl.trust", "*");
        properties.setProperty("mail.imaps.ssl.checkserveridentity", "false");
        properties.setProperty("mail.imaps.compress.enable", String.valueOf(compressed));
        IMAPStore store = (IMAPStore) Session.getInstance(properties).getStore("imaps");
        store.connect("127.0.0.1", node.port(Name.IMAPS), account + "@example.com", TestNode.PASSWORD);
        return store;
    }
}
