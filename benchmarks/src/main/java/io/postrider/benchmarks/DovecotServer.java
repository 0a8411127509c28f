package io.postrider.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Debian's Dovecot, private, on loopback: {@code tuned} or {@code stock}, by the configuration of that name. Needs root. */
final class DovecotServer extends OwnServer {
    private final String kind;
    private final Path home;
    private final Path configuration;
    private final int offset;

    DovecotServer(Path work, String kind, int offset, String password) throws IOException {
        this.kind = kind;
        this.offset = offset;
        home = Files.createDirectories(work.resolve("dovecot-" + kind));
        configuration = home.resolve("dovecot.conf");
        Path mail = Files.createDirectories(home.resolve("mail"));
        Daemon.run("chown", "mail:mail", mail.toString());
        // P-256, as Postrider's own.
        Daemon.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=localhost",
                "-days",
                "30",
                "-keyout",
                home + "/key.pem",
                "-out",
                home + "/certificate.pem");
        String text = Files.readString(Path.of("benchmarks/dovecot-" + kind + ".conf"))
                + Files.readString(Path.of("benchmarks/dovecot-common.conf"));
        Files.writeString(
                configuration,
                text.replace("@DIR@", home.toString())
                        .replace("@PASSWORD@", password)
                        .replace("@IMAP@", String.valueOf(target(0).imap()))
                        .replace("@IMAPS@", String.valueOf(target(0).imaps()))
                        .replace("@POP3@", String.valueOf(target(0).pop3()))
                        .replace("@LMTP@", String.valueOf(target(0).lmtp())));
        start();
    }

    @Override
    public Target target() {
        return target(pid());
    }

    /** As if nobody had ever looked at a message. */
    @Override
    void forget() throws IOException {
        List<Path> caches;
        try (Stream<Path> files = Files.walk(home.resolve("mail"))) {
            caches = files.filter(path -> path.endsWith("dovecot.index.cache")).toList();
        }
        for (Path cache : caches) {
            Files.delete(cache);
        }
    }

    @Override
    public List<String> lastWords() throws IOException {
        return Daemon.lastWords(home.resolve("dovecot.log"));
    }

    @Override
    Daemon launched() throws IOException {
        return Daemon.start(
                List.of("dovecot", "-c", configuration.toString(), "-F"),
                Map.of(),
                home.resolve("output"),
                target(0).imap());
    }

    private Target target(long pid) {
        int base = offset + (kind.equals("tuned") ? 2000 : 3000);
        return new Target("dovecot-" + kind, "127.0.0.1", base + 143, base + 993, base + 110, base + 24, List.of(pid));
    }
}
