#!/usr/bin/env python3
"""Hard messages given to Postrider and to Dovecot, and to Python's email package: what is told of them must be the same, or
the difference must be explained here. An explanation for what no longer differs is an error too."""

import base64
import email
import email.policy
import quopri
import re
import unittest

import hard_messages
from dovecot import Dovecot
from running_server import PLAIN_PASSWORD, RunningServer
from wire import Wire

USER = "beside@example.com"
servers = {}
uids = []
names = []

LINE_ENDS = "Dovecot makes a bare LF into CRLF when it stores a message; here octets are kept as they came."
HTML_CHARSET = "US-ASCII is the default of text/plain alone (RFC 2045 5.2); Dovecot says it of HTML as well."
RAW = "Raw 8-bit octets become encoded words, since ENVELOPE and BODYSTRUCTURE are 7-bit; Dovecot sends them as they are."
NAMELESS = "What an address lacks is empty; Dovecot puts MISSING_MAILBOX, MISSING_DOMAIN or SYNTAX_ERROR there."
DELIMITERS = "Delimiters are told from text by the whole line, and a multipart ends with its parent; see the message's .expected."
ENCODED = "A message may not be encoded (RFC 2046 5.2.1), so what is inside is opaque; Dovecot shows an empty message."

# message -> item -> why it is told differently
EXPLAINED = {
    "bare-line-feeds": {"RFC822.SIZE": LINE_ENDS, "BODYSTRUCTURE": LINE_ENDS, "SECTIONS": LINE_ENDS},
    "mixed-line-ends": {"RFC822.SIZE": LINE_ENDS, "SECTIONS": LINE_ENDS},
    "bounce": {"BODYSTRUCTURE": HTML_CHARSET, "PYTHON": "Python takes message/delivery-status apart into header blocks."},
    "boundaries-that-begin-alike": {"BODYSTRUCTURE": DELIMITERS, "SECTIONS": DELIMITERS},
    "delimiters-with-white-space": {"BODYSTRUCTURE": DELIMITERS, "SECTIONS": DELIMITERS},
    "encoded-message-within": {"BODYSTRUCTURE": ENCODED, "SECTIONS": ENCODED},
    "footer-behind-closing-delimiter": {"BODYSTRUCTURE": DELIMITERS, "SECTIONS": DELIMITERS},
    "headers-of-parameters": {
        "BODYSTRUCTURE": "Comments in fields are passed over and parameters kept as they were cut up (RFC 2231); Dovecot joins"
                         " them, and misses the encoding behind a comment.",
        "PYTHON": "Python does not pass over the comment before base64.",
    },
    "no-closing-delimiter": {"BODYSTRUCTURE": HTML_CHARSET},
    "no-empty-line": {"SECTIONS": "A message without body has no empty line to give with HEADER.FIELDS (RFC 3501 6.4.5)."},
    "parts-that-are-nothing-but-delimiters": {"BODYSTRUCTURE": HTML_CHARSET, "SECTIONS": DELIMITERS},
    "raw-utf8-header": {"ENVELOPE": RAW, "BODYSTRUCTURE": RAW},
    "raw-latin1-header": {"ENVELOPE": RAW},
    "groups-and-oddities": {"ENVELOPE": NAMELESS + " The group that is not closed ends with its field."},
}
# query, messages ("*" for any) and why only one of the two finds them
EXPLAINED_SEARCHES = [
    ("(TEXT|BODY|SUBJECT) (GRÜSSE|strasse)", "*", "Sharp s is folded to ss, as the full case mapping of Unicode has it."),
    ("SUBJECT (grüße|GRÜSSE|gr)", "raw-latin1-header", "Raw octets that are not UTF-8 are read as Windows-1252."),
    ("TEXT (grüße|GRÜSSE|gr)", "raw-latin1-header", "Raw octets that are not UTF-8 are read as Windows-1252."),
    ("BODY grüße", "attached-message", "The header of an attached message is decoded, and searched with the body."),
    ("(TEXT|BODY) (straße|Björn)", "html-and-text", "HTML is searched as the text it shows, its entities resolved."),
    ("(TEXT|BODY) (hidden|color)", "html-and-text", "HTML is searched as the text it shows, without its style sheet."),
    ("SENTBEFORE .*", "*", "A message without a date was not sent before another date; for Dovecot it is of 1970."),
]
# criterion, message and why it stands elsewhere
EXPLAINED_ORDERS = [
    ("SIZE", "bare-line-feeds", LINE_ENDS),
    ("SIZE", "mixed-line-ends", LINE_ENDS),
    ("CC", "groups-and-oddities", NAMELESS),
    ("SUBJECT", "raw-latin1-header", "Raw octets that are not UTF-8 are read as Windows-1252."),
    ("DISPLAYFROM", "raw-latin1-header", "Raw octets that are not UTF-8 are read as Windows-1252."),
]


