package io.postrider.imap;

import io.postrider.net.ListenerOptions;
import io.postrider.net.ListenerOptions.Tls;

/** The same conversations over TLS: what is cut into records in other places says the same. */
class TlsConversationTest extends ConversationTest {
    @Override
    ListenerOptions listener() {
        return ListenerOptions.loopback("imaps", Tls.IMPLICIT);
    }

    @Override
    String mechanisms() {
        return "AUTH=SCRAM-SHA-256-PLUS " + super.mechanisms();
    }
}
