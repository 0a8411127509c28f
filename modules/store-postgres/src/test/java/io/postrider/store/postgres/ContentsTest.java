package io.postrider.store.postgres;

import static io.postrider.store.postgres.Waiting.await;
import static io.postrider.store.postgres.Waiting.awaitFailure;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postrider.store.Contents;
import io.postrider.store.FetchedMessage;
import io.postrider.store.FetchedMessage.Field;
import io.postrider.store.Flags;
import io.postrider.store.IncomingMessage;
import io.postrider.store.Messages;
import io.postrider.store.NewContent;
import io.postrider.store.NewMessage;
import io.postrider.store.Refusal;
import io.postrider.store.StoreUnavailableException;
import io.postrider.store.UidSet;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Octets in and out. */
class ContentsTest {
    private static final String HEADER = "Subject: big\r\nMessage-ID: <big@example.com>\r\n\r\n";

    private final StoreFixture fixture = new StoreFixture();
    private final Mail alice = new Mail(fixture.store, fixture.account("alice"));
    private final Messages messages = fixture.store.messages();
    private final Contents contents = fixture.store.contents();
    private final Context context = fixture.vertx.getOrCreateContext();

    @AfterEach
    void close() {
        fixture.close();
    }

    private static byte[] message(int bodyOctets) {
        byte[] header = HEADER.getBytes(StandardCharsets.US_ASCII);
        byte[] message = Arrays.copyOf(header, header.length + bodyOctets);
        for (int i = header.length; i < message.length; i++) {
            message[i] = (byte) (i % 71 == 0 ? '\n' : 'a' + (i * 31L % 26));
        }
        return message;
    }

    /** On an event loop, as protocols do. */
    private <T> T onContext(Callable<Future<T>> work) {
        return await(Future.future(done -> context.runOnContext(v -> {
            try {
                work.call().onComplete(done);
            } catch (Exception e) {
                done.fail(e);
            }
        })));
    }

    private NewContent receive(byte[] message, int pieces, Long... accounts) {
        return onContext(() -> {
            IncomingMessage incoming = contents.receive(List.of(accounts));
            return write(incoming, message, 0, pieces).compose(v -> incoming.end());
        });
    }

    private static Future<Void> write(IncomingMessage incoming, byte[] message, int from, int piece) {
        if (from == message.length) {
            return Future.succeededFuture();
        }
        int to = Math.min(message.length, from + piece);
        return incoming.write(Buffer.buffer(Arrays.copyOfRange(message, from, to)))
                .compose(v -> write(incoming, message, to, piece));
    }

    private long append(NewContent content) {
        return await(messages.append(alice.inbox, List.of(new NewMessage(content, Flags.NONE, null))))
                .uids()
                .min();
    }

    private long contentOf(long uid) {
        return alice.fetchOne(uid).message().contentId();
    }

    @Test
    void bodiesOfEveryLengthAroundAChunkComeBackWhole() {
        int chunk = Contents.CHUNK_OCTETS;
        for (int body :
                new int[] {0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk - 1, 2 * chunk, 2 * chunk + 1, 5 * chunk + 7}) {
            byte[] message = message(body);
            long uid = append(receive(message, 10_000, alice.account));
            assertArrayEquals(message, alice.octets(contentOf(uid)), body + " octets of body");
            FetchedMessage first = alice.fetchOne(uid, Field.FIRST_OCTETS, Field.STRUCTURE);
            assertEquals(message.length, first.message().size());
            assertEquals(message.length, first.structure().size());
            assertEquals(HEADER, first.header().toString());
            assertEquals(Math.min(body, chunk), first.firstOctets().length());
            long chunks = fixture.count("select count(*) from chunk where content_id = " + contentOf(uid));
            assertEquals((body + chunk - 1) / chunk, chunks);
        }
        assertEquals(0, fixture.count("select count(*) from incoming"));
    }

    @Test
    void aBodyUpToTheBoundStaysInMemory() {
        receive(message(Contents.MEMORY_OCTETS), 5_000, alice.account);
        assertEquals(0, fixture.count("select count(*) from chunk"));
        assertEquals(0, fixture.count("select count(*) from incoming"));
        receive(message(Contents.MEMORY_OCTETS + 1), 5_000, alice.account);
        assertEquals(2, fixture.count("select count(*) from chunk"));
        assertEquals(1, fixture.count("select count(*) from incoming"));
    }

    @Test
    void octetsMayBeCutAnywhere() {
        byte[] message = message(300_000);
        for (int piece : new int[] {1_013, 65_536, 131_072, 300_100}) {
            long uid = append(receive(message, piece, alice.account));
            assertArrayEquals(message, alice.octets(contentOf(uid)), "pieces of " + piece);
        }
        byte[] small = message(50);
        for (int piece = 1; piece <= small.length; piece++) {
            assertArrayEquals(small, alice.octets(contentOf(append(receive(small, piece, alice.account)))));
        }
    }

