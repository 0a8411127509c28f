package io.postrider.benchmarks;

import io.postrider.benchmarks.Scenario.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All there are, by name, in the order in which they are run: what restarts servers comes last. */
final class Scenarios {
    private static final int THOUSAND = 1000;
    private static final int MILLION = 1_000_000;

    private Scenarios() {}

    /** @param sizes of the very large mailboxes */
    static Map<String, Scenario> all(Settings settings, List<Integer> sizes) {
        Map<String, Scenario> all = new LinkedHashMap<>();
        write(all, settings);
        all.put("login", new Logins(settings, 8, false));
        all.put("login-tls", new Logins(settings, 8, true));
        all.put("login-storm", new Storm(settings));
        read(all, settings);
        sizes.forEach(size -> all.putAll(VeryLarge.all(settings, size, name(size))));
        all.put("large-in", new LargeMessage(settings, true));
        all.put("large-out", new LargeMessage(settings, false));
        all.put("pop3-1", new Retrievals(settings, 1));
        all.put("pop3", new Retrievals(settings, 4));
        all.put("mixed", new Mixed(settings, 20));
        all.put("noisy", new NoisyNeighbour(settings));
        all.put("headers-cold", new ColdReading(settings, Reading.HEADERS));
        all.put("structure-cold", new ColdReading(settings, Reading.STRUCTURE));
        all.put("idle", new Idle(settings));
        return all;
    }

    /** Every account that one of them logs in to. */
    static List<String> logins(Settings settings) {
        return Stream.of(
                        Stream.of(settings.reader(), settings.collector()),
                        IntStream.range(0, settings.accounts()).mapToObj(settings::account),
                        IntStream.range(0, Scenario.NEIGHBOURS).mapToObj(settings::neighbour))
                .flatMap(logins -> logins)
                .toList();
    }

    private static void write(Map<String, Scenario> all, Settings settings) {
        Messages mixed = Messages.mixed();
        all.put("lmtp-1", new Deliveries(settings, 1, 1, mixed));
        all.put("lmtp-16", new Deliveries(settings, 16, 1, mixed));
        all.put("lmtp-16-4k", new Deliveries(settings, 16, 1, Messages.small()));
        all.put("lmtp-16-20k", new Deliveries(settings, 16, 1, Messages.middling()));
        all.put("lmtp-64", new Deliveries(settings, 64, 1, mixed));
        all.put("lmtp-16-to-10", new Deliveries(settings, 16, 10, mixed));
        all.put("append-1", new Appends(settings, 1, 1));
        all.put("append-16", new Appends(settings, 16, 1));
        all.put("append-64", new Appends(settings, 64, 1));
        all.put("multiappend", new Appends(settings, 1, 100));
    }

    private static void read(Map<String, Scenario> all, Settings settings) {
        all.put("select", Reading.command(settings, 20, "SELECT INBOX"));
        all.put("status", Reading.command(settings, 20, "STATUS INBOX (MESSAGES UNSEEN UIDNEXT)"));
        all.put("flags", Reading.all(settings, "UID FETCH 1:* (FLAGS)"));
        all.put("headers", Reading.all(settings, Reading.HEADERS));
        all.put("structure", Reading.all(settings, Reading.STRUCTURE));
        all.put("bodies", Reading.all(settings, "UID FETCH 1:* (UID BODY.PEEK[])"));
        all.put("store-1", Reading.command(settings, 8, "STORE %d +FLAGS (\\Flagged)", "STORE %d -FLAGS (\\Flagged)"));
        all.put("search-body", Reading.command(settings, 1, "UID SEARCH BODY \"saddlebag\""));
        all.put("search-subject", Reading.command(settings, 1, "UID SEARCH SUBJECT \"saddlebag\""));
        all.put("search-from", Reading.command(settings, 1, "UID SEARCH FROM \"nobody@nowhere.example\""));
        all.put("search-unseen", Reading.command(settings, 1, "UID SEARCH UNSEEN"));
    }

    private static String name(int size) {
        return size % MILLION == 0 ? size / MILLION + "m" : size % THOUSAND == 0 ? size / THOUSAND + "k" : "" + size;
    }
}
