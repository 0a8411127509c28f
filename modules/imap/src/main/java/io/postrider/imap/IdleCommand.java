package io.postrider.imap;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;

/**
 * IDLE: news as they happen, until the client says DONE. Also with no mailbox selected: Outlook does that. RFC 2177 §3
 *
 * <p>DONE may have come in the same packet as IDLE, with the next commands behind it: iOS does that.
 */
record IdleCommand() implements Command {
    static Command parse(CommandReader reader) {
        return new IdleCommand();
    }

    @Override
    public Future<Completion> run(ImapSession session) {
        session.requestContinuation("idling");
        Watch watch = new Watch(session);
        watch.start();
        session.nextLine().map(IdleCommand::mustBeDone).onComplete(ended -> watch.stop(ended.cause()));
        return watch.stopped().map(Completion.of("IDLE completed"));
    }

    private static Void mustBeDone(byte[] line) {
        if (!new String(line, StandardCharsets.ISO_8859_1).strip().equalsIgnoreCase("DONE")) {
            throw new BadSyntax("Expected DONE");
        }
        return null;
    }

    /** Looks for news while the client idles: one look at a time, and none while the client does not take what it gets. */
    private static final class Watch {
        private final ImapSession session;
        private final Promise<Void> stopped = Promise.promise();
        private long stillHere;
        private boolean looking;
        private boolean resting;
        private boolean lookAgain;
        private boolean stopping;
        private Throwable failure;

        Watch(ImapSession session) {
            this.session = session;
        }

        void start() {
            long interval = session.limits().stillHere().toMillis();
            stillHere = session.connection().context().owner().setPeriodic(interval, id -> stillHere());
            session.news().inIdle(this::look);
            look();
        }

        Future<Void> stopped() {
            return stopped.future();
        }

        /** Ends when what is being written has been written. */
        void stop(Throwable why) {
            if (stopping) {
                return;
            }
            stopping = true;
            failure = why;
            session.connection().context().owner().cancelTimer(stillHere);
            session.news().inIdle(null);
            if (!looking) {
                end();
            }
        }

        private void look() {
            if (looking || resting) {
                lookAgain = true;
                return;
            }
            looking = true;
            lookAgain = false;
            Future<Void> looked = session.connection().drained().compose(taken -> session.news()
                    .look());
            session.connection().when(looked, done -> looked(done.cause()));
        }

        private void looked(Throwable cause) {
            looking = false;
            if (stopping) {
                end();
            } else if (session.state() == ImapSession.State.LOGOUT) {
                stop(cause);
            } else {
                // A failure for now: the hint stays, and the next one or "Still here" tries again.
                resting = true;
                session.connection().context().owner().setTimer(session.news().restMillis(), id -> rested());
            }
        }

        private void rested() {
            resting = false;
            if (lookAgain && !stopping) {
                look();
            }
        }

        private void stillHere() {
            if (session.connection().drained().succeeded()) {
                session.connection().write("* OK Still here\r\n");
            }
            if (session.news().mayHaveCome()) {
                look();
            }
        }

        private void end() {
            if (failure == null) {
                stopped.tryComplete();
            } else {
                stopped.tryFail(failure);
            }
        }
    }
}
