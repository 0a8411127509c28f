package io.postrider.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's way to a tenant, pasted into a shell as it stands, against a node that runs. */
class WalkThroughTest {
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @Test
    void aTenantWithThreeDomainsAndAHundredAccountsByCommandLineAndByCurl(@TempDir Path directory) throws Exception {
        try (TestNode node = TestNode.start(directory, "alice")) {
            List<String> blocks = blocks();
            assertEquals(2, blocks.size());
            String commands = run(directory, blocks.get(0), node);
            assertTrue(commands.contains("100 accounts imported"), commands);
            assertTrue(commands.contains("accounts   100"), commands);
            assertTrue(commands.contains("address.create"), commands);
            String api = run(directory, blocks.get(1), node);
            assertTrue(api.contains("\"accounts\":100"), api);
            for (String tenant : List.of("acme", "bcme")) {
                assertEquals(
                        "3 domains, 100 accounts, 102 addresses",
                        node.database()
                                .queryOne("select (select count(*) from domain d where d.tenant_id = t.tenant_id)"
                                        + " || ' domains, ' || (select count(*) from account a where a.tenant_id = t.tenant_id)"
                                        + " || ' accounts, ' || (select count(*) from account a join address x using (account_id)"
                                        + " where a.tenant_id = t.tenant_id) || ' addresses' from tenant t where name = '"
                                        + tenant + "'"));
            }
        }
    }

    private static List<String> blocks() throws IOException {
        String readme = Files.readString(Path.of("../../README.md"));
        String section = readme.substring(readme.indexOf("## A tenant from nothing"));
        Matcher block = BLOCK.matcher(section.substring(0, section.indexOf("\n## ", 1)));
        List<String> blocks = new ArrayList<>();
        while (block.find()) {
            blocks.add(block.group(1));
        }
        return blocks;
    }

    /** Only where the program, the database and the API are is another. */
    private static String run(Path directory, String block, TestNode node) throws Exception {
        Path program = directory.resolve("program");
        Files.writeString(
                program,
                "#!/bin/sh\nexec \"$JAVA\" -XX:TieredStopAtLevel=1 -cp \"$CLASSES\" " + Main.class.getName()
                        + " \"$@\"\n");
        assertTrue(program.toFile().setExecutable(true));
        String here = block.replace("deploy/postrider", program.toString())
                .replace(" --data deploy/local/data", "")
                .replace(
                        "http://127.0.0.1:8081",
                        "http://127.0.0.1:" + node.node().apiPort());
        ProcessBuilder shell = new ProcessBuilder("bash", "-euo", "pipefail", "-c", here)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        shell.environment().put("JAVA", ProcessHandle.current().info().command().orElseThrow());
        shell.environment().put("CLASSES", System.getProperty("java.class.path"));
        shell.environment().put("POSTRIDER_DATABASE_URL", node.database().url());
        Process process = shell.start();
        assertTrue(process.waitFor(240, TimeUnit.SECONDS));
        String output = Files.readString(directory.resolve("output"));
        assertEquals(0, process.exitValue(), output);
        return output;
    }
}
