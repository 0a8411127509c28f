#!/usr/bin/env python3
"""IMAP clients with extensions of their own, at their real jobs against the running server."""

import contextlib
import imaplib
import json
import mailbox
import os
import pathlib
import pty
import select
import shutil
import signal
import subprocess
import time
import unittest
import zlib

from running_server import HOST, PLAIN_PASSWORD, RunningServer, message, run

ACCOUNTS = ["offlineimap", "neomutt", "perl", "imapflow", "extensions", "deflate", "sylpheed"]
IMAPFLOW = "2.10.2"
TOP = pathlib.Path(__file__).resolve().parents[5]
HERE = pathlib.Path(__file__).resolve().parent
server = None


def setUpModule():
    global server
    server = RunningServer.started(ACCOUNTS)


def tearDownModule():
    server.end_well(overlooked="slow command")


def login(name):
    imap = imaplib.IMAP4_SSL(HOST, server.imaps, ssl_context=server.trust())
    imap.login(f"{name}@example.com", PLAIN_PASSWORD)
    return imap


@contextlib.contextmanager
def logged_in(name, mailbox_name="INBOX"):
    imap = login(name)
    try:
        imap.select(mailbox_name)
        yield imap
    finally:
        imap.logout()


class OfflineImap(unittest.TestCase):
    def test_two_ways(self):
        home = server.directory / "offlineimap"
        home.mkdir()
        (home / "rc").write_text(f"""
[general]
accounts = all
metadata = {home}/metadata
ui = basic

[Account all]
localrepository = local
remoterepository = remote

[Repository local]
type = Maildir
localfolders = {home}/mail

[Repository remote]
type = IMAP
remotehost = {HOST}
remoteport = {server.imaps}
ssl = yes
sslcacertfile = {server.certificate}
remoteuser = offlineimap@example.com
remotepass = {PLAIN_PASSWORD}
usecompression = yes
""")

        def sync():
            return run("offlineimap", "-c", home / "rc", "-o", package="offlineimap3", env={"HOME": str(home)}, timeout=120)

        def subjects(name):
            return sorted(m["Subject"] for m in mailbox.Maildir(home / "mail" / name, create=False))

        for i in range(3):
            server.deliver("offlineimap", message(f"mail {i}"))
        sync()
        self.assertEqual(["mail 0", "mail 1", "mail 2"], subjects("INBOX"))
        inbox = mailbox.Maildir(home / "mail/INBOX", create=False)
        for key, found in list(inbox.items()):
            if found["Subject"] == "mail 0":
                found.set_subdir("cur")
                found.set_flags("FS")
                inbox[key] = found
            if found["Subject"] == "mail 1":
                inbox.remove(key)
        inbox.add(message("written here").replace(b"\r\n", b"\n"))
        sync()
        with logged_in("offlineimap") as imap:
            self.assertEqual([b""], imap.search(None, "SUBJECT", '"mail 1"')[1])
            self.assertEqual(1, len(imap.search(None, "SUBJECT", '"mail 0"', "FLAGGED", "SEEN")[1][0].split()))
            # It takes a message that it cannot find again for another one, and appends it for ever.
            self.assertEqual(1, len(imap.search(None, "SUBJECT", '"written here"')[1][0].split()))
            imap.store(imap.search(None, "SUBJECT", '"mail 2"')[1][0], "+FLAGS", r"(\Answered)")
            imap.append("Archive", None, None, message("kept"))
        sync()
        self.assertEqual(["mail 0", "mail 2", "written here"], subjects("INBOX"))
        self.assertEqual(["kept"], subjects("Archive"))
        self.assertIn("R", next(m for m in mailbox.Maildir(home / "mail/INBOX") if m["Subject"] == "mail 2").get_flags())
        sync()
        with logged_in("offlineimap") as imap:
            self.assertEqual(3, len(imap.search(None, "ALL")[1][0].split()))


