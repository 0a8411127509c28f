#!/usr/bin/env python3
"""Accounts and mail move from Dovecot to Postrider as deploy/MOVING.md says, and everything is as it was."""

import csv
import io
import subprocess
import unittest

from dovecot import Dovecot
from running_server import TOP, RunningServer, message, run
from wire import Wire

SCHEMES = ["BLF-CRYPT", "SHA512-CRYPT", "PBKDF2", "SSHA256", "ARGON2ID"]
ACCOUNTS = {f"user{number}@move.example": (scheme, f"pass-{number}-word") for number, scheme in enumerate(SCHEMES)}
MAILBOXES = ["INBOX", "Sent", "Work", "Work.2026", "Gel&APY-scht"]
servers = {}


def setUpModule():
    try:
        servers["dovecot"] = Dovecot([f"{name}:{doveadm_hash(*secret)}" for name, secret in ACCOUNTS.items()])
        servers["postrider"] = RunningServer([]).start()
        for number, name in enumerate(ACCOUNTS):
            fill(Wire(servers["dovecot"].port, name, ACCOUNTS[name][1]), number)
    except BaseException:
        tearDownModule()
        raise


def tearDownModule():
    for server in servers.values():
        server.close()


def doveadm_hash(scheme, password):
    return run("doveadm", "pw", "-s", scheme, "-p", password, package="dovecot-core").strip()


def fill(wire, number):
    for mailbox in MAILBOXES[1:]:
        wire.ok(f'CREATE "{mailbox}"')
        wire.ok(f'SUBSCRIBE "{mailbox}"')
    for mailbox in MAILBOXES:
        for each in range(12):
            wire.append(f'"{mailbox}"', f"{each + 1:02d}-Mar-2020 10:00:{each:02d} +0000",
                        message(f"{mailbox} {number} {each}", "A line.\r\n" * (each + 1)))
        wire.ok(f'SELECT "{mailbox}"')
        wire.ok("STORE 1:4 +FLAGS.SILENT (\\Seen)")
        wire.ok("STORE 2,5 +FLAGS.SILENT (\\Answered \\Flagged $Label1)")
        wire.ok("STORE 3,7,12 +FLAGS.SILENT (\\Deleted)")
        wire.ok("EXPUNGE")
        wire.ok("STORE 1 +FLAGS.SILENT (\\Deleted \\Draft)")
        wire.ok("UNSELECT")
    wire.close()


def picture(port, name, password, separator):
    """All that a client can see of an account's mailboxes."""
    wire = Wire(port, name, password)
    seen = {}
    for mailbox in MAILBOXES:
        spelling = mailbox.replace(".", separator)
        status = wire.result(b"STATUS", f'STATUS "{spelling}" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)')
        wire.ok(f'EXAMINE "{spelling}"')
        messages = {}
        for uid in wire.result(b"SEARCH", "UID SEARCH ALL").split():
            items = wire.fetch(uid.decode(), "FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]")
            flags = sorted(flag.lower() for flag in items[b"FLAGS"] if flag.lower() != b"\\recent")
            # Of RFC 3501's two spellings of a day below ten each server has another.
            date = items[b"INTERNALDATE"].replace(b" ", b"0", 1) if items[b"INTERNALDATE"][:1] == b" " else items[b"INTERNALDATE"]
            messages[uid] = (flags, date, items[b"RFC822.SIZE"], items[b"BODY[]"])
        seen[mailbox] = (status[status.rindex(b"("):], messages)
    subscribed = sorted(line.split()[-1].strip(b'"').replace(separator.encode(), b".") for line in wire.ok('LSUB "" "*"'))
    wire.close()
    return seen, [name for name in subscribed if name.decode() in MAILBOXES[1:]]


class MovingIn(unittest.TestCase):
    maxDiff = 2000

    def test_accounts_and_mail_are_as_they_were(self):
        postrider, dovecot = servers["postrider"], servers["dovecot"]
        users = postrider.directory / "users.csv"
        table = io.StringIO()
        rows = csv.writer(table)
        rows.writerow(["address", "hash"])
        rows.writerows(line.split(":", 1) for line in (dovecot.directory / "users").read_text().splitlines())
        users.write_text(table.getvalue())
        self.assertIn("move.example added", self.postrider("domain", "add", "move.example"))
        self.assertIn(f"{len(ACCOUNTS)} accounts imported", self.postrider("account", "import", users))
        maildirs = f"{dovecot.directory}/mail/%u"
        total = len(ACCOUNTS) * len(MAILBOXES) * 9
        done = self.postrider("import", "maildir", maildirs, "--domain", "move.example")
        self.assertIn(f"{total} messages imported into {len(ACCOUNTS)} of {len(ACCOUNTS)} accounts", done)
        for name, (_, password) in ACCOUNTS.items():
            with self.subTest(name):
                before = picture(dovecot.port, name, password, ".")
                after = picture(postrider.imap, name, password, "/")
                self.same(before, after)

        # The old server still gets mail, and is asked once more.
        late = Wire(dovecot.port, "user0@move.example", ACCOUNTS["user0@move.example"][1])
        late.append("INBOX", "01-Apr-2021 10:00:00 +0000", message("late"))
        late.close()
        again = self.postrider("import", "maildir", maildirs, "--domain", "move.example")
        self.assertIn("1 message imported", again)
        self.assertIn(f"{total} there already", again)
        self.same(picture(dovecot.port, *first(), "."), picture(postrider.imap, *first(), "/"))

    def same(self, before, after):
        for mailbox in MAILBOXES:
            self.assertEqual(before[0][mailbox], after[0][mailbox], mailbox)
        self.assertEqual(before[1], after[1])

    def postrider(self, *words):
        command = [str(TOP / "deploy/postrider"), *map(str, words), "--data", str(servers["postrider"].data)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        self.assertEqual(0, done.returncode, done.stdout.decode())
        return done.stdout.decode()


def first():
    name = next(iter(ACCOUNTS))
    return name, ACCOUNTS[name][1]


if __name__ == "__main__":
    unittest.main(verbosity=2)
