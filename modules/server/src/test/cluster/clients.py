"""Clients that go on for ever: each remembers what it was promised, and which failures it met at what time."""

import os
import re
import socket
import subprocess
import threading
import time

from cluster import PORTS
from installation import DOMAIN, PASSWORD
from line_client import Cut, Line, NotServed

PATIENCE = 60  # seconds for an answer, on a slow machine under load
LOOKS_UP = 50  # seconds that a watcher waits in one IDLE before it asks whether all is over
NOTICED_WITHIN = 40  # seconds until a watcher must know of a message: the sweep's 20 s, and as much for a slow machine


class Unavailable(Exception):
    """The server said that it cannot now, and that we may try again."""


class SentAway(Exception):
    """The server said goodbye between two commands."""


class Imap(Line):
    def __init__(self, name):
        super().__init__(PORTS['IMAP'], PATIENCE)
        self.tag = 0
        self.exists = 0
        self.says_bye = False
        self.expect_greeting()
        self.ok(f'LOGIN {name}@{DOMAIN} {PASSWORD}')

    def expect_greeting(self):
        line = self.greeting()
        if line.startswith('* BYE'):
            raise SentAway
        if not line.startswith('* OK'):
            raise AssertionError(f'greeted with {line!r}')

    def untagged(self, patience=None):
        line = self.line(patience)
        if line is not None and line.startswith('* BYE'):
            self.says_bye = True
        told = re.match(r'\* (\d+) EXISTS', line or '')
        if told:
            self.exists = int(told[1])
        return line

    def ok(self, command):
        """The untagged lines of a command that must succeed."""
        self.tag += 1
        self.send(f't{self.tag} {command}\r\n')
        return self.reply(f't{self.tag}', command)

    def reply(self, tag, command):
        lines = []
        while True:
            try:
                line = self.untagged()
            except Cut as cut:
                # BYE and our command crossed: it was not begun, and we know.
                if self.says_bye:
                    raise SentAway from cut
                raise
            if line is None:
                raise AssertionError(f'no answer to {command} within {PATIENCE} s')
            if line.startswith(f'{tag} OK'):
                return lines
            if line.startswith(f'{tag} NO [UNAVAILABLE]'):
                raise Unavailable(line)
            if line.startswith(f'{tag} '):
                raise AssertionError(f'{command} was answered {line}')
            if self.says_bye and not line.startswith('* BYE'):
                raise AssertionError(f'{line!r} after BYE, in {command}')
            lines.append(line)


class Injector:
    """Delivers numbered messages by LMTP."""

    def __init__(self, first):
        self.name = f'injector {first}'
        self.number = first
        self.acknowledged = {}

    def run(self, load):
        with Line(PORTS['LMTP'], PATIENCE) as lmtp:
            self.expect(lmtp.greeting(), '220')
            lmtp.send('LHLO test.example.net\r\n')
            while self.expect(lmtp.line(), '250').startswith('250-'):
                pass
            while not load.over.is_set():
                self.number += 1
                began = time.monotonic()
                for command, code in (('MAIL FROM:<s@example.net>', '250'), (f'RCPT TO:<in@{DOMAIN}>', '250'), ('DATA', '354'),
                                      (f'Subject: token {self.number}\r\n\r\nText.\r\n.', '250')):
                    lmtp.send(f'{command}\r\n')
                    self.expect(lmtp.line(), code, may_go=command.startswith('MAIL'))
                self.acknowledged[self.number] = time.monotonic()
                load.did(self, began)
                time.sleep(0.03)

    @staticmethod
    def expect(line, code, may_go=True):
        if line is None or not re.match('[2-5]', line):
            raise AssertionError(f'LMTP: expected {code}, the server said {line!r}')
        if line.startswith('421') and may_go:
            raise SentAway
        if line.startswith('451'):
            raise Unavailable(line)
        if not line.startswith(code):
            raise AssertionError(f'LMTP: expected {code}, the server said {line}')
        return line


class Commander:
    """One command after another, and messages appended to a mailbox of its own."""

    def __init__(self, mailbox):
        self.name = f'commander {mailbox}'
        self.mailbox = mailbox
        self.number = 0
        self.acknowledged = set()

    def run(self, load):
        with Imap('busy') as imap:
            self.command(load, imap, 'SELECT INBOX')
            while not load.over.is_set():
                self.number += 1
                message = f'Subject: token {self.number}\r\n\r\nText.\r\n'
                self.command(load, imap, f'APPEND {self.mailbox} {{{len(message)}+}}\r\n{message}')
                self.acknowledged.add(self.number)
                for command in ('NOOP', f'STATUS {self.mailbox} (MESSAGES)', 'UID SEARCH UNSEEN', 'UID FETCH 1:5 (FLAGS)'):
                    self.command(load, imap, command)
                time.sleep(0.02)

    def command(self, load, imap, command):
        began = time.monotonic()
        imap.ok(command)
        load.did(self, began)
        if imap.says_bye:
            raise SentAway


