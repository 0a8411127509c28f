package io.postrider.net.sasl;

import io.postrider.net.Connection;
import io.postrider.net.ConnectionHandler;
import io.postrider.net.LineFramer;
import io.postrider.net.Protocol;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The least protocol that has SASL: {@code AUTH mechanism [initial response]}, {@code LOGIN name password}, STARTTLS. */
record SaslProtocol(Sasl sasl) implements Protocol {
    @Override
    public String name() {
        return "sasl";
    }

    @Override
    public ConnectionHandler accept(Connection connection) {
        Session session = new Session(connection);
        session.greet();
        return session;
    }

    private final class Session implements ConnectionHandler, LineFramer.Sink {
        private final Connection connection;
        private final LineFramer framer = new LineFramer(20_000, this);
        private SaslExchange exchange;
        private SaslExchange.Success untold;

        Session(Connection connection) {
            this.connection = connection;
        }

        void greet() {
            say("* " + String.join(" ", sasl.mechanisms(connection)));
        }

        @Override
        public void received(Buffer octets) {
            framer.feed(octets);
        }

        @Override
        public void line(byte[] octets) {
            framer.stop();
            String line = new String(octets, StandardCharsets.ISO_8859_1);
            handle(line).onComplete(done -> {
                if (done.failed()) {
                    exchange = null;
                    say(
                            done.cause() instanceof AuthenticationException refused
                                    ? refused.kind().name()
                                    : String.valueOf(done.cause()));
                }
                framer.go();
            });
        }

        private Future<Void> handle(String line) {
            try {
                String[] words = line.split(" ");
                if (untold != null) {
                    say("OK " + untold.account().address());
                    untold = null;
                    return Future.succeededFuture();
                }
                if (exchange != null) {
                    return step(SaslText.decode(line));
                }
                if (words[0].equals("STARTTLS")) {
                    return connection.startTls("go ahead\r\n", framer.unread()).onSuccess(up -> greet());
                }
                if (words[0].equals("LOGIN")) {
                    byte[] password = words[2].getBytes(StandardCharsets.ISO_8859_1);
                    return sasl.authenticator()
                            .authenticate(words[1], password, Origin.of(connection))
                            .onComplete(done -> {
                                if (!Arrays.equals(password, new byte[password.length])) {
                                    connection.fail(new IllegalStateException("the password was not wiped"));
                                }
                            })
                            .onSuccess(account -> say("OK " + account.address()))
                            .mapEmpty();
                }
                exchange = sasl.start(words[1], connection);
                return step(words.length > 2 ? SaslText.decodeInitial(words[2]) : null);
            } catch (AuthenticationException e) {
                return Future.failedFuture(e);
            }
        }

        private Future<Void> step(byte[] response) {
            return exchange.step(response)
                    .onSuccess(step -> {
                        if (step instanceof SaslExchange.Challenge challenge) {
                            say("+ " + SaslText.encode(challenge.octets()));
                        } else if (step instanceof SaslExchange.Success success) {
                            exchange = null;
                            succeed(success);
                        }
                    })
                    .mapEmpty();
        }

        /** What goes with success is told before it. RFC 4422 §3.6 */
        private void succeed(SaslExchange.Success success) {
            if (success.additional() == null) {
                say("OK " + success.account().address());
            } else {
                untold = success;
                say("+ " + SaslText.encode(success.additional()));
            }
        }

        private void say(String line) {
            connection.write(line + "\r\n");
        }

        @Override
        public void lineTooLong() {
            say("too long");
        }

        @Override
        public void inputEnded() {
            connection.close();
        }

        @Override
        public void timedOut() {
            connection.close();
        }

        @Override
        public void shuttingDown() {
            connection.close();
        }

        @Override
        public void closed() {}
    }
}