    @Test
    void anySliceIsReadInOneGo() {
        byte[] message = message(3 * Contents.CHUNK_OCTETS + 100);
        long content = contentOf(append(receive(message, 50_000, alice.account)));
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            int offset = random.nextInt(message.length + 10);
            int length = random.nextInt(Contents.CHUNK_OCTETS + 1000);
            int end = Math.min(message.length, offset + Math.min(length, Contents.CHUNK_OCTETS));
            byte[] expected = offset >= end ? new byte[0] : Arrays.copyOfRange(message, offset, end);
            assertArrayEquals(
                    expected,
                    await(contents.read(alice.account, content, offset, length)).getBytes(),
                    offset + ", " + length);
        }
        assertEquals(
                0,
                await(contents.read(alice.account, content, Long.MAX_VALUE, Long.MAX_VALUE))
                        .length());
        assertEquals(
                Contents.CHUNK_OCTETS,
                await(contents.read(alice.account, content, 0, Long.MAX_VALUE)).length());
        awaitFailure(IllegalArgumentException.class, contents.read(alice.account, content, -1, 1));
        awaitFailure(IllegalArgumentException.class, contents.read(alice.account, content, 0, -1));
    }

    @Test
    void aContentThatIsGoneSaysSo() {
        Refusal refusal = awaitFailure(Refusal.class, contents.read(alice.account, 77, 0, 1));
        assertEquals(Refusal.Kind.EXPUNGED, refusal.kind());
    }

    @Test
    void aLargeMessageGoesToManyAccountsEachWithItsOwnTraceFields() {
        Mail bob = new Mail(fixture.store, fixture.account("bob"));
        byte[] message = message(300_000);
        NewContent content = receive(message, 60_000, alice.account, bob.account);
        for (Mail mail : List.of(alice, bob)) {
            Buffer trace = Buffer.buffer("Delivered-To: " + mail.account + "\r\n");
            await(messages.deliver(mail.account, "INBOX", content, trace));
            long contentId = mail.fetchOne(1).message().contentId();
            assertArrayEquals(trace.copy().appendBytes(message).getBytes(), mail.octets(contentId));
        }
        assertEquals(0, fixture.count("select count(*) from incoming"));
        assertEquals(6, fixture.count("select count(*) from chunk"));
    }

    @Test
    void aLargeMessageForTwoAliasesOfOneAccountIsTwoMessages() {
        byte[] message = message(300_000);
        NewContent content = receive(message, 60_000, alice.account);
        Buffer toAlice = Buffer.buffer("Delivered-To: alice@example.com\r\n");
        Buffer toSales = Buffer.buffer("Delivered-To: sales@example.com\r\nX: y\r\n");
        Future.all(
                messages.deliver(alice.account, "INBOX", content, toAlice),
                messages.deliver(alice.account, "INBOX", content, toSales));
        await(messages.deliver(alice.account, "INBOX", content, Buffer.buffer()));
        assertArrayEquals(toAlice.copy().appendBytes(message).getBytes(), alice.octets(contentOf(1)));
        assertArrayEquals(toSales.copy().appendBytes(message).getBytes(), alice.octets(contentOf(2)));
        assertArrayEquals(message, alice.octets(contentOf(3)));
        await(messages.remove(alice.inbox, UidSet.of(1)));
        assertArrayEquals(toSales.copy().appendBytes(message).getBytes(), alice.octets(contentOf(2)));
    }

    @Test
    void aSmallMessageMayBeDeliveredTwiceToo() {
        NewContent content = alice.content(Mail.text("x"));
        await(messages.deliver(alice.account, "INBOX", content, Buffer.buffer("A: b\r\n")));
        await(messages.deliver(alice.account, "INBOX", content, Buffer.buffer()));
        assertEquals("A: b\r\n" + Mail.text("x"), new String(alice.octets(contentOf(1)), StandardCharsets.UTF_8));
        assertEquals(Mail.text("x"), new String(alice.octets(contentOf(2)), StandardCharsets.UTF_8));
    }

    @Test
    void traceFieldsAreFoundBySearch() {
        await(messages.deliver(
                alice.account,
                "INBOX",
                alice.content(Mail.text("x")),
                Buffer.buffer("Delivered-To: Sales@example.com\r\n")));
        assertEquals(
                UidSet.of(1),
                await(messages.search(alice.inbox, new io.postrider.store.SearchKey.Header("delivered-to", "SALES")))
                        .uids());
    }

    @Test
    void aLargeMessageOverQuotaIsRefusedAndLeftToTheSweep() {
        fixture.database.execute("update account set octet_limit = 1000");
        NewContent content = receive(message(300_000), 60_000, alice.account);
        Refusal refusal = awaitFailure(
                Refusal.class, messages.append(alice.inbox, List.of(new NewMessage(content, Flags.NONE, null))));
        assertEquals(Refusal.Kind.OVER_QUOTA, refusal.kind());
        assertEquals(1, fixture.count("select count(*) from incoming"));
    }

    @Test
    void aMessageWhoseChunksWereSweptIsNotAcceptedNorASecondCopyOfIt() {
        NewContent content = receive(message(300_000), 60_000, alice.account);
        fixture.database.execute("delete from incoming; delete from chunk");
        awaitFailure(
                StoreUnavailableException.class,
                messages.append(alice.inbox, List.of(new NewMessage(content, Flags.NONE, null))));
        awaitFailure(
                StoreUnavailableException.class,
                messages.append(alice.inbox, List.of(new NewMessage(content, Flags.NONE, null))));
        assertEquals(0, alice.get(alice.inbox).messages());
    }

    @Test
    void theLargeOfABatchDoesNotTakeTheOthersDown() {
        NewContent swept = receive(message(300_000), 60_000, alice.account);
        fixture.database.execute("delete from incoming; delete from chunk");
        List<Future<Messages.Appended>> all = new java.util.ArrayList<>();
        for (int i = 0; i < 5; i++) {
            NewContent content = i == 3 ? swept : alice.content(Mail.text("m" + i));
            all.add(messages.append(alice.inbox, List.of(new NewMessage(content, Flags.NONE, null))));
        }
        awaitFailure(StoreUnavailableException.class, all.get(3));
        for (int i : new int[] {0, 1, 2, 4}) {
            await(all.get(i));
        }
        assertEquals(4, alice.get(alice.inbox).messages());
    }

    @Test
    void whatIsDiscardedLeavesOnlyWhatTheSweepTakes() {
        onContext(() -> {
            IncomingMessage incoming = contents.receive(List.of(alice.account));
            return write(incoming, message(400_000), 0, 50_000).onSuccess(v -> incoming.discard());
        });
        IncomingMessage small = contents.receive(List.of(alice.account));
        await(small.write(Buffer.buffer("x")));
        small.discard();
        small.discard();
        assertTrue(small.write(Buffer.buffer("y")).failed());
        assertTrue(small.end().failed());
        assertEquals(0, fixture.count("select count(*) from content"));
    }

    @Test
    void aWriterThatCannotKeepUpHoldsTheSenderBack() {
        onContext(() -> {
            IncomingMessage incoming = contents.receive(List.of(alice.account));
            Buffer piece = Buffer.buffer(new byte[Contents.CHUNK_OCTETS]);
            Future<Void> last = incoming.write(Buffer.buffer(HEADER));
            int accepted = 0;
            while (last.isComplete()) {
                last = incoming.write(piece);
                accepted++;
            }
            // One that fills, and as many on their way as the window holds.
            assertEquals(SpillingMessage.WINDOW + 1, accepted);
            Future<Void> waiting = last;
            return waiting.compose(v -> incoming.end());
        });
    }

    @Test
    void aDatabaseThatTakesNoChunksFailsTheWriter() {
        fixture.database.execute("alter table chunk add check (n < 2)");
        assertFalse(onContext(() -> {
                    IncomingMessage incoming = contents.receive(List.of(alice.account));
                    return write(incoming, message(2_000_000), 0, 100_000)
                            .compose(v -> incoming.end())
                            .transform(ended -> Future.succeededFuture(ended.succeeded()));
                })
                .booleanValue());
    }

    @Test
    void fiftyMegabytesGoInAndOutAPieceAtATime() {
        int octets = 50 << 20;
        int piece = 64 << 10;
        byte[] filler = message(piece - HEADER.length());
        NewContent content = onContext(() -> {
            IncomingMessage incoming = contents.receive(List.of(alice.account));
            return pour(incoming, Buffer.buffer(filler), octets).compose(v -> incoming.end());
        });
        long id = contentOf(append(content));
        assertEquals(octets, alice.fetchOne(1).message().size());
        long read = 0;
        while (read < octets) {
            Buffer slice = await(contents.read(alice.account, id, read, Contents.CHUNK_OCTETS));
            for (int i = 0; i < slice.length(); i += 4099) {
                assertEquals(filler[(int) ((read + i) % piece)], slice.getByte(i));
            }
            read += slice.length();
        }
        assertEquals(octets, read);
    }

    private static Future<Void> pour(IncomingMessage incoming, Buffer piece, int octets) {
        return incoming.size() >= octets
                ? Future.succeededFuture()
                : incoming.write(piece).compose(v -> pour(incoming, piece, octets));
    }
}
