package io.postrider.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AddressParserTest {
    /** name|route|mailbox|host, null as a dash, addresses with a space between. */
    private static String parse(String field) {
        List<Address> addresses = AddressParser.parse(field, ParserLimits.ADDRESSES);
        return addresses.stream()
                .map(a ->
                        orDash(a.name()) + "|" + orDash(a.route()) + "|" + orDash(a.mailbox()) + "|" + orDash(a.host()))
                .collect(Collectors.joining(" & "));
    }

    private static String orDash(String text) {
        return text == null ? "-" : text;
    }

    @Test
    void addressesAsTheyShouldBe() {
        assertEquals("-|-|ann|example.com", parse("ann@example.com"));
        assertEquals("Ann Lee|-|ann|example.com", parse("Ann Lee <ann@example.com>"));
        assertEquals("Lee, Ann \"A\"|-|ann|example.com", parse("\"Lee, Ann \\\"A\\\"\" <ann@example.com>"));
        assertEquals("-|-|a|x & B|-|b|y & -|-|c|z", parse("a@x, B <b@y>,c@z"));
        assertEquals("J. Doe|-|j|x", parse("J. Doe <j@x>"));
        assertEquals("-|-|a b|x", parse("\"a b\"@x"));
        assertEquals("-|-|a@b|x", parse("<\"a@b\"@x>"));
        assertEquals("-|-|a|[127.0.0.1]", parse("a@[127.0.0.1]"));
        assertEquals("=?utf-8?Q?J=C3=B6?=|-|j|x", parse("=?utf-8?Q?J=C3=B6?= <j@x>"));
        assertEquals("", parse(""));
        assertEquals("", parse("  "));
    }

    @Test
    void obsoleteForms() {
        assertEquals("Ann|@a,@b|ann|example.com", parse("Ann <@a,@b:ann@example.com>"));
        assertEquals("Ann Lee|-|ann|example.com", parse("ann@example.com (Ann Lee)"));
        assertEquals("a (nested) comment|-|ann|example.com", parse("(a (nested) comment) ann @ example.com"));
        assertEquals("-|-|a|x & -|-|b|y", parse("a@x,, ,b@y,"));
    }

    @Test
    void groups() {
        assertEquals("-|-|team|- & -|-|a|x & B|-|b|y & -|-|-|-", parse("team: a@x, B <b@y>;"));
        assertEquals("-|-|undisclosed-recipients|- & -|-|-|-", parse("undisclosed-recipients:;"));
        assertEquals("-|-|t|- & -|-|a|x & -|-|-|- & -|-|b|y", parse("t:a@x;, b@y"));
        assertEquals("-|-|never ended|- & -|-|a|x & -|-|-|-", parse("never ended: a@x"));
        assertEquals("-|-|t|- & u:|-|a|x & -|-|-|-", parse("t: u: a@x;"));
    }

    @Test
    void whatPeopleWriteWrong() {
        assertEquals("-|-|a|x & -|-|b|y", parse("a@x; b@y"));
        assertEquals("-|-|a|x & -|-|b|y", parse("a@x b@y"));
        assertEquals("Ann|-|ann|example.com", parse("Ann ann@example.com"));
        assertEquals("Ann|-|ann|example.com", parse("Ann <ann@example.com"));
        assertEquals("Ann|-|ann|example.com & -|-|b|y", parse("Ann <ann@example.com, b@y"));
        assertEquals("-|-|a|x & B|-|b|y", parse("<a@x> B <b@y>"));
        assertEquals("-|-|root|", parse("root"));
        assertEquals("Mail Delivery|-||", parse("Mail Delivery"));
        assertEquals("Ann|-|ann|", parse("Ann <ann>"));
        assertEquals("Ann|-||", parse("Ann <>"));
        assertEquals("a@b|-|c|d", parse("a@b <c@d>"));
        assertEquals("-|-|a@b|c", parse("a@b@c"));
        assertEquals("open|-|a|x", parse("\"open\" <a@x> ("));
        assertEquals(",,,|-||", parse(",,,"));
        assertEquals("-|-||x", parse("@x"));
        assertEquals(">|-||", parse(">"));
    }
}
