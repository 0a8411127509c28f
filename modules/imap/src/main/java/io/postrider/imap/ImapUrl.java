package io.postrider.imap;

import io.postrider.imap.FetchItem.Partial;
import io.postrider.imap.FetchItem.Section;
import io.postrider.message.SectionText;
import io.postrider.store.UidSet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message or a part of one, as an IMAP URL names it. RFC 5092, RFC 5550 §3.1
 *
 * @param server null when it is relative to this server and account
 * @param beside whether the mailbox is named relative to the selected one, which stands for what comes before the last "/"
 * @param mailbox as called on the wire, decoded; null for the selected one
 * @param section of the message; all of it unless named
 */
record ImapUrl(Server server, boolean beside, String mailbox, OptionalLong uidValidity, long uid, Section section) {
    /** Where an account is, for {@code imap:} without TLS or with STARTTLS, so on its port. RFC 5092 §3, §4 */
    record Server(String address, String host) {}

    /** With the scheme, or as network-path without it; an account must be named, for without one it is anybody's mail. */
    private static final Pattern NETWORK_PATH = Pattern.compile(
            "(?:imap:)?//(?<account>[^/;@]+)(?:;AUTH=[^/;@]+)?@(?<host>[^/;@:]+)(?::143)?(?<path>/.*)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern FORM = Pattern.compile(
            "(?:(?<root>/?)(?<mailbox>[^;/:][^;]*?)(?:;UIDVALIDITY=(?<validity>\\d{1,10}))?/)?" // RFC 5092 §6
                    + ";UID=(?<uid>\\d{1,10})"
                    + "(?:/;SECTION=(?<section>[^;]*?))?"
                    + "(?:/;PARTIAL=(?<first>\\d{1,10})(?:\\.(?<count>\\d{1,10}))?)?",
            Pattern.CASE_INSENSITIVE);
    private static final Section WHOLE = new Section("", List.of(), SectionText.ALL, null, false, null);

    /** Null when it is none that we know. */
    static ImapUrl parse(String url) {
        Matcher network = NETWORK_PATH.matcher(url);
        boolean absolute = network.matches();
        Matcher matcher = FORM.matcher(absolute ? network.group("path") : url);
        if (!matcher.matches()) {
            return null;
        }
        try {
            Server server = absolute ? new Server(decoded(network.group("account")), network.group("host")) : null;
            String mailbox = matcher.group("mailbox");
            String validity = matcher.group("validity");
            long uid = Long.parseLong(matcher.group("uid"));
            Section section = section(matcher);
            if (uid == 0 || uid > UidSet.MAX_UID) {
                return null;
            }
            return new ImapUrl(
                    server,
                    mailbox != null && matcher.group("root").isEmpty(),
                    mailbox == null ? null : decoded(mailbox),
                    validity == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(validity)),
                    uid,
                    section);
        } catch (BadSyntax | CharacterCodingException e) {
            return null;
        }
    }

    private static Section section(Matcher matcher) throws CharacterCodingException {
        Section section = WHOLE;
        if (matcher.group("section") != null) {
            byte[] item = ("BODY.PEEK[" + decoded(matcher.group("section")) + "]").getBytes(StandardCharsets.UTF_8);
            CommandReader reader = new CommandReader(item);
            section = (Section) FetchItem.read(reader);
            reader.end();
        }
        if (matcher.group("first") == null) {
            return section;
        }
        String count = matcher.group("count");
        Partial partial = new Partial(
                Long.parseLong(matcher.group("first")), count == null ? Long.MAX_VALUE : Long.parseLong(count));
        return new Section("", section.path(), section.text(), section.fields(), false, partial);
    }

    /** As the name of whoever is to log in. RFC 5092 §11 lets more stand as it is; nobody minds. */
    static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            boolean unreserved = octet >= 0 && (Character.isLetterOrDigit(octet) || "-._~".indexOf(octet) >= 0);
            encoded.append(unreserved ? String.valueOf((char) octet) : "%%%02X".formatted(octet));
        }
        return encoded.toString();
    }

    /** Percent-encoded UTF-8. RFC 3986 §2.1 */
    private static String decoded(String text) throws CharacterCodingException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                octets.write(c);
                continue;
            }
            int octet = i + 2 < text.length()
                    ? Character.digit(text.charAt(i + 1), 16) << 4 | Character.digit(text.charAt(i + 2), 16)
                    : -1;
            if (octet < 0) {
                throw new CharacterCodingException();
            }
            octets.write(octet);
            i += 2;
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(octets.toByteArray()))
                .toString();
    }
}
