package io.postrider.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Postrider as the quick start runs it, with a PostgreSQL of its own, which counts as part of it. */
final class PostriderServer extends OwnServer {
    private final Path data;
    private final Path accounts;
    private final int offset;

    /** @param logins the accounts it is to have, all with one password */
    PostriderServer(Path work, int offset, List<String> logins, String password) throws IOException {
        data = Files.createDirectories(work.resolve("postrider"));
        accounts = work.resolve("accounts.csv");
        this.offset = offset;
        Files.write(
                accounts, logins.stream().map(login -> login + "," + password).toList());
        start();
    }

    @Override
    public Target target() {
        return new Target(
                "postrider",
                "127.0.0.1",
                1143 + offset,
                1993 + offset,
                1110 + offset,
                1024 + offset,
                List.of(pid(), postmaster()));
    }

    /** Collects garbage, twice: what is found by one collection is freed by the next. */
    @Override
    public void tidy() throws IOException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        for (int i = 0; i < 2; i++) {
            Daemon.run(jcmd.toString(), String.valueOf(pid()), "GC.run");
        }
    }

    @Override
    public List<String> lastWords() throws IOException {
        return Daemon.lastWords(data.resolve("log"));
    }

    @Override
    Daemon launched() throws IOException {
        List<String> command = new ArrayList<>(List.of("deploy/postrider", "demo"));
        command.addAll(List.of("--data", data.toString()));
        command.addAll(List.of("--port-offset", String.valueOf(offset)));
        command.addAll(List.of("--accounts", accounts.toString()));
        return Daemon.start(command, Map.of(), data.resolve("log"), 1143 + offset);
    }

    /** PostgreSQL makes itself nobody's child. */
    private long postmaster() {
        try (Stream<Path> files = Files.find(data, 6, (path, a) -> path.endsWith("postmaster.pid"))) {
            return Long.parseLong(
                    Files.readAllLines(files.findFirst().orElseThrow()).get(0).trim());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
