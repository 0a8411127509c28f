package io.postrider.server.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** State, limits, protocols and referral of a tenant or an account, as the API takes them. */
final class RulesArguments {
    @Option(
            names = "--limit",
            paramLabel = "NAME=N",
            description =
                    "octets, messages, messageSize, mailboxes, connections, loginsPerMinute, deliveriesPerMinute; of a tenant"
                            + " also accounts. 0 is no limit. May be given several times.")
    private Map<String, Long> limits = new LinkedHashMap<>();

    @Option(
            names = "--protocols",
            paramLabel = "NAME,…",
            split = ",",
            description = "What may be used: some of imap, pop3, lmtp; all for all.")
    private List<String> protocols;

    @Option(names = "--state", paramLabel = "STATE", description = "active, suspended or deleted.")
    private String state;

    @Option(
            names = "--referral",
            paramLabel = "HOST[:PORT]",
            description = "The IMAP server that keeps the mail and that clients are referred to; none for this one.")
    private String referral;

    JsonObject body() {
        JsonObject body = new JsonObject();
        if (!limits.isEmpty()) {
            body.put("limits", new JsonObject(new LinkedHashMap<>(limits)));
        }
        if (protocols != null) {
            body.put("protocols", protocols.equals(List.of("all")) ? null : new JsonArray(protocols));
        }
        if (state != null) {
            body.put("state", state);
        }
        if (referral != null) {
            body.put("referral", referral.equals("none") ? null : referral);
        }
        return body;
    }
}