def setUpModule():
    try:
        servers["postrider"] = RunningServer(["beside"])
        servers["postrider"].start()
        servers["dovecot"] = Dovecot()
        fill()
    except BaseException:
        tearDownModule()
        raise


def fill():
    messages = hard_messages.everything()
    names.extend(messages)
    uids.extend(range(1, len(names) + 1))
    ours, theirs = connect()
    for number, octets in enumerate(messages.values()):
        # Internal dates fall, so that nothing is right by accident.
        date = f"{28 - number % 28:02d}-Mar-2021 10:{number % 60:02d}:00 +0000"
        for wire in (ours, theirs):
            wire.append("INBOX", date, octets)
    ours.close()
    theirs.close()


def tearDownModule():
    for server in servers.values():
        server.close()


def connect():
    ours = Wire(servers["postrider"].imap, USER, PLAIN_PASSWORD)
    theirs = Wire(servers["dovecot"].port, USER, PLAIN_PASSWORD)
    return ours, theirs


def selected():
    ours, theirs = connect()
    for wire in (ours, theirs):
        wire.ok("EXAMINE INBOX")
    return ours, theirs


def sections(structure, path=""):
    """Every section there is, by BODYSTRUCTURE."""
    if isinstance(structure[0], list):
        for number, part in enumerate([part for part in structure if isinstance(part, list)
                                       and part and isinstance(part[0], (list, bytes)) and is_part(part)], 1):
            yield from part_sections(part, f"{path}{number}")
    else:
        yield f"{path}1"
        if structure[0].lower() == b"message" and structure[1].lower() == b"rfc822":
            yield from message_sections(structure, f"{path}1")


def is_part(value):
    if isinstance(value[0], list):
        return any(isinstance(v, bytes) for v in value)
    return len(value) >= 7 and isinstance(value[1], bytes)


def part_sections(part, path):
    yield path
    yield path + ".MIME"
    if isinstance(part[0], list):
        yield from sections(part, path + ".")
    elif part[0].lower() == b"message" and part[1].lower() == b"rfc822":
        yield from message_sections(part, path)


def message_sections(part, path):
    yield path + ".HEADER"
    yield path + ".TEXT"
    yield from sections(part[8], path + ".")