class NeoMutt(unittest.TestCase):
    """On a terminal, by its keys: with CONDSTORE, QRESYNC and a header cache."""

    def mutt(self, keys):
        home = server.directory / "neomutt"
        home.mkdir(exist_ok=True)
        (home / "rc").write_text(f"""
set folder = imaps://{HOST}:{server.imaps}/
set spoolfile = +INBOX
set imap_user = neomutt@example.com
set imap_pass = {PLAIN_PASSWORD}
set certificate_file = {server.certificate}
set ssl_ca_certificates_file = {server.certificate}
set imap_condstore = yes
set imap_qresync = yes
set header_cache = {home}/cache
set message_cachedir = {home}/messages
set confirmappend = no
set delete = yes
set move = no
set mark_old = no
set wait_key = no
set sleep_time = 0
set editor = true
""")
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ.update(HOME=str(home), TERM="xterm", LINES="40", COLUMNS="120")
            os.execlp("neomutt", "neomutt", "-n", "-F", str(home / "rc"), "-e", f"push '{keys}'")
        shown = b""
        deadline = time.monotonic() + 60
        status = None
        while time.monotonic() < deadline:
            if select.select([terminal], [], [], 0.5)[0]:
                try:
                    shown += os.read(terminal, 65536)
                except OSError:
                    break
        else:
            os.kill(pid, signal.SIGKILL)
        status = os.waitpid(pid, 0)[1]
        os.close(terminal)
        self.assertEqual(0, status, shown.decode(errors="replace")[-3000:])
        return shown.decode(errors="replace")

    def test_by_keys(self):
        if shutil.which("neomutt") is None:
            self.fail("neomutt is missing: apt-get install neomutt")
        for subject in ("keep me", "delete me", "file me"):
            server.deliver("neomutt", message(subject))
        # Delete by pattern; save another into Archive; flag the third; leave, with all of it done.
        self.mutt("<delete-pattern>~s delete<enter><search>~s file<enter><save-message>=Archive<enter>"
                  "<search>~s keep<enter><flag-message><quit>")
        with logged_in("neomutt") as imap:
            self.assertEqual([b"1"], imap.search(None, "ALL")[1])
            self.assertEqual([b"1"], imap.search(None, "SUBJECT", '"keep me"', "FLAGGED")[1])
            self.assertEqual("1", imap.select("Archive")[1][0].decode())
        # Comes back by QRESYNC, after others have changed what it has cached.
        with logged_in("neomutt") as imap:
            imap.append("INBOX", None, None, message("meanwhile"))
            imap.store("1", "-FLAGS", r"(\Flagged)")
        shown = self.mutt("<search>~s meanwhile<enter><display-message><exit><sync-mailbox><quit>")
        self.assertIn("meanwhile", shown)
        with logged_in("neomutt") as imap:
            self.assertEqual(2, len(imap.search(None, "ALL")[1][0].split()))
            self.assertEqual([b""], imap.search(None, "FLAGGED")[1])
            self.assertEqual([b"2"], imap.search(None, "SEEN", "SUBJECT", "meanwhile")[1])


class MailImapClient(unittest.TestCase):
    def test_perl(self):
        if shutil.which("perl") is None or run("perl", "-MMail::IMAPClient", "-e1", check=False):
            self.fail("Mail::IMAPClient is missing: apt-get install libmail-imapclient-perl libio-socket-ssl-perl")
        server.deliver("perl", message("for perl"))
        out = run("perl", HERE / "mail_imapclient.pl", HOST, server.imap, server.certificate, "perl@example.com", PLAIN_PASSWORD)
        self.assertTrue(out.endswith("done\n"), out)


class ImapFlow(unittest.TestCase):
    def test_node(self):
        home = TOP / "modules/server/target/imapflow"
        if not (home / "node_modules/imapflow").is_dir():
            home.mkdir(parents=True, exist_ok=True)
            run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", home, f"imapflow@{IMAPFLOW}", timeout=180)
        shutil.copy(HERE / "imapflow.mjs", home)
        for i in range(3):
            server.deliver("imapflow", message(f"flow {i}"))
        out = run(
            "node", home / "imapflow.mjs", HOST, server.imaps, "imapflow@example.com", PLAIN_PASSWORD,
            package="nodejs", env={"NODE_EXTRA_CA_CERTS": str(server.certificate)})
        told = json.loads(out.splitlines()[-1])
        self.assertEqual(["flow 0", "flow 1", "flow 2"], told["subjects"])
        self.assertEqual([2], told["found"])
        self.assertTrue(told["compressed"], out)
        self.assertEqual(1, told["moved"])
        self.assertEqual(["exists 3"], told["news"])
        self.assertEqual("a" * 200000, told["attachment"])


