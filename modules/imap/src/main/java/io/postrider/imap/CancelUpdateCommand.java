package io.postrider.imap;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** CANCELUPDATE: no more news of these searches; tags of none are passed over. RFC 5267 §4.3.5 */
record CancelUpdateCommand(List<String> tags) implements Command {
    static Command parse(CommandReader reader) {
        List<String> tags = new ArrayList<>();
        do {
            reader.space();
            tags.add(new String(reader.string(), StandardCharsets.ISO_8859_1));
        } while (reader.peek() == ' ');
        return new CancelUpdateCommand(tags);
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        session.selected().contexts().cancel(tags);
        return Future.succeededFuture(Completion.of("CANCELUPDATE completed"));
    }
}
