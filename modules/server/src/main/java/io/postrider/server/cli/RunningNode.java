package io.postrider.server.cli;

import io.postrider.server.Logging;
import io.postrider.server.Node;
import io.postrider.server.config.Configuration;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node for as long as the process lives. */
final class RunningNode {
    private static final Logger LOG = LoggerFactory.getLogger(RunningNode.class);
    /** For closing what is behind the listeners, which have the configured grace for themselves. */
    private static final long CLOSE_SECONDS = 15;

    private RunningNode() {}

    /** Starts it, waiting until it serves. */
    static Node start(Configuration configuration, Shutdown shutdown) {
        Logging.level(configuration.log().level());
        if (configuration.log().json()) {
            Logging.json();
        }
        Node node = OpenStore.wait(Node.start(configuration));
        Duration longest = configuration.shutdown().longest().plusSeconds(CLOSE_SECONDS);
        shutdown.push(longest, () -> OpenStore.wait(node.stop(), longest.toSeconds()));
        shutdown.onHurry(node::hurry);
        LOG.info("serving: {}", node.listening());
        shutdown.serving();
        return node;
    }
}
