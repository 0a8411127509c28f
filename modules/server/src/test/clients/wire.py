"""As much of IMAP as it takes to ask two servers the same and compare what they say: responses become nested lists."""

import re
import socket


class Atom(bytes):
    """What stood there without quotes."""


class Wire:
    def __init__(self, port, user, password):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.file = self.socket.makefile("rb")
        self.line()
        self.tags = 0
        self.ok(f"LOGIN {user} {password}")

    def close(self):
        self.socket.close()

    def line(self):
        """A response with its literals, as it came."""
        whole = b""
        while True:
            line = self.file.readline()
            if not line:
                raise EOFError("the server has closed")
            whole += line
            literal = re.search(rb"\{(\d+)\}\r\n$", line)
            if not literal:
                return whole[:-2]
            whole += self.file.read(int(literal.group(1)))

    def command(self, text):
        """Gives the untagged responses and the tagged one."""
        self.tags += 1
        tag = f"t{self.tags}".encode()
        self.socket.sendall(tag + b" " + (text if isinstance(text, bytes) else text.encode()) + b"\r\n")
        untagged = []
        while True:
            line = self.line()
            if line.startswith(tag + b" "):
                return untagged, line[len(tag) + 1:]
            untagged.append(line)

    def ok(self, text):
        untagged, tagged = self.command(text)
        if not tagged.startswith(b"OK"):
            raise AssertionError(f"{text[:200]!r} was answered {tagged!r}")
        return untagged

    def append(self, mailbox, date, octets):
        self.tags += 1
        tag = f"t{self.tags}"
        self.socket.sendall(f'{tag} APPEND {mailbox} "{date}" {{{len(octets)}+}}\r\n'.encode() + octets + b"\r\n")
        while True:
            line = self.line()
            if line.startswith(tag.encode()):
                assert b" OK" in line, line
                return

    def fetch(self, uid, items):
        """One message's items by name."""
        for line in self.ok(f"UID FETCH {uid} ({items})"):
            match = re.match(rb"\* \d+ FETCH ", line)
            if match:
                parsed = parse(line[match.end():])
                return {name.upper(): value for name, value in zip(parsed[::2], parsed[1::2])}
        raise AssertionError(f"nothing of {uid}")

    def result(self, kind, text):
        """What stands behind "* SORT" and the like."""
        for line in self.ok(text):
            if line.upper().startswith(b"* " + kind):
                return line[2 + len(kind):].strip()
        raise AssertionError(f"no {kind} in the answer to {text}")


def parse(octets):
    value, at = _value(octets, 0)
    return value


def _value(octets, at):
    first = octets[at:at + 1]
    if first == b"(":
        values = []
        at += 1
        while octets[at:at + 1] != b")":
            if octets[at:at + 1] == b" ":
                at += 1
                continue
            value, at = _value(octets, at)
            values.append(value)
        return values, at + 1
    if first == b'"':
        text = b""
        at += 1
        while octets[at:at + 1] != b'"':
            if octets[at:at + 1] == b"\\":
                at += 1
            text += octets[at:at + 1]
            at += 1
        return text, at + 1
    if first in (b"{", b"~"):
        head = re.compile(rb"~?\{(\d+)\}\r\n").match(octets, at)
        end = head.end() + int(head.group(1))
        return octets[head.end():end], end
    # BODY[HEADER.FIELDS (A B)]<0> is one word.
    word = re.compile(rb"[^ ()\[]+(\[[^\]]*\](<\d+>)?)?").match(octets, at)
    text = word.group(0)
    return (None if text.upper() == b"NIL" else Atom(text)), word.end()
