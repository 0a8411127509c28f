package io.postrider.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelBindingsTest {
    /** What OpenSSL 3.0's s_client wrote with -keylogfile and -keymatexport, for both hashes of TLS 1.3. */
    @ParameterizedTest
    @CsvSource({
        "6ef18b16ac03025929c2c4a5935383ea95cd758ffc58920459b5f36936fe3951,"
                + "217c64738a368314f0978f96993c355c4fdee3cb65d884f1155eef10b43e7fd6",
        "30ac4ad9a75b1dff9531114ca989143bed8e37b77daf43c8dfca1e895bfc920502e12d75aeab7ee0635f2df8bde5db52,"
                + "29889ad3b69237c819f01bb8a50902c2ab38322d99c8a0b23b40be92f8d15134"
    })
    void keyMaterialIsWhatOpenSslExports(String secret, String exported) {
        HexFormat hex = HexFormat.of();
        assertArrayEquals(
                hex.parseHex(exported),
                ExporterSecrets.export(
                        hex.parseHex(secret), ChannelBindings.EXPORTER_LABEL, ChannelBindings.EXPORTER_OCTETS));
    }
}