class Watcher:
    """Waits in IDLE and does nothing else: it asks for messages only when it was told that there are some."""

    def __init__(self, number):
        self.name = f'watcher {number}'
        self.seen = {}
        self.last_uid = 0

    def run(self, load):
        began = time.monotonic()
        with Imap('in') as imap:
            for line in imap.ok('SELECT INBOX'):
                assert not line.startswith('* BYE')
            # What came while it was not there is no news.
            self.fetch_new(imap)
            load.did(self, began)
            while not load.over.is_set():
                if imap.exists == len(self.seen):
                    self.idle(load, imap)
                began = time.monotonic()
                self.fetch_new(imap)
                load.did(self, began)

    def idle(self, load, imap):
        imap.send('w IDLE\r\n')
        line = imap.untagged()
        if not (line or '').startswith('+'):
            # Told before we asked, or sent away.
            if imap.says_bye:
                raise SentAway
            assert line is not None and line.startswith('*'), f'IDLE was answered {line!r}'
        until = time.monotonic() + LOOKS_UP
        while imap.exists == len(self.seen) and time.monotonic() < until and not load.over.is_set():
            imap.untagged(patience=1)
            if imap.says_bye:
                raise SentAway
        imap.send('DONE\r\n')
        imap.reply('w', 'IDLE')

    def fetch_new(self, imap):
        uid = None
        for line in imap.ok(f'UID FETCH {self.last_uid + 1}:* (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])'):
            fetched = re.match(r'\* \d+ FETCH \(UID (\d+)', line)
            if fetched:
                uid = int(fetched[1])
                self.last_uid = max(uid, self.last_uid)
            token = re.match(r'Subject: token (\d+)', line)
            if token:
                self.seen.setdefault(int(token[1]), time.monotonic())


class Mbsync:
    """Puts a message into its Maildir now and then, and synchronises both ways."""

    def __init__(self, directory):
        self.name = 'mbsync'
        self.number = 0
        self.directory = os.path.join(directory, 'mbsync')
        self.inbox = os.path.join(self.directory, 'mail/INBOX')
        os.makedirs(os.path.join(self.directory, 'mail'))
        with open(os.path.join(self.directory, 'rc'), 'w') as file:
            file.write(f'''IMAPAccount a
Host 127.0.0.1
Port {PORTS['IMAP']}
User sync@{DOMAIN}
Pass {PASSWORD}
SSLType None
AuthMechs LOGIN

IMAPStore remote
Account a

MaildirStore local
Path {self.directory}/mail/
Inbox {self.inbox}
SubFolders Verbatim

Channel c
Far :remote:
Near :local:
Patterns *
Create Both
Expunge Both
SyncState *
''')

    def run(self, load):
        while not load.over.is_set():
            began = time.monotonic()
            self.write()
            self.sync()
            load.did(self, began)
            time.sleep(0.3)

    def write(self):
        new = os.path.join(self.inbox, 'new')
        if os.path.isdir(new):
            self.number += 1
            with open(os.path.join(new, f'{self.number}.local'), 'w') as file:
                file.write(f'Subject: token {self.number}\n\nText.\n')

    def sync(self):
        done = subprocess.run(['mbsync', '-q', '-c', os.path.join(self.directory, 'rc'), '-a'],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE)
        if done.returncode != 0:
            said = done.stdout.strip()
            raise Unavailable(said) if 'UNAVAILABLE' in said else NotServed(said)

    def messages(self):
        return [name for kind in ('new', 'cur') for name in os.listdir(os.path.join(self.inbox, kind))]


class Load:
    """Runs the clients, each in a thread of its own, until told to stop; and judges what they met."""

    def __init__(self, clients):
        self.clients = clients
        self.over = threading.Event()
        self.excused = ()
        self.done = {client: 0 for client in clients}
        self.began = {client: 0 for client in clients}
        self.sent_away = 0
        self.met = []
        self.wrong = []
        self.threads = [threading.Thread(target=self.forever, args=(client,), daemon=True) for client in clients]

    def start(self):
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE + LOOKS_UP)

    def did(self, client, began):
        """Something succeeded that was begun at that time."""
        self.done[client] += 1
        self.began[client] = began

    def await_success(self, within):
        """Until each client has succeeded in something that it began after now; the seconds that took."""
        now = time.monotonic()
        while True:
            late = [client.name for client in self.clients if self.began[client] < now and not isinstance(client, Watcher)]
            waited = time.monotonic() - now
            if not late:
                return waited
            if waited > within:
                raise AssertionError(f'no success within {within} s: {late}; lately {self.met[-5:]}')
            time.sleep(0.05)

    def forever(self, client):
        while not self.over.is_set():
            try:
                client.run(self)
            except SentAway:
                self.sent_away += 1
            except (Cut, NotServed, Unavailable) as e:
                self.failed(client, e)
                time.sleep(0.2)
            except Exception as e:  # pylint: disable=broad-except
                self.wrong.append(f'{client.name}: {type(e).__name__} {e}')
                time.sleep(0.2)

    def failed(self, client, e):
        what = f'{client.name}: {type(e).__name__} {e}'
        self.met.append(what)
        if not isinstance(e, self.excused) and not self.over.is_set():
            self.wrong.append(what)
