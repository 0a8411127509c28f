package io.postrider.net;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that lie in files: one to be shown where no other fits, and a directory of others, each shown to who asks
 * for a name it is made out to (SNI, RFC 6066 §3). {@link #reload} looks at all of them again, and what is new is shown from
 * the next handshake on.
 *
 * <p>In the directory a certificate is {@code NAME.crt} with {@code NAME.key}, or {@code NAME/tls.crt} with
 * {@code NAME/tls.key}, as Kubernetes mounts a Secret. It is chosen by the DNS names within it, whatever its file is called
 * (RFC 9525 §6.3); of two for one name, by the one that is valid for longer.
 *
 * <p>Easy to get wrong: a renewal may be half written when it is looked at. What cannot be used is told of once and blocks no
 * other; what was shown before stays until a good one lies there, or until its files are gone.
 *
 * <p>All of it reads files: not on an event loop.
 */
public final class CertificateFiles {
    /** Certificates in the directory; those beyond, by name, are left alone and told of. */
    static final int MAX_CERTIFICATES = 20_000;

    private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);

    private final CertificatePair byDefault;
    private final Optional<Path> directory;
    private final TlsContexts contexts;
    private final Map<Path, Seen> seen = new TreeMap<>();
    private volatile Counts counts = new Counts(0, 0, 0, Instant.MAX);
    private String directoryProblem = "";

    /**
     * One certificate as last looked at.
     *
     * @param digest of the files it was read from, good or not
     * @param shown what is shown; null when it never was good
     * @param problem why its files cannot be used; null when they can
     */
    private record Seen(String digest, Shown shown, String problem) {}

    private record Shown(SslContext context, List<String> names, Instant from, Instant until) {
        boolean expired(Instant now) {
            return until.isBefore(now);
        }

        /** Whether it is to be preferred to the other, for a name that both have. */
        boolean better(Shown other, Instant now) {
            boolean begun = !from.isAfter(now);
            boolean otherBegun = !other.from.isAfter(now);
            return begun == otherBegun ? until.isAfter(other.until) : begun;
        }
    }

    private record Counts(int good, int bad, int expired, Instant firstEnd) {}

    private CertificateFiles(CertificatePair byDefault, Optional<Path> directory, TlsContexts contexts) {
        this.byDefault = byDefault;
        this.directory = directory;
        this.contexts = contexts;
    }

    /**
     * Reads all of them. Fails with IllegalArgumentException, one line, when the one for all other names cannot be used; a bad
     * one in the directory only leaves a line in the log.
     */
    public static CertificateFiles load(
            Path certificate,
            Path key,
            Optional<Path> clientAuthorities,
            Optional<Path> directory,
            MeterRegistry registry) {
        CertificateFiles files = new CertificateFiles(
                new CertificatePair(certificate, key),
                directory,
                TlsContexts.load(certificate, key, clientAuthorities.orElse(null)));
        files.register(registry);
        files.reload();
        return files;
    }

    public TlsContexts contexts() {
        return contexts;
    }

    /** Looks at all files again; never fails. One at a time. */
    public synchronized void reload() {
        List<CertificatePair> pairs = new ArrayList<>();
        pairs.add(byDefault);
        boolean listed = addThoseInDirectory(pairs);
        pairs.forEach(pair -> seen.compute(pair.certificate(), (file, before) -> look(pair, before)));
        if (listed) {
            seen.keySet()
                    .retainAll(pairs.stream().map(CertificatePair::certificate).toList());
        }
        show();
    }

    /** Whether the directory could be read; when not, what was there before counts. */
    private boolean addThoseInDirectory(List<CertificatePair> pairs) {
        String problem = "";
        if (directory.isPresent()) {
            try {
                List<CertificatePair> found = pairsIn(directory.get());
                if (found.size() > MAX_CERTIFICATES) {
                    problem = "has more than " + MAX_CERTIFICATES + " certificates, the rest is left alone";
                }
                found.stream().limit(MAX_CERTIFICATES).forEach(pairs::add);
            } catch (IOException e) {
                problem = "cannot be read: " + e;
            }
        }
        if (!problem.isEmpty() && !problem.equals(directoryProblem)) {
            LOG.warn("certificate directory {} {}", directory.get(), problem);
        }
        directoryProblem = problem;
        return !problem.startsWith("cannot");
    }

    private static List<CertificatePair> pairsIn(Path directory) throws IOException {
        List<CertificatePair> pairs = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                // "..data" and the like are how Kubernetes swaps a whole mount at once.
                if (name.startsWith(".")) {
                    continue;
                }
                if (name.endsWith(".crt") && Files.isRegularFile(entry)) {
                    String stem = name.substring(0, name.length() - ".crt".length());
                    pairs.add(new CertificatePair(entry, entry.resolveSibling(stem + ".key")));
                } else if (Files.exists(entry.resolve("tls.crt")) || Files.exists(entry.resolve("tls.key"))) {
                    pairs.add(new CertificatePair(entry.resolve("tls.crt"), entry.resolve("tls.key")));
                }
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        pairs.sort(Comparator.comparing(CertificatePair::certificate));
        return pairs;
    }

    private Seen look(CertificatePair pair, Seen before) {
        Shown shown = before == null ? null : before.shown();
        String digest = "";
        String problem;
        try {
            CertificatePair.Pem pem = pair.read();
            digest = pem.digest();
            if (before != null && before.digest().equals(digest)) {
                return before;
            }
            KeyAndChain parsed = pair.parse(pem);
            List<String> names = parsed.names();
            if (names.isEmpty() && !pair.equals(byDefault)) {
                throw pair.unusable("it is made out to no DNS name");
            }
            Shown good = new Shown(
                    contexts.context(pair, parsed),
                    names,
                    parsed.certificate().getNotBefore().toInstant(),
                    parsed.certificate().getNotAfter().toInstant());
            tellOf(pair, good, before != null);
            return new Seen(digest, good, null);
        } catch (IllegalArgumentException e) {
            problem = e.getMessage();
        }
        if (before == null || !problem.equals(before.problem())) {
            LOG.warn("{}{}", problem, shown == null ? "" : "; the one before is shown on");
        }
        return new Seen(digest, shown, problem);
    }

    private static void tellOf(CertificatePair pair, Shown good, boolean again) {
        Instant now = Instant.now();
        if (good.expired(now)) {
            LOG.warn("certificate {} has expired on {}", pair.certificate(), good.until());
        } else if (good.from().isAfter(now)) {
            LOG.warn("certificate {} is not valid before {}", pair.certificate(), good.from());
        } else if (again) {
            LOG.info("certificate {} is new, valid until {}", pair.certificate(), good.until());
        }
    }

    private void show() {
        Instant now = Instant.now();
        Map<String, Shown> byName = new HashMap<>();
        int good = 0;
        int bad = 0;
        int expired = 0;
        Instant firstEnd = Instant.MAX;
        for (Seen each : seen.values()) {
            Shown shown = each.shown();
            bad += each.problem() == null ? 0 : 1;
            if (shown == null) {
                continue;
            }
            good++;
            expired += shown.expired(now) ? 1 : 0;
            firstEnd = shown.until().isBefore(firstEnd) ? shown.until() : firstEnd;
            shown.names().forEach(name -> byName.merge(name, shown, (one, two) -> two.better(one, now) ? two : one));
        }
        Map<String, SslContext> all = new HashMap<>();
        byName.forEach((name, shown) -> all.put(name, shown.context()));
        contexts.show(seen.get(byDefault.certificate()).shown().context(), all);
        counts = new Counts(good, bad, expired, firstEnd);
    }

    private void register(MeterRegistry registry) {
        gauge(registry, "good");
        gauge(registry, "bad");
        gauge(registry, "expired");
        Gauge.builder("postrider.tls.certificates.first.expiry", this, files -> files.counts
                        .firstEnd()
                        .getEpochSecond())
                .baseUnit("seconds")
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String state) {
        Gauge.builder("postrider.tls.certificates", this, files -> switch (state) {
                    case "good" -> files.counts.good();
                    case "bad" -> files.counts.bad();
                    default -> files.counts.expired();
                })
                .tag("state", state)
                .register(registry);
    }
}
