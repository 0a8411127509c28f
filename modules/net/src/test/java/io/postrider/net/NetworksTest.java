package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworksTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, 11.0.0.0",
        "10.128.0.0/9, 10.128.0.0, 10.127.255.255",
        "192.0.2.4/30, 192.0.2.7, 192.0.2.8",
        "192.0.2.255, 192.0.2.255, 192.0.2.254",
        "0.0.0.0/0, 203.0.113.1, ::1",
        "::/0, 2001:db8::1, 127.0.0.1",
        "2001:db8::/33, 2001:db8:7fff::, 2001:db8:8000::",
        "::1, ::1, ::2",
        "::ffff:192.0.2.0, 192.0.2.0, 192.0.2.1",
        "192.0.2.0/24, ::ffff:192.0.2.9, ::ffff:192.0.3.9",
    })
    void containsWhatHasItsPrefix(String network, String inside, String outside) {
        Networks networks = Networks.of(List.of("198.51.100.0/24", network));
        assertTrue(networks.contains(Networks.address(inside)), inside);
        assertFalse(networks.contains(Networks.address(outside)), outside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0.1/8",
                "2001:db8::/129",
                "2001:db8::1/64",
                "10/8",
                "localhost",
                "*",
                "10.0.0.0/+8",
                "10.0.0.0/9999999999"
            })
    void whatIsNoNetworkIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Networks.of(List.of(text)));
    }

    @Test
    void noneContainsNothing() {
        assertTrue(Networks.NONE.isEmpty());
        assertFalse(Networks.NONE.contains(Networks.address("127.0.0.1")));
    }

    @Test
    void ipv6CountsByNetworkAndIsForgottenWithItsLastConnection() {
        ConnectionsPerAddress one = new ConnectionsPerAddress(1, Networks.NONE);
        assertTrue(one.enter(Networks.address("2001:db8::1")));
        assertFalse(one.enter(Networks.address("2001:db8::ffff:0:0:2")));
        assertTrue(one.enter(Networks.address("2001:db8:0:1::1")));
        one.leave(Networks.address("2001:db8::9"));
        assertTrue(one.enter(Networks.address("2001:db8::2")));
        one.leave(Networks.address("2001:db8::2"));
        one.leave(Networks.address("2001:db8:0:1::1"));
        assertEquals(0, one.addresses());
    }
}
