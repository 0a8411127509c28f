"""Messages that are hard to take apart, to find and to put in order: those kept beside the parser's tests, and generated ones."""

import base64
import pathlib
import quopri
import random

from running_server import TOP

KEPT = TOP / "modules/message/src/test/resources/io/postrider/message/hard"
# APPEND cannot carry NUL (RFC 3501 §9, CHAR8).
NOT_FOR_APPEND = {"nul-octets"}
SUBJECTS = ["apple", "Banana", "cherry tart", "[list] damson", "Ärger", "été", "naïve plan", "日本語", "Straße", ""]
PEOPLE = ["Adam <adam@example.com>", "bert@example.com", '"Zoë, the first" <zoe@example.com>', "Ärzte <aerzte@example.com>",
          "=?iso-8859-1?q?=D6lga?= <olga@example.com>", "DORA <Dora@example.com>"]
WORDS = "lorem ipsum dolor sit amet grüße ÄPFEL naïve Ελληνικά Москва 日本語 straße fin".split()
CHARSETS = {"utf-8": None, "iso-8859-1": "grüße ÄPFEL naïve straße", "koi8-r": "Москва", "windows-1251": "Москва",
            "iso-2022-jp": "日本語", "shift_jis": "日本語", "gb18030": "日本語 grüße", "iso-8859-7": "Ελληνικά"}


def kept():
    return {path.stem: path.read_bytes() for path in sorted(KEPT.glob("*.eml")) if path.stem not in NOT_FOR_APPEND}


def lines(*all_lines):
    return "".join(line + "\r\n" for line in all_lines).encode("utf-8")


def special():
    """Each a kind of its own."""
    deep = b"\r\ninnermost\r\n"
    for level in range(20):
        deep = (f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n".encode() + deep
                + f"\r\n--b{level}--\r\n".encode())
    within = lines("Subject: the inner message", "From: inner@example.com", "", "inner words")
    for _ in range(5):
        within = b"Subject: wrapped\r\nContent-Type: message/rfc822\r\n\r\n" + within
    return {
        "format-flowed": lines("Subject: flowed", "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes", "",
                               "one long ", "paragraph ", "> quoted"),
        "calendar": lines("Subject: invitation", "Content-Type: multipart/alternative; boundary=c", "", "--c",
                          "Content-Type: text/plain", "", "Please come", "--c",
                          "Content-Type: text/calendar; method=REQUEST; charset=utf-8", "Content-Transfer-Encoding: base64", "",
                          base64.b64encode(b"BEGIN:VCALENDAR\r\nSUMMARY:Banquet\r\nEND:VCALENDAR\r\n").decode(), "--c--"),
        "pgp": lines("Subject: signed", 'Content-Type: multipart/signed; micalg=pgp-sha256; protocol="application/pgp-signature"; '
                     "boundary=p", "", "--p", "Content-Type: text/plain", "", "signed words", "--p",
                     "Content-Type: application/pgp-signature; name=signature.asc", "", "-----BEGIN PGP SIGNATURE-----", "",
                     "iQEz", "-----END PGP SIGNATURE-----", "--p--"),
        "smime": lines("Subject: opaque", "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m",
                       "Content-Transfer-Encoding: base64", "Content-Disposition: attachment; filename=smime.p7m", "",
                       base64.b64encode(bytes(range(256))).decode()),
        "html-and-text": lines("Subject: html", "Content-Type: multipart/alternative; boundary=h", "", "--h",
                               "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "",
                               quopri.encodestring("grüße aus Köln".encode()).decode(), "--h",
                               "Content-Type: text/html; charset=utf-8", "", "<html><style>p {color: hidden}</style>"
                               "<p>Bj&ouml;rn <b>Stra</b>&szlig;e</p></html>", "--h--"),
        "deep-multiparts": b"Subject: deep\r\n" + deep,
        "deep-messages": b"Subject: many within\r\nContent-Type: message/rfc822\r\n\r\n" + within,
        "huge-header": lines("Subject: huge", *[f"X-Filler-{i}: {'x' * 900}" for i in range(60)], "", "small"),
        "many-addresses": lines("Subject: many", "To: " + ",\r\n ".join(f"Person {i} <p{i}@example.com>" for i in range(200)),
                                "", "x"),
        "attached-message": lines("Subject: forwards one", "Content-Type: multipart/mixed; boundary=f", "", "--f", "", "see below",
                                  "--f", "Content-Type: message/rfc822", "", "Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=",
                                  "From: x@example.com", "Content-Type: text/plain; charset=iso-8859-1",
                                  "Content-Transfer-Encoding: base64", "",
                                  base64.b64encode("verstecktes Wort: Öl".encode("iso-8859-1")).decode(), "--f--"),
    }


