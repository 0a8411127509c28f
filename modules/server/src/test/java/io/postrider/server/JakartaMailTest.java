package io.postrider.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.server.config.Listener.Name;
import io.postrider.testkit.TestClient;
import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.UIDFolder;
import jakarta.mail.event.MessageChangedEvent;
import jakarta.mail.event.MessageCountAdapter;
import jakarta.mail.event.MessageCountEvent;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.search.AndTerm;
import jakarta.mail.search.FlagTerm;
import jakarta.mail.search.SubjectTerm;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Date;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.eclipse.angus.mail.pop3.POP3Folder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jakarta Mail (Angus), as applications use it, with IDLE told of what another session does. */
class JakartaMailTest {
    private static final long NEWS_SECONDS = 10;

    @TempDir
    static Path directory;

    private static TestNode node;

    @BeforeAll
    static void start() {
        node = TestNode.start(directory, "reader", "idler", "popper", "keeper", "finder");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void aMessageWithAnAttachmentComesBackAsItWasSent() throws Exception {
        byte[] attachment = new byte[300_000];
        new Random(7).nextBytes(attachment);
        try (Store store = imap("reader", true)) {
            IMAPFolder inbox = open(store, "INBOX");
            MimeMessage sent = new MimeMessage(Session.getInstance(new Properties()));
            sent.setFrom(new InternetAddress("zoe@example.org", "Zoë Übermut", "UTF-8"));
            sent.setRecipients(Message.RecipientType.TO, "reader@example.com");
            sent.setSubject("Frühstück – 朝ごはん", "UTF-8");
            sent.setSentDate(new Date(1_795_000_000_000L));
            MimeBodyPart text = new MimeBodyPart();
            text.setText("Grüße\r\n", "UTF-8");
            MimeBodyPart file = new MimeBodyPart();
            file.setContent(attachment, "application/octet-stream");
            file.setFileName("Straße.bin");
            sent.setContent(new MimeMultipart(text, file));
            sent.saveChanges();
            UIDFolder uids = inbox;
            long next = uids.getUIDNext();
            assertEquals(next, inbox.appendUIDMessages(new Message[] {sent})[0].uid);

            Message got = uids.getMessageByUID(next);
            assertEquals("Frühstück – 朝ごはん", got.getSubject());
            assertEquals("Zoë Übermut", ((InternetAddress) got.getFrom()[0]).getPersonal());
            assertEquals(sent.getSentDate(), got.getSentDate());
            Multipart parts = (Multipart) got.getContent();
            assertEquals("Grüße\r\n", parts.getBodyPart(0).getContent());
            assertTrue(Part.ATTACHMENT.equalsIgnoreCase(parts.getBodyPart(1).getDisposition()));
            try (InputStream in = parts.getBodyPart(1).getInputStream()) {
                assertArrayEquals(attachment, in.readAllBytes());
            }
            assertTrue(got.isSet(Flags.Flag.SEEN), "fetching a body sets \\Seen");
        }
    }

    @Test
    void idleHearsOfDeliveryFlagsAndExpungeFromOtherSessions() throws Exception {
        BlockingQueue<String> news = new LinkedBlockingQueue<>();
        try (Store idling = imap("idler", true);
                Store other = imap("idler", false)) {
            IMAPFolder inbox = open(idling, "INBOX");
            inbox.addMessageCountListener(new MessageCountAdapter() {
                @Override
                public void messagesAdded(MessageCountEvent event) {
                    news.add("added " + event.getMessages().length);
                }

                @Override
                public void messagesRemoved(MessageCountEvent event) {
                    news.add("removed " + event.getMessages()[0].getMessageNumber());
                }
            });
            inbox.addMessageChangedListener(event -> {
                if (event.getMessageChangeType() == MessageChangedEvent.FLAGS_CHANGED) {
                    news.add("flags");
                }
            });
            Thread idle = new Thread(() -> idle(inbox, news), "idle");
            idle.setDaemon(true);
            idle.start();

            deliver("idler", "news");
            assertEquals("added 1", news.poll(NEWS_SECONDS, TimeUnit.SECONDS));
            IMAPFolder same = open(other, "INBOX");
            same.getMessage(1).setFlag(Flags.Flag.FLAGGED, true);
            assertEquals("flags", news.poll(NEWS_SECONDS, TimeUnit.SECONDS));
            same.getMessage(1).setFlag(Flags.Flag.DELETED, true);
            assertEquals("flags", news.poll(NEWS_SECONDS, TimeUnit.SECONDS));
            same.expunge();
            assertEquals("removed 1", news.poll(NEWS_SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void mailboxesAreMadeRenamedListedAndDeleted() throws Exception {
        try (Store store = imap("keeper", true)) {
            assertEquals('/', store.getDefaultFolder().getSeparator());
            Folder made = store.getFolder("Reisen/Zürich");
            assertTrue(made.create(Folder.HOLDS_MESSAGES | Folder.HOLDS_FOLDERS));
            made.appendMessages(new Message[] {new MimeMessage(null, InputStream.nullInputStream())});
            assertTrue(made.renameTo(store.getFolder("Reisen/Genève")));
            assertEquals(
                    1,
                    ((IMAPFolder) store.getFolder("Reisen/Genève")).getMessageCount(),
                    "what is in it moves with it");
            assertTrue(Arrays.stream(store.getDefaultFolder().list("*"))
                    .map(Folder::getFullName)
                    .toList()
                    .containsAll(Stream.of("INBOX", "Sent", "Trash", "Reisen", "Reisen/Genève")
                            .toList()));
            assertTrue(Arrays.asList(((IMAPFolder) store.getFolder("Sent")).getAttributes())
                    .contains("\\Sent"));
            assertTrue(store.getFolder("Reisen").delete(true));
            assertFalse(store.getFolder("Reisen/Genève").exists());
        }
    }

    @Test
    void twoHundredMessagesAreFoundFetchedCopiedMovedAndExpunged() throws Exception {
        try (IMAPStore store = imap("finder", true)) {
            IMAPFolder inbox = open(store, "INBOX");
            MimeMessage[] messages = new MimeMessage[200];
            for (int i = 0; i < messages.length; i++) {
                messages[i] = new MimeMessage(
                        null,
                        new java.io.ByteArrayInputStream(("From: <a@example.org>\r\nSubject: number " + i
                                        + "\r\nMessage-ID: <" + i + "@example.org>\r\n\r\nbody " + i + "\r\n")
                                .getBytes(StandardCharsets.US_ASCII)));
                messages[i].setFlag(Flags.Flag.FLAGGED, i % 20 == 0);
            }
            inbox.appendMessages(messages);
            FetchProfile profile = new FetchProfile();
            profile.add(FetchProfile.Item.ENVELOPE);
            profile.add(FetchProfile.Item.FLAGS);
            profile.add(UIDFolder.FetchProfileItem.UID);
            Message[] all = inbox.getMessages();
            inbox.fetch(all, profile);
            assertEquals(200, all.length);
            assertEquals("number 199", all[199].getSubject());
            Message[] found = inbox.search(
                    new AndTerm(new FlagTerm(new Flags(Flags.Flag.FLAGGED), true), new SubjectTerm("NUMBER 6")));
            assertEquals(1, found.length);
            assertEquals("number 60", found[0].getSubject());

            IMAPFolder archive = (IMAPFolder) store.getFolder("Archive");
            assertNotNull(inbox.copyUIDMessages(Arrays.copyOfRange(all, 0, 10), archive)[9]);
            inbox.moveMessages(Arrays.copyOfRange(all, 190, 200), archive);
            assertEquals(20, archive.getMessageCount());
            inbox.setFlags(Arrays.copyOfRange(all, 0, 180), new Flags(Flags.Flag.DELETED), true);
            // Those moved away before count as expunged too.
            assertEquals(190, inbox.expunge().length);
            assertEquals(10, inbox.getMessageCount());
            assertEquals("number 180", inbox.getMessage(1).getSubject());
        }
    }

    @Test
    void pop3KeepsUidsAndDeletesAtTheEnd() throws Exception {
        deliver("popper", "one");
        deliver("popper", "two");
        String uid;
        try (Store store = connect("pop3s", Name.POP3S, "popper")) {
            POP3Folder inbox = (POP3Folder) store.getFolder("INBOX");
            inbox.open(Folder.READ_WRITE);
            assertEquals(2, inbox.getMessageCount());
            uid = inbox.getUID(inbox.getMessage(2));
            assertEquals("two", inbox.getMessage(2).getSubject());
            assertEquals("Hello.\r\n", inbox.getMessage(1).getContent());
            inbox.getMessage(1).setFlag(Flags.Flag.DELETED, true);
            inbox.close(true);
        }
        try (Store store = connect("pop3", Name.POP3, "popper")) {
            POP3Folder inbox = (POP3Folder) store.getFolder("INBOX");
            inbox.open(Folder.READ_ONLY);
            assertEquals(1, inbox.getMessageCount());
            assertEquals(uid, inbox.getUID(inbox.getMessage(1)));
        }
    }

    private static void idle(IMAPFolder inbox, BlockingQueue<String> news) {
        try {
            while (inbox.isOpen()) {
                inbox.idle();
            }
        } catch (MessagingException e) {
            // The folder was closed: the test is over.
            news.add("closed");
        }
    }

    private static IMAPStore imap(String account, boolean implicitTls) throws MessagingException {
        return (IMAPStore) (implicitTls ? connect("imaps", Name.IMAPS, account) : connect("imap", Name.IMAP, account));
    }

    /** With STARTTLS where TLS is not there from the start. */
    private static Store connect(String protocol, Name listener, String account) throws MessagingException {
        Properties properties = new Properties();
        properties.put("mail." + protocol + ".ssl.trust", "*");
        properties.put("mail." + protocol + ".ssl.checkserveridentity", "false");
        properties.put("mail." + protocol + ".starttls.required", String.valueOf(!listener.implicitTls()));
        properties.put("mail." + protocol + ".starttls.enable", String.valueOf(!listener.implicitTls()));
        properties.put("mail." + protocol + ".timeout", "20000");
        Store store = Session.getInstance(properties).getStore(protocol);
        store.connect("127.0.0.1", node.port(listener), account + "@example.com", TestNode.PASSWORD);
        return store;
    }

    private static IMAPFolder open(Store store, String name) throws MessagingException {
        IMAPFolder folder = (IMAPFolder) store.getFolder(name);
        folder.open(Folder.READ_WRITE);
        return folder;
    }

    private static void deliver(String account, String subject) {
        try (TestClient lmtp = TestClient.connect(node.port(Name.LMTP))) {
            lmtp.line();
            lmtp.send("LHLO client.example.net").linesUntil(line -> line.startsWith("250 "));
            lmtp.send("MAIL FROM:<sender@example.net>").line();
            lmtp.send("RCPT TO:<" + account + "@example.com>").line();
            lmtp.send("DATA").line();
            assertTrue(lmtp.send("Subject: " + subject + "\r\n\r\nHello.\r\n.")
                    .line()
                    .startsWith("250"));
        }
    }
}