def plain(value):
    """Words of a structure without regard to case."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.lower() if isinstance(value, bytes) else value


class Messages(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        self.ours, self.theirs = selected()
        self.addCleanup(self.ours.close)
        self.addCleanup(self.theirs.close)

    def differing(self, item, ask):
        """Messages of which the two tell differently, with both answers."""
        differences = {}
        for uid, name in zip(uids, names):
            ours, theirs = ask(self.ours, uid), ask(self.theirs, uid)
            if ours != theirs:
                if isinstance(ours, dict):
                    ours, theirs = ({k: v for k, v in one.items() if other.get(k) != v}
                                    for one, other in ((ours, theirs), (theirs, ours)))
                differences[name] = f"\n  ours   {ours}\n  theirs {theirs}"
        self.assert_explained(item, differences)

    def assert_explained(self, item, differences):
        explained = {name for name, items in EXPLAINED.items() if item in items}
        unexplained = {name: what for name, what in differences.items() if name not in explained}
        self.assertFalse(bool(unexplained), item + " differ: " + "".join(f"\n{n}: {w}" for n, w in unexplained.items()))
        self.assertFalse(bool(explained - set(differences)), item + " no longer differ; take the explanation out")

    def test_envelope(self):
        self.differing("ENVELOPE", lambda wire, uid: wire.fetch(uid, "ENVELOPE")[b"ENVELOPE"])

    def test_bodystructure(self):
        self.differing("BODYSTRUCTURE", lambda wire, uid: plain(wire.fetch(uid, "BODYSTRUCTURE")[b"BODYSTRUCTURE"]))

    def test_size(self):
        self.differing("RFC822.SIZE", lambda wire, uid: wire.fetch(uid, "RFC822.SIZE"))

    def test_every_section(self):
        def ask(wire, uid):
            known = wire.fetch(uid, "BODYSTRUCTURE")[b"BODYSTRUCTURE"]
            all_sections = ["", "HEADER", "TEXT", "HEADER.FIELDS (SUBJECT TO X-NONE)", *sections(known)]
            return {section: list(wire.fetch(uid, f"BODY.PEEK[{section}]").values())[-1] for section in all_sections}

        self.differing("SECTIONS", ask)

    def test_pythons_parser(self):
        """The leaves, their types and their decoded octets, of messages in which Python finds nothing wrong."""
        differences = {}
        for (name, octets), uid in zip(hard_messages.everything().items(), uids):
            parsed = email.message_from_bytes(octets, policy=email.policy.compat32)
            if any(part.defects for part in parsed.walk()):
                continue
            theirs = [(part.get_content_type().encode(), part.get_payload(decode=True))
                      for part in parsed.walk() if not part.is_multipart()]
            structure = self.ours.fetch(uid, "BODYSTRUCTURE")[b"BODYSTRUCTURE"]
            ours = [(kind, decoded(self.ours.fetch(uid, f"BODY.PEEK[{path}]"), encoding))
                    for path, kind, encoding in leaves(structure)]
            if ours != theirs:
                differences[name] = f"\n  ours   {ours}\n  theirs {theirs}"
        self.assert_explained("PYTHON", differences)


def leaves(structure, path="", inner=True):
    """Path, media type and transfer encoding of each part that has no parts."""
    if isinstance(structure[0], list):
        parts = [part for part in structure if isinstance(part, list) and part and is_part(part)]
        for number, part in enumerate(parts[:count_parts(structure)], 1):
            yield from leaves(part, f"{path}.{number}" if path else str(number), False)
        return
    own = (path + ".1" if path else "1") if inner else path
    if structure[0].lower() == b"message" and structure[1].lower() == b"rfc822":
        yield from leaves(structure[8], own)
    else:
        yield own, (structure[0] + b"/" + structure[1]).lower(), structure[5].lower()


def count_parts(structure):
    """Parts stand before the subtype."""
    return next(i for i, value in enumerate(structure) if isinstance(value, bytes))


def decoded(fetched, encoding):
    octets = list(fetched.values())[-1]
    if encoding == b"base64":
        return base64.b64decode(octets)
    return quopri.decodestring(octets) if encoding == b"quoted-printable" else octets


class Finding(unittest.TestCase):
    def setUp(self):
        self.ours, self.theirs = selected()
        self.addCleanup(self.ours.close)
        self.addCleanup(self.theirs.close)

    def queries(self):
        for word in [*hard_messages.WORDS, "GRÜSSE", "μοσκβα", "москва", "MOSKVA", "Banquet", "signed words", "Björn", "hidden",
                     "verstecktes", "Öl", "innermost", "inner words", "strasse", "paragraph", "color"]:
            octets = word.encode()
            literal = b"{%d+}\r\n%s" % (len(octets), octets)
            for key in (b"TEXT ", b"BODY ", b"SUBJECT "):
                yield key.decode() + word, b"CHARSET UTF-8 " + key + literal
        for subject in ["apple", "ärger", "[list", "RE:", "日本", "gr"]:
            octets = subject.encode()
            yield "SUBJECT " + subject, b"CHARSET UTF-8 SUBJECT {%d+}\r\n%s" % (len(octets), octets)
        for key in ["FROM adam", "FROM {4+}\r\nzoë", "TO bert", "CC example.com", "CC dora", 'HEADER Message-ID "<5@"', 'HEADER X-Filler-3 ""',
                    'HEADER References "lost1"', "SENTSINCE 10-Feb-2021", "SENTBEFORE 3-Feb-2021", "SENTON 7-Feb-2021",
                    "SINCE 10-Mar-2021", "BEFORE 3-Mar-2021", "ON 4-Mar-2021", "LARGER 1000", "SMALLER 300",
                    "OR FROM adam NOT TO bert", "NOT (SENTON 7-Feb-2021 OR FROM olga SUBJECT apple)", "1:5,17,30:*",
                    "UID 3:9 NOT 4", "UNSEEN LARGER 500", "HEADER Subject re"]:
            yield key, b"CHARSET UTF-8 " + key.encode()

    def test_search(self):
        differences = {}
        for name, query in self.queries():
            ours = self.ours.result(b"SEARCH", b"UID SEARCH " + query)
            theirs = self.theirs.result(b"SEARCH", b"UID SEARCH " + query)
            if ours != theirs:
                differences[name] = set(ours.split()) ^ set(theirs.split())
        used = set()
        unexplained = {}
        for query, uids_of_one in differences.items():
            for message in named(uids_of_one):
                rules = [rule for rule in EXPLAINED_SEARCHES
                         if re.fullmatch(rule[0], query) and rule[1] in ("*", message)]
                used.update(rules)
                if not rules:
                    unexplained.setdefault(query, []).append(message)
        self.assertEqual({}, unexplained, "found by one of the two only")
        self.assertEqual([], [rule for rule in EXPLAINED_SEARCHES if rule not in used], "no longer differ")

    def test_sort(self):
        used = set()
        for criteria in ["ARRIVAL", "CC", "DATE", "FROM", "SIZE", "SUBJECT", "TO", "DISPLAYFROM", "DISPLAYTO", "REVERSE DATE",
                         "REVERSE SUBJECT DATE", "SUBJECT REVERSE DATE", "FROM SUBJECT", "REVERSE SIZE ARRIVAL"]:
            query = f"UID SORT ({criteria}) UTF-8 ALL".encode()
            ours, theirs = self.ours.result(b"SORT", query), self.theirs.result(b"SORT", query)
            for rule in EXPLAINED_ORDERS:
                if ours != theirs and rule[0] in criteria.split():
                    used.add(rule)
            out_of_place = {rule[1] for rule in EXPLAINED_ORDERS if rule[0] in criteria.split()}
            self.assertEqual(without(theirs, out_of_place), without(ours, out_of_place), criteria)
        self.assertEqual([], [rule for rule in EXPLAINED_ORDERS if rule not in used], "no longer differ")

    def test_thread(self):
        for algorithm in ["ORDEREDSUBJECT", "REFERENCES", "REFS"]:
            for keys in ["ALL", "FROM adam", "UID 40:100", "SUBJECT apple", "SENTSINCE 14-Feb-2021"]:
                query = f"UID THREAD {algorithm} UTF-8 {keys}".encode()
                ours, theirs = self.ours.result(b"THREAD", query), self.theirs.result(b"THREAD", query)
                self.assertEqual(roots(theirs), roots(ours), f"{algorithm} {keys}")


def without(numbers, messages):
    return [names[int(number) - 1] for number in numbers.split() if names[int(number) - 1] not in messages]


def named(numbers):
    return sorted(names[int(number) - 1] for number in numbers)


def roots(threads):
    """The threads at the top, one by one."""
    found, depth, start = [], 0, 0
    for at, octet in enumerate(threads):
        if octet == ord("("):
            if depth == 0:
                start = at
            depth += 1
        elif octet == ord(")"):
            depth -= 1
            if depth == 0:
                found.append(threads[start:at + 1].decode())
    return found


if __name__ == "__main__":
    unittest.main()
