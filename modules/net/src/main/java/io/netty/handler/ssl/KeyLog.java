package io.netty.handler.ssl;

import io.netty.internal.tcnative.KeyLogCallback;
import io.netty.internal.tcnative.SSLContext;

/**
 * Lets one hear the secrets of a context's connections, as they would stand in a key log file. In Netty's package, since only
 * there the context that its native library knows can be had: what {@code sslCtxPointer()} gives is another, and crashes.
 */
public final class KeyLog {
    private KeyLog() {}

    /** From now on; never for the JDK's TLS. */
    public static void listen(SslContext context, KeyLogCallback listener) {
        if (context instanceof ReferenceCountedOpenSslContext openSsl) {
            SSLContext.setKeyLogCallback(openSsl.ctx, listener);
        }
    }
}
