"""Clients that go on for ever, and remember what they were promised."""

import re
import threading
import time

import line_client
from installation import DOMAIN, PASSWORD
from line_client import Failed
from stage import IMAP, LMTP

PATIENCE = 90  # seconds for an answer: a statement may take 60
PAUSE = 0.02  # seconds between two errands of a client
AGAIN = 0.2  # seconds after a failure


class Line(line_client.Line):
    def line(self, patience=None):
        line = super().line(patience)
        if line is None:
            raise Failed('no answer')
        return line


class Imap(Line):
    def __init__(self, account):
        super().__init__(IMAP, PATIENCE)
        self.tag = 0
        if not self.line().startswith('* OK'):
            raise Failed('no greeting')
        self.ok(f'LOGIN {account}@{DOMAIN} {PASSWORD}')

    def ok(self, command):
        """The lines of a command that must succeed, the tagged one last."""
        self.tag += 1
        self.send(f't{self.tag} {command}\r\n')
        lines = []
        while True:
            line = self.line()
            lines.append(line)
            if line.startswith(f't{self.tag} '):
                if line.startswith(f't{self.tag} OK'):
                    return lines
                raise Failed(f'{command.splitlines()[0][:30]}: {line}')
            if line.startswith('* BYE'):
                raise Failed(line)


class Ledger:
    """What was promised of one mailbox, of which this client alone takes messages away."""

    def __init__(self, account, mailbox):
        self.account = account
        self.mailbox = mailbox
        self.lock = threading.Lock()
        self.acknowledged = {}  # token to UID, 0 where it is not known
        self.tried = set()  # tokens
        self.flagged = set()  # UIDs
        self.gone = set()  # UIDs whose expunge was acknowledged
        self.going = set()  # UIDs whose expunge was asked for
        self.uid_validity = None
        self.uids = {}  # UID to token, ever

    def judge(self):
        """(what is wrong, how many lost, twice, flags lost, UIDs reused) against what is there."""
        with Imap(self.account) as imap, self.lock:
            selected = ' '.join(imap.ok(f'EXAMINE {self.mailbox}'))
            validity = int(re.search(r'UIDVALIDITY (\d+)', selected)[1])
            there, flags = self.fetched(imap)
        wrong = []
        if self.uid_validity not in (None, validity):
            wrong.append(f'UIDVALIDITY of {self.mailbox} was {self.uid_validity} and is {validity}')
        self.uid_validity = validity
        by_token = {}
        for uid, token in there.items():
            by_token.setdefault(token, []).append(uid)
        reused = {uid for uid, token in there.items() if self.uids.setdefault(uid, token) != token}
        reused |= {uid for uid in there if uid in self.gone}
        expected = {token: uid for token, uid in self.acknowledged.items() if uid not in self.going}
        lost = {token for token, uid in expected.items() if token not in by_token or uid and uid not in by_token[token]}
        twice = {token for token, uids in by_token.items() if len(uids) > 1}
        unflagged = {uid for uid in self.flagged if uid in there and '\\Flagged' not in flags[uid]}
        strange = set(by_token) - self.tried
        for what, which in (('lost', lost), ('twice', twice), ('flags lost', unflagged), ('UIDs reused', reused),
                            ('never sent', strange)):
            if which:
                wrong.append(f'{self.account} {self.mailbox}: {what}: {sorted(which)[:20]}')
        return wrong, (len(lost), len(twice), len(unflagged), len(reused))

    @staticmethod
    def fetched(imap):
        there, flags, uid = {}, {}, None
        for line in imap.ok('UID FETCH 1:* (UID FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])'):
            fetched = re.match(r'\* \d+ FETCH \(UID (\d+) FLAGS \(([^)]*)\)', line)
            if fetched:
                uid = int(fetched[1])
                flags[uid] = fetched[2].split()
            token = re.match(r'Subject: token (\d+)', line)
            if token:
                there[uid] = int(token[1])
        return there, flags


class Client:
    """One errand after another, on a new connection whenever one has failed."""

    def __init__(self, ledger, numbers):
        self.ledger = ledger
        self.numbers = numbers
        self.succeeded = 0.0  # when it was begun that succeeded last
        self.failures = []
        self.working = threading.Event()
        self.resting = threading.Event()
        self.over = False
        self.thread = threading.Thread(target=self.forever, daemon=True)
        self.thread.start()

    def forever(self):
        while not self.over:
            self.rest()
            try:
                with self.connect() as connection:
                    while self.working.is_set():
                        began = time.monotonic()
                        self.errand(connection)
                        self.succeeded = began
                        time.sleep(PAUSE)
            except Failed as e:
                self.failures.append(str(e))
                time.sleep(AGAIN)

    def rest(self):
        if not self.working.is_set():
            self.resting.set()
            self.working.wait()
            self.resting.clear()

    def next_token(self):
        token = next(self.numbers)
        with self.ledger.lock:
            self.ledger.tried.add(token)
        return token


class Deliverer(Client):
    def connect(self):
        lmtp = Line(LMTP, PATIENCE)
        self.expect(lmtp, '220')
        lmtp.send('LHLO test.example.net\r\n')
        self.expect(lmtp, '250')
        return lmtp

    def errand(self, lmtp):
        token = self.next_token()
        body = 'line of text\r\n' * (token % 50 if token % 40 else 20_000)
        for command, code in (('MAIL FROM:<s@example.net>', '250'), (f'RCPT TO:<{self.ledger.account}@{DOMAIN}>', '250'),
                              ('DATA', '354'), (f'Subject: token {token}\r\n\r\n{body}.', '250')):
            lmtp.send(f'{command}\r\n')
            self.expect(lmtp, code)
        with self.ledger.lock:
            self.ledger.acknowledged[token] = 0

    @staticmethod
    def expect(lmtp, code):
        line = lmtp.line()
        while line.startswith(f'{code}-'):
            line = lmtp.line()
        if not line.startswith(code):
            # Which may be tried again: a sender would give a message back for 5xx.
            raise Failed(line) if line.startswith('4') else AssertionError(f'expected {code}, not {line}')


class Appender(Client):
    """Appends, flags every message, and expunges every third that came before."""

    def connect(self):
        imap = Imap(self.ledger.account)
        imap.ok(f'SELECT {self.ledger.mailbox}')
        return imap

    def errand(self, imap):
        ledger = self.ledger
        token = self.next_token()
        message = f'Subject: token {token}\r\n\r\n' + 'text ' * (token % 100) + '\r\n'
        tagged = imap.ok(f'APPEND {ledger.mailbox} {{{len(message)}+}}\r\n{message}')[-1]
        uid = int(re.search(r'APPENDUID \d+ (\d+)', tagged)[1])
        with ledger.lock:
            ledger.acknowledged[token] = uid
            if ledger.uids.setdefault(uid, token) != token:
                raise AssertionError(f'UID {uid} was given twice')
        imap.ok(f'UID STORE {uid} +FLAGS.SILENT (\\Flagged)')
        with ledger.lock:
            ledger.flagged.add(uid)
        if token % 3 == 0:
            with ledger.lock:
                ledger.going.add(uid)
            imap.ok(f'UID STORE {uid} +FLAGS.SILENT (\\Deleted)')
            imap.ok(f'UID EXPUNGE {uid}')
            with ledger.lock:
                ledger.gone.add(uid)
