package io.netty.channel.epoll;

import io.netty.channel.Channel;
import java.io.IOException;

/**
 * Works around Netty 4.2.18: a socket that waits for nothing at a moment (its client has sent all, and has taken all) is
 * taken out of epoll and never put back, so that the next write the kernel does not take at once breaks the connection.
 * In Netty's package, since only there the flags can be set.
 */
public final class StayInEpoll {
    private StayInEpoll() {}

    /** Waits for errors at all times, which epoll reports anyway, so that it never waits for nothing. */
    public static void always(Channel channel) {
        if (channel instanceof AbstractEpollChannel socket) {
            try {
                socket.setFlag(EpollIoOps.EPOLLERR.value());
            } catch (IOException e) {
                socket.close();
            }
        }
    }
}
