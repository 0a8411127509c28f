package io.postrider.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ModifiedUtf7Test {
    @Test
    void theExampleOfTheRfc() {
        assertEquals(
                "~peter/mail/&U,BTFw-/&ZeVnLIqe-", ModifiedUtf7.encode("~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e"));
    }

    @Test
    void everyNameComesBack() {
        Random random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder name = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                int point = random.nextInt(4) == 0 ? random.nextInt(0x11_0000) : random.nextInt(0x80);
                if (Character.getType(point) != Character.SURROGATE) {
                    name.appendCodePoint(point);
                }
            }
            assertEquals(name.toString(), ModifiedUtf7.decode(ModifiedUtf7.encode(name.toString())));
        }
    }

    @Test
    void whatIsReadIsTheOneEncodingOfItsName() {
        Random random = new Random(6);
        String characters = "&-ABCz+,/ 9~\u00e4";
        for (int round = 0; round < 100_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(10); i > 0; i--) {
                text.append(characters.charAt(random.nextInt(characters.length())));
            }
            try {
                assertEquals(text.toString(), ModifiedUtf7.encode(ModifiedUtf7.decode(text.toString())));
            } catch (BadSyntax none) {
                // as it should be for most
            }
        }
    }
}
