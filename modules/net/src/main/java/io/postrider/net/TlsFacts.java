package io.postrider.net;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import javax.net.ssl.SSLEngine;

/**
 * What a connection's handshake has settled.
 *
 * @param version TLSv1.3 or TLSv1.2; null before TLS is up
 * @param bindings what a login may be bound to
 * @param clientAddresses of the certificate that the client has shown, if our authority vouches for it
 */
record TlsFacts(String version, ChannelBindings bindings, List<String> clientAddresses) {
    static final TlsFacts NONE = new TlsFacts(null, ChannelBindings.NONE, List.of());

    /** Asked once, right behind the handshake. */
    static TlsFacts of(Channel channel, TlsContexts contexts) {
        SSLEngine engine = channel.pipeline().get(SslHandler.class).engine();
        return new TlsFacts(
                engine.getSession().getProtocol(),
                contexts.bindings(channel, engine),
                ClientCertificate.addresses(engine.getSession()));
    }
}