def conversation(seed=5256, count=120):
    """Mail of a few people over some days: replies, forwards, lost parents, ids that come twice, loops, bad dates."""
    chance = random.Random(seed)
    messages = {}
    ids = []
    for n in range(count):
        subject = chance.choice(SUBJECTS)
        head = [f"From: {chance.choice(PEOPLE)}", f"To: {chance.choice(PEOPLE)}"]
        if chance.random() < .3:
            head.append(f"Cc: {chance.choice(PEOPLE)}")
        if chance.random() < .9:
            day, hour = chance.randrange(1, 28), chance.randrange(24)
            zone = chance.choice(["+0000", "-0800", "+0530", "+0100"])
            head.append(f"Date: {day} Feb 2021 {hour:02d}:{chance.randrange(60):02d}:00 {zone}")
        identity = f"<{n}@{chance.choice('abc')}.example>"
        if ids and chance.random() < .03:
            identity = chance.choice(ids)
        if chance.random() < .95:
            head.append(f"Message-ID: {identity}")
        kind = chance.random()
        if ids and kind < .35:
            parents = chance.sample(ids, min(len(ids), chance.randrange(1, 4)))
            head.append("References: " + "\r\n ".join(parents))
            subject = chance.choice(["Re: ", "RE: ", "Re[2]: ", ""]) + subject
        elif ids and kind < .5:
            head.append(f"In-Reply-To: {chance.choice(ids)}")
            subject = "Re: " + subject
        elif kind < .55:
            head.append(f"References: <lost{chance.randrange(3)}@example>")
        elif kind < .6:
            head.append(f"References: <{n + chance.randrange(1, 9)}@a.example>")
        elif kind < .65:
            subject = f"[fwd: {subject}]"
        elif kind < .7:
            subject += " (fwd)"
        ids.append(identity)
        if chance.random() < .95:
            head.append("Subject: " + encoded(subject, chance))
        charset = chance.choice(list(CHARSETS))
        words = CHARSETS[charset].split() if CHARSETS[charset] else WORDS
        text = " ".join(chance.choice(words) for _ in range(chance.randrange(1, 30)))
        body = text.encode(charset)
        if chance.random() < .5:
            head += [f"Content-Type: text/plain; charset={charset}", "Content-Transfer-Encoding: base64"]
            body = base64.encodebytes(body).replace(b"\n", b"\r\n")
        else:
            head += [f"Content-Type: text/plain; charset={charset}", "Content-Transfer-Encoding: quoted-printable"]
            body = quopri.encodestring(body).replace(b"\n", b"\r\n") + b"\r\n"
        messages[f"conversation-{n}"] = lines("MIME-Version: 1.0", *encoded_people(head), "") + body
    return messages


def encoded(text, chance):
    if text.isascii():
        return text
    if chance.random() < .5:
        return "=?utf-8?b?" + base64.b64encode(text.encode()).decode() + "?="
    return "=?utf-8?q?" + "".join(
        chr(c) if chr(c).isascii() and chr(c).isalnum() else f"={c:02X}" for c in text.encode()) + "?="


def encoded_people(head):
    """No raw 8-bit octets in headers here; the kept messages have some."""
    made = []
    for line in head:
        if not line.isascii() and ":" in line and "<" in line:
            field, value = line.split(": ", 1)
            name, address = value.rsplit(" <", 1)
            line = f"{field}: =?utf-8?b?{base64.b64encode(name.strip(chr(34)).encode()).decode()}?= <{address}"
        made.append(line)
    return made


def everything():
    return {**kept(), **special(), **conversation()}
