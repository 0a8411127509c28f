package io.postrider.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told to stop ends, whatever its steps do. */
class ShutdownTest {
    /** A server without anything, whose stop goes as told. */
    static final class Main {
        private Main() {}

        public static void main(String[] how) throws InterruptedException {
            Shutdown shutdown = new Shutdown(Duration.ofMillis(100));
            shutdown.push(Duration.ZERO, () -> System.out.println("the first step"));
            switch (how[0]) {
                case "error" ->
                    shutdown.push(Duration.ofSeconds(30), () -> {
                        throw new NoClassDefFoundError("io/postrider/BuiltAnew");
                    });
                case "hang" -> shutdown.push(Duration.ofMillis(100), ShutdownTest::hang);
                default -> shutdown.push(Duration.ofHours(1), ShutdownTest::hang);
            }
            shutdown.serving();
            System.out.println("serving");
            new CountDownLatch(1).await();
        }
    }

    private static void hang() {
        System.out.println("hanging");
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Process start(String how) throws IOException {
        return start(how, System.getProperty("java.class.path"));
    }

    private static Process start(String how, String classPath) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        Main.class.getName(),
                        how)
                .redirectErrorStream(true)
                .start();
    }

    private static String await(BufferedReader out, String wanted) throws IOException {
        String line = out.readLine();
        while (line != null && !line.contains(wanted)) {
            line = out.readLine();
        }
        assertTrue(line != null, "never said " + wanted);
        return line;
    }

    private static BufferedReader out(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static int status(Process process) throws InterruptedException {
        try {
            assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it still runs");
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aClassThatCannotBeHadAnyMoreHoldsUpNoOtherStep() throws Exception {
        Process process = start("error");
        BufferedReader out = out(process);
        await(out, "serving");
        process.toHandle().destroy();
        String rest = out.lines().collect(Collectors.joining("\n"));
        assertTrue(rest.contains("io/postrider/BuiltAnew") && rest.contains("the first step"), rest);
        assertEquals(PostriderCommand.FAILED, status(process));
    }

    @Test
    void withAllClassesGoneTheOtherStepsAreDone(@TempDir Path directory) throws Exception {
        Path built = Path.of(Shutdown.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path ours = directory.resolve("classes");
        try (Stream<Path> all = Files.walk(built)) {
            for (Path each : all.toList()) {
                Files.copy(each, ours.resolve(built.relativize(each).toString()));
            }
        }
        Process process =
                start("error", System.getProperty("java.class.path").replace(built.toString(), ours.toString()));
        BufferedReader out = out(process);
        await(out, "serving");
        Files.move(ours, directory.resolve("gone"));
        process.toHandle().destroy();
        String rest = out.lines().collect(Collectors.joining("\n"));
        assertTrue(rest.contains("the first step"), rest);
        assertEquals(PostriderCommand.FAILED, status(process));
    }

    @Test
    void aStepWithoutEndIsCutOff() throws Exception {
        Process process = start("hang");
        await(out(process), "serving");
        process.toHandle().destroy();
        assertEquals(PostriderCommand.FAILED, status(process));
    }

    @Test
    void theThirdSignalEndsItAtOnce() throws Exception {
        Process process = start("long");
        BufferedReader out = out(process);
        await(out, "serving");
        process.toHandle().destroy();
        await(out, "hanging");
        process.toHandle().destroy();
        await(out, "hurrying");
        process.toHandle().destroy();
        assertEquals(128 + 15, status(process));
    }
}