class ImaplibExtensions(unittest.TestCase):
    """What imaplib has, and what it lets one say."""

    def test_extensions(self):
        imap = login("extensions")
        self.addCleanup(imap.logout)
        # It asks before the login only, and goes by that.
        told = imap.capability()[1][0].upper().split()
        imap.capabilities = tuple(capability.decode() for capability in told)
        for capability in ("IMAP4REV1", "QRESYNC", "SORT", "THREAD=REFERENCES", "QUOTA", "BINARY", "CATENATE", "REPLACE"):
            self.assertIn(capability.encode(), told)
        imap.append("INBOX", r"(\Seen)", None, message("b one"))
        imap.append("INBOX", None, None, message("Re: b one"))
        imap.append("INBOX", None, None, message("a two"))
        imap.select("INBOX")
        self.assertEqual([b"3 1 2"], imap.sort("(SUBJECT)", "UTF-8", "ALL")[1])
        self.assertEqual([b"(1 2)(3)"], imap.thread("ORDEREDSUBJECT", "UTF-8", "ALL")[1])
        self.assertEqual([b'"" ()'], imap.getquota('""')[1])
        self.assertEqual([[b'INBOX ""'], [b'"" ()']], imap.getquotaroot("INBOX")[1])
        self.assertEqual("OK", imap.uid("MOVE", "3", "Archive")[0])
        self.assertEqual("OK", imap.unselect()[0])
        self.assertEqual("OK", imap.enable("CONDSTORE")[0])
        imap.select("Archive")
        self.assertEqual(("OK", [b"1"]), imap.search(None, "SUBJECT", "two"))
        self.assertEqual("OK", imap.namespace()[0])
        self.assertIn(b"(APPENDLIMIT ", imap.status("INBOX", "(APPENDLIMIT)")[1][0])

    def test_deflate(self):
        """The zlib of Python, which is what most clients have: each side flushes, and the other reads at once."""
        imap = login("deflate")
        self.addCleanup(imap.shutdown)
        imaplib.Commands["COMPRESS"] = ("AUTH", "SELECTED")
        self.assertEqual("OK", imap._simple_command("COMPRESS", "DEFLATE")[0])
        plain_send, plain_read = imap.sock.sendall, imap.sock.recv
        packer, unpacker = zlib.compressobj(9, zlib.DEFLATED, -15), zlib.decompressobj(-15)
        pending = bytearray()

        def send(octets):
            plain_send(packer.compress(octets) + packer.flush(zlib.Z_SYNC_FLUSH))

        def more():
            came = plain_read(65536)
            if not came:
                raise imaplib.IMAP4.abort("closed")
            pending.extend(unpacker.decompress(came))

        def readline():
            while b"\n" not in pending:
                more()
            end = pending.index(b"\n") + 1
            line = bytes(pending[:end])
            del pending[:end]
            return line

        def read(size):
            while len(pending) < size:
                more()
            octets = bytes(pending[:size])
            del pending[:size]
            return octets

        imap.send, imap.readline, imap.read = send, readline, read
        big = message("big", "The same line again and again.\r\n" * 20000)
        self.assertEqual("OK", imap.append("INBOX", None, None, big)[0])
        imap.select("INBOX")
        self.assertEqual(big, imap.fetch("1", "BODY.PEEK[]")[1][0][1])
        for _ in range(50):
            self.assertEqual("OK", imap.noop()[0])


class Sylpheed(unittest.TestCase):
    """A graphical client on a screen that nobody sees, with a profile prepared: it logs in, reads the mailbox, opens a message."""

    def test_opens_a_message(self):
        for program, package in (("sylpheed", "sylpheed"), ("Xvfb", "xvfb")):
            if shutil.which(program) is None:
                self.fail(f"{program} is missing: apt-get install {package}")
        home = server.directory / "sylpheed"
        profile = home / ".sylpheed-2.0"
        profile.mkdir(parents=True)
        server.deliver("sylpheed", message("seen on a screen", "Opened by a graphical client.\r\n"))
        (profile / "accountrc").write_text(f"""[Account: 1]
account_name=local
is_default=1
name=Sylpheed
address=sylpheed@example.com
protocol=3
receive_server={HOST}
smtp_server={HOST}
user_id=sylpheed@example.com
password={PLAIN_PASSWORD}
imap_auth_type=0
ssl_imap=0
set_imapport=1
imap_port={server.imap}
receive_at_get_all=1
clear_imap_cache_on_exit=0
""")
        (profile / "folderlist.xml").write_text(f"""<?xml version="1.0" encoding="UTF-8"?>
<folderlist>
  <folder type="imap" name="local" account_id="1">
    <folderitem type="inbox" name="INBOX" path="INBOX" mtime="0" new="0" unread="0" total="0" />
  </folder>
</folderlist>
""")
        (profile / "sylpheedrc").write_text("[Common]\nlast_opened_folder=#imap/local/INBOX\nopen_inbox_on_startup=1\ncheck_on_startup=1\n")
        log = open(server.directory / "sylpheed.log", "wb")
        self.addCleanup(log.close)
        screen = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp"], stdout=subprocess.PIPE, stderr=log)
        self.addCleanup(screen.wait, 20)
        self.addCleanup(screen.terminate)
        self.addCleanup(screen.stdout.close)
        display = ":" + screen.stdout.readline().decode().strip()
        client = subprocess.Popen(
            ["sylpheed", "--open", "#imap/local/INBOX/1"], stdout=log, stderr=log,
            env={**os.environ, "HOME": str(home), "DISPLAY": display, "NO_AT_BRIDGE": "1"})
        self.addCleanup(client.wait, 20)
        self.addCleanup(client.terminate)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for cached in profile.glob("imapcache/**/1"):
                if b"Opened by a graphical client." in cached.read_bytes():
                    return
            time.sleep(0.3)
        self.fail("no message in its cache:\n" + (server.directory / "sylpheed.log").read_text(errors="replace"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
