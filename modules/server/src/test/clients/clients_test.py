#!/usr/bin/env python3
"""Real mail clients at their real jobs against the running server, each with an account of its own."""

import base64
import contextlib
import hashlib
import hmac
import imaplib
import mailbox
import os
import pathlib
import poplib
import re
import signal
import smtplib
import unittest

from running_server import HOST, PLAIN_PASSWORD, RunningServer, message, run

ACCOUNTS = [
    "curl-imap", "curl-imaps", "curl-imap-starttls", "curl-pop3", "curl-pop3s", "curl-pop3-stls", "nc", "openssl",
    "imaplib", "poplib", "scram", "gsasl", "mbsync-scram", "lmtp", "lmtp2", "mbsync", "fetchmail", "fetchmail-imap", "getmail", "getmail-imap", "restart",
]
server = None


def setUpModule():
    global server
    server = RunningServer.started(ACCOUNTS)


def tearDownModule():
    server.end_well()


class Curl(unittest.TestCase):
    def curl(self, name, url, *arguments, **options):
        return run(
            "curl", "--silent", "--show-error", "--max-time", "30", "--cacert", server.certificate,
            "--user", f"{name}@example.com:{PLAIN_PASSWORD}", *arguments, url, **options)

    def imap(self, name, base, *always):
        server.deliver(name, message("first for curl"))
        listed = self.curl(name, base + "/", *always)
        for mailbox_name in ("INBOX", "Sent", "Drafts", "Trash", "Junk", "Archive"):
            self.assertIn(mailbox_name, listed)
        fetched = self.curl(name, base + "/INBOX;MAILINDEX=1", *always)
        self.assertTrue(fetched.endswith("\r\nSubject: first for curl\r\nMessage-ID: <first.for.curl@example.net>\r\n\r\nHello.\r\n"), fetched)
        self.assertIn("Delivered-To: " + name, fetched)
        self.assertEqual("Hello.\r\n", self.curl(name, base + "/INBOX;UID=1;SECTION=TEXT", *always))
        appended = server.directory / f"{name}.eml"
        appended.write_bytes(message("appended by curl"))
        self.curl(name, base + "/INBOX", *always, "--upload-file", appended)
        self.assertEqual(message("appended by curl").decode(), self.curl(name, base + "/INBOX;MAILINDEX=2", *always))
        self.assertRegex(self.curl(name, base + "/INBOX?SUBJECT%20appended", *always), r"SEARCH 2\b")
        self.curl(name, base + "/INBOX", *always, "--request", r"STORE 1 +FLAGS.SILENT (\Deleted)")
        self.curl(name, base + "/INBOX", *always, "--request", "EXPUNGE")
        self.assertRegex(self.curl(name, base + "/", *always, "--request", "STATUS INBOX (MESSAGES)"), r"\(MESSAGES 1\)")

    def pop3(self, name, base, *always):
        server.deliver(name, message("first for curl"))
        server.deliver(name, message("second for curl", "..dots\r\n.\r\nand lines\r\n"))
        self.assertRegex(self.curl(name, base + "/", *always), r"^1 \d+\r\n2 \d+\r\n$")
        self.assertTrue(self.curl(name, base + "/2", *always).endswith("\r\n\r\n..dots\r\n.\r\nand lines\r\n"))
        self.curl(name, base + "/1", *always, "--list-only", "--request", "DELE")
        self.assertRegex(self.curl(name, base + "/", *always), r"^1 \d+\r\n$")
        self.assertIn("second for curl", self.curl(name, base + "/1", *always))

    def test_imap(self):
        self.imap("curl-imap", f"imap://{HOST}:{server.imap}")

    def test_imap_starttls(self):
        self.imap("curl-imap-starttls", f"imap://{HOST}:{server.imap}", "--ssl-reqd")

    def test_imaps(self):
        self.imap("curl-imaps", f"imaps://{HOST}:{server.imaps}")

    def test_pop3(self):
        self.pop3("curl-pop3", f"pop3://{HOST}:{server.pop3}")

    def test_pop3_stls(self):
        self.pop3("curl-pop3-stls", f"pop3://{HOST}:{server.pop3}", "--ssl-reqd")

    def test_pop3s(self):
        self.pop3("curl-pop3s", f"pop3s://{HOST}:{server.pop3s}")

    def test_wrong_password(self):
        for url in (f"imap://{HOST}:{server.imap}/", f"pop3://{HOST}:{server.pop3}/"):
            with self.assertRaisesRegex(AssertionError, "ended with 67"):
                run("curl", "--silent", "--show-error", "--user", "nc@example.com:wrong", url)


class Netcat(unittest.TestCase):
    """What one types by hand: lines end with LF alone."""

    def nc(self, port, text):
        return run("nc", "-w", "20", HOST, port, package="netcat-openbsd", input=text)

    def test_imap(self):
        server.deliver("nc", message("for nc"))
        out = self.nc(
            server.imap,
            f"a login nc@example.com {PLAIN_PASSWORD}\nb select inbox\nc fetch 1 body[header.fields (subject)]\n"
            "d append INBOX {31+}\nSubject: typed by hand\n\nHello.\n\ne status inbox (messages)\nf logout\n")
        self.assertRegex(out, r"(?m)^a OK")
        self.assertIn("Subject: for nc\r\n", out)
        self.assertRegex(out, r"(?m)^d OK")
        self.assertRegex(out, r"STATUS \"?INBOX\"? \(MESSAGES \d+\)")
        self.assertRegex(out, r"(?m)^\* BYE")
        self.assertRegex(out, r"(?m)^f OK")

    def test_pop3(self):
        out = self.nc(server.pop3, f"USER nc@example.com\nPASS {PLAIN_PASSWORD}\nSTAT\nQUIT\n")
        self.assertEqual(5, len(re.findall(r"(?m)^\+OK", out)), out)


class OpenSsl(unittest.TestCase):
    def s_client(self, port, text, *arguments):
        return run(
            "openssl", "s_client", "-quiet", "-verify_return_error", "-verify_hostname", HOST,
            "-CAfile", server.certificate, "-connect", f"{HOST}:{port}", *arguments, input=text)

    IMAP = f"a LOGIN openssl@example.com {PLAIN_PASSWORD}\r\nb SELECT INBOX\r\nc LOGOUT\r\n"
    POP3 = f"USER openssl@example.com\r\nPASS {PLAIN_PASSWORD}\r\nSTAT\r\nQUIT\r\n"

    def test_imaps(self):
        self.assertRegex(self.s_client(server.imaps, self.IMAP), r"(?m)^c OK")

    def test_imap_starttls(self):
        self.assertRegex(self.s_client(server.imap, self.IMAP, "-starttls", "imap"), r"(?m)^c OK")

    def test_pop3s(self):
        self.assertRegex(self.s_client(server.pop3s, self.POP3), r"(?m)^\+OK 0 0")

    def test_pop3_stls(self):
        self.assertRegex(self.s_client(server.pop3, self.POP3, "-starttls", "pop3"), r"(?m)^\+OK 0 0")

    def test_every_connection_can_start_tls(self):
        # One listener is several instances, and not each of them had TLS once.
        for _ in range(8):
            self.assertRegex(self.s_client(server.imap, "a LOGOUT\r\n", "-starttls", "imap"), r"(?m)^a OK")

    def test_old_tls_is_refused(self):
        with self.assertRaises(AssertionError):
            self.s_client(server.imaps, "a LOGOUT\r\n", "-tls1_1")


class Python(unittest.TestCase):
    def test_imaplib(self):
        server.deliver("imaplib", message("for imaplib"))
        imap = imaplib.IMAP4(HOST, server.imap)
        imap.starttls(server.trust())
        imap.login("imaplib@example.com", PLAIN_PASSWORD)
        self.assertEqual(("OK", [b"1"]), imap.select("INBOX"))
        self.assertEqual("OK", imap.append("INBOX", r"(\Flagged)", '"21-Nov-2026 09:00:00 +0000"', message("appended"))[0])
        imap.noop()
        self.assertEqual([b"2"], imap.search(None, "FLAGGED")[1])
        self.assertEqual([b"1"], imap.search(None, "SUBJECT", '"for imaplib"')[1])
        data = imap.fetch("2", "(FLAGS BODY.PEEK[])")[1]
        self.assertEqual(message("appended"), data[0][1])
        self.assertEqual("OK", imap.create("Reise &AOQ- 2026".replace(" ", "-"))[0])
        self.assertEqual("OK", imap.copy("1:2", "Reise-&AOQ--2026")[0])
        self.assertEqual("OK", imap.store("1", "+FLAGS", r"(\Deleted)")[0])
        self.assertEqual(("OK", [b"1"]), imap.expunge())
        status = imap.status("Reise-&AOQ--2026", "(MESSAGES UIDNEXT UNSEEN)")[1][0]
        self.assertIn(b"MESSAGES 2", status)
        self.assertEqual("OK", imap.close()[0])
        self.assertEqual("OK", imap.rename("Reise-&AOQ--2026", "Archive/Reise")[0])
        self.assertEqual("OK", imap.delete("Archive/Reise")[0])
        imap.logout()
        with imaplib.IMAP4_SSL(HOST, server.imaps, ssl_context=server.trust()) as imaps:
            imaps.authenticate("PLAIN", lambda _: b"\0imaplib@example.com\0" + PLAIN_PASSWORD.encode())
            self.assertEqual(("OK", [b"1"]), imaps.select("INBOX", readonly=True))

    def test_poplib(self):
        bodies = ["one\r\n", ".\r\n..two\r\n", "three\r\n" * 1000]
        for i, body in enumerate(bodies):
            server.deliver("poplib", message(f"pop {i}", body))
        pop = poplib.POP3(HOST, server.pop3)
        pop.stls(server.trust())
        pop.user("poplib@example.com")
        pop.pass_(PLAIN_PASSWORD)
        self.assertEqual(3, pop.stat()[0])
        uids = [line.split()[1] for line in pop.uidl()[1]]
        self.assertEqual(3, len(set(uids)))
        for i, body in enumerate(bodies):
            lines = pop.retr(i + 1)[1]
            self.assertEqual(body, "".join(line.decode() + "\r\n" for line in lines[lines.index(b"") + 1:]))
        self.assertEqual(b"three", pop.top(3, 1)[1][-1])
        pop.dele(1)
        pop.rset()
        pop.dele(2)
        pop.quit()
        again = poplib.POP3_SSL(HOST, server.pop3s, context=server.trust())
        again.user("poplib@example.com")
        again.pass_(PLAIN_PASSWORD)
        self.assertEqual([uids[0], uids[2]], [line.split()[1] for line in again.uidl()[1]])
        again.quit()

    def test_lmtp(self):
        with smtplib.LMTP(HOST, server.lmtp) as lmtp:
            lmtp.ehlo_or_helo_if_needed()
            for extension in ("pipelining", "size", "8bitmime", "smtputf8", "enhancedstatuscodes", "chunking"):
                self.assertTrue(lmtp.has_extn(extension), extension)
            self.assertEqual(250, lmtp.mail("", ["BODY=8BITMIME", "SIZE=500"])[0])
            self.assertEqual(250, lmtp.rcpt("lmtp@example.com")[0])
            self.assertEqual(550, lmtp.rcpt("nobody@example.com")[0])
            self.assertEqual(250, lmtp.rcpt("lmtp2+detail@example.com")[0])
            self.assertEqual(250, lmtp.data(message("to many", "\r\n.\r\n.hidden\r\n" + "é" * 10 + "\r\n"))[0])
            # One reply a recipient (RFC 2033 4.2); smtplib itself reads only the first.
            self.assertEqual(250, lmtp.getreply()[0])
            self.assertEqual(250, lmtp.noop()[0])
            self.assertEqual(552, lmtp.mail("a@example.net", ["SIZE=99999999999"])[0])
        for name in ("lmtp", "lmtp2"):
            with imaplib.IMAP4(HOST, server.imap) as imap:
                imap.login(f"{name}@example.com", PLAIN_PASSWORD)
                imap.select("INBOX")
                octets = imap.fetch("1", "BODY[]")[1][0][1]
                self.assertTrue(octets.startswith(b"Return-Path: <>\r\n"), octets)
                self.assertTrue(octets.endswith(b"\r\n.\r\n.hidden\r\n" + "é".encode() * 10 + b"\r\n"), octets)


class Mbsync(unittest.TestCase):
    def test_two_ways(self):
        home = server.directory / "mbsync"
        local = home / "mail"
        local.mkdir(parents=True)
        (home / "rc").write_text(f"""
            IMAPAccount remote
            Host {HOST}
            Port {server.imaps}
            SSLType IMAPS
            CertificateFile {server.certificate}
            User mbsync@example.com
            Pass {PLAIN_PASSWORD}

            IMAPStore remote
            Account remote

            MaildirStore local
            Path {local}/
            Inbox {local}/INBOX
            SubFolders Verbatim

            Channel all
            Far :remote:
            Near :local:
            Patterns *
            Create Both
            Remove Both
            Expunge Both
            SyncState *
        """.replace("            ", ""))

        def sync():
            run("mbsync", "--config", home / "rc", "--all", package="isync", env={"HOME": str(home)})

        def subjects(name):
            return sorted(m["Subject"] for m in mailbox.Maildir(local / name, create=False))

        for i in range(3):
            server.deliver("mbsync", message(f"mail {i}"))
        sync()
        self.assertEqual(["mail 0", "mail 1", "mail 2"], subjects("INBOX"))
        self.assertTrue((local / "Sent").is_dir())

        # Here: a flag, a deletion, a new message, a new mailbox with a message.
        inbox = mailbox.Maildir(local / "INBOX", create=False)
        for key, found in list(inbox.items()):
            if found["Subject"] == "mail 0":
                found.set_subdir("cur")
                found.set_flags("FS")
                inbox[key] = found
            if found["Subject"] == "mail 1":
                inbox.remove(key)
        inbox.add(message("written here").replace(b"\r\n", b"\n"))
        mailbox.Maildir(local / "Projects", create=True).add(message("in a new mailbox").replace(b"\r\n", b"\n"))
        sync()
        imap = imaplib.IMAP4_SSL(HOST, server.imaps, ssl_context=server.trust())
        self.addCleanup(imap.logout)
        imap.login("mbsync@example.com", PLAIN_PASSWORD)
        imap.select("INBOX")
        self.assertEqual([b""], imap.search(None, "SUBJECT", '"mail 1"')[1])
        self.assertEqual(1, len(imap.search(None, "SUBJECT", '"mail 0"', "FLAGGED", "SEEN")[1][0].split()))
        self.assertEqual(1, len(imap.search(None, "SUBJECT", '"written here"')[1][0].split()))
        self.assertEqual(("OK", [b"1"]), imap.select("Projects"))

        # There: a flag, a deletion, a new mailbox.
        imap.select("INBOX")
        imap.store(imap.search(None, "SUBJECT", '"mail 2"')[1][0], "+FLAGS", r"(\Answered)")
        imap.store(imap.search(None, "SUBJECT", '"mail 0"')[1][0], "+FLAGS", r"(\Deleted)")
        imap.expunge()
        imap.create("Archive/2026")
        imap.append("Archive/2026", None, None, message("kept"))
        sync()
        self.assertEqual(["mail 2", "written here"], subjects("INBOX"))
        self.assertIn("R", next(m for m in mailbox.Maildir(local / "INBOX") if m["Subject"] == "mail 2").get_flags())
        self.assertEqual(["kept"], subjects("Archive/2026"))

        # Nothing more to do: nothing may come twice.
        before = sorted(path.name for path in pathlib.Path(local).rglob("*") if path.is_file() and "mbsync" not in path.name)
        sync()
        after = sorted(path.name for path in pathlib.Path(local).rglob("*") if path.is_file() and "mbsync" not in path.name)
        self.assertEqual(before, after)


class Fetchmail(unittest.TestCase):
    def fetch(self, name, protocol, port, tls):
        home = server.directory / name
        home.mkdir()
        for i in range(3):
            server.deliver(name, message(f"fetched {i}", f"body {i}\r\n" * 50))
        rc = home / "rc"
        rc.write_text(
            f'poll {HOST} protocol {protocol} port {port} user "{name}@example.com" password "{PLAIN_PASSWORD}" '
            f'{tls} no rewrite mda "cat >> {home}/mbox"\n')
        rc.chmod(0o600)
        command = ["fetchmail", "--fetchmailrc", rc, "--nodetach", "--nosyslog", "--pidfile", home / "pid"]
        run(*command, env={"HOME": str(home)})
        text = (home / "mbox").read_text()
        for i in range(3):
            self.assertEqual(1, text.count(f"Subject: fetched {i}\n"), text)
            self.assertEqual(50, text.count(f"body {i}\n"))
        # Status 1: no mail. It took them and deleted them there.
        done = run(*command, env={"HOME": str(home)}, check=False)
        self.assertEqual(text, (home / "mbox").read_text(), done)
        with imaplib.IMAP4(HOST, server.imap) as imap:
            imap.login(f"{name}@example.com", PLAIN_PASSWORD)
            self.assertEqual(("OK", [b"0"]), imap.select("INBOX"))

    def test_pop3(self):
        self.fetch("fetchmail", "pop3", server.pop3s, f"ssl sslcertck sslcertfile {server.certificate}")

    def test_imap(self):
        self.fetch("fetchmail-imap", "imap", server.imap, f"sslproto tls1.2+ sslcertck sslcertfile {server.certificate}")


class Getmail(unittest.TestCase):
    def get(self, name, retriever, port):
        home = server.directory / name
        home.mkdir()
        for i in range(3):
            server.deliver(name, message(f"got {i}"))
        (home / "rc").write_text(f"""
[retriever]
type = {retriever}
server = {HOST}
port = {port}
username = {name}@example.com
password = {PLAIN_PASSWORD}
ca_certs = {server.certificate}
[destination]
type = MDA_external
path = /bin/sh
arguments = ("-c", "cat >> {home}/mbox")
unixfrom = true
allow_root_commands = true
[options]
read_all = false
delete = false
""")
        command = ["getmail", "--getmaildir", home, "--rcfile", "rc"]

        def subjects():
            run(*command, package="getmail6", env={"HOME": str(home)})
            with contextlib.closing(mailbox.mbox(home / "mbox", create=False)) as mbox:
                return sorted(m["Subject"] for m in mbox)

        self.assertEqual(["got 0", "got 1", "got 2"], subjects())
        # It remembers what it has seen by UIDL or by UIDVALIDITY and UID: nothing twice.
        server.deliver(name, message("got 3"))
        self.assertEqual(["got 0", "got 1", "got 2", "got 3"], subjects())

    def test_pop3(self):
        self.get("getmail", "SimplePOP3SSLRetriever", server.pop3s)

    def test_imap(self):
        self.get("getmail-imap", "SimpleIMAPSSLRetriever", server.imaps)


def scram(name, password):
    """SCRAM-SHA-256 by the book (RFC 7677), for imaplib's and poplib's way of asking."""
    nonce = base64.b64encode(os.urandom(18)).decode()
    first = f"n={name},r={nonce}"
    state = {}

    def answer(challenge):
        challenge = challenge.decode()
        if not challenge:
            return f"n,,{first}".encode()
        fields = dict(field.split("=", 1) for field in challenge.split(","))
        if "v" in fields:
            assert base64.b64decode(fields["v"]) == state["signature"], "the server has not proven itself"
            return b""
        assert fields["r"].startswith(nonce) and int(fields["i"]) >= 4096, challenge
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(fields["s"]), int(fields["i"]))
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        final = f"c=biws,r={fields['r']}"
        message = f"{first},{challenge},{final}".encode()
        signature = hmac.digest(hashlib.sha256(client_key).digest(), message, "sha256")
        state["signature"] = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), message, "sha256")
        proof = bytes(a ^ b for a, b in zip(client_key, signature))
        return f"{final},p={base64.b64encode(proof).decode()}".encode()

    return answer


class Scram(unittest.TestCase):
    def test_python(self):
        with imaplib.IMAP4(HOST, server.imap) as imap:
            self.assertIn("AUTH=SCRAM-SHA-256", imap.capabilities)
            self.assertEqual("OK", imap.authenticate("SCRAM-SHA-256", scram("scram@example.com", PLAIN_PASSWORD))[0])
            self.assertEqual("OK", imap.select("INBOX")[0])
        with imaplib.IMAP4(HOST, server.imap) as imap:
            with self.assertRaisesRegex(imaplib.IMAP4.error, "AUTHENTICATIONFAILED"):
                imap.authenticate("SCRAM-SHA-256", scram("scram@example.com", "wrong"))

    def gsasl(self, mechanism, *arguments, password=PLAIN_PASSWORD, **options):
        return run(
            "gsasl", "--imap", "--mechanism", mechanism, "--authentication-id", "gsasl@example.com", "--password", password,
            "--x509-ca-file", server.certificate, *arguments, HOST, server.imap, input="", **options)

    def test_gsasl(self):
        self.gsasl("SCRAM-SHA-256", "--no-starttls")

    def test_gsasl_bound_to_tls(self):
        """By tls-exporter, which GnuTLS computes on the other side."""
        self.gsasl("SCRAM-SHA-256-PLUS", "--starttls", "--verbose")

    def test_gsasl_with_a_wrong_password(self):
        with self.assertRaises(AssertionError):
            self.gsasl("SCRAM-SHA-256-PLUS", "--starttls", password="wrong")

    def test_mbsync(self):
        server.deliver("mbsync-scram", message("by scram"))
        directory = server.directory / "mbsync-scram"
        directory.mkdir()
        config = directory / "mbsyncrc"
        config.write_text(
            f"IMAPStore far\nHost {HOST}\nPort {server.imap}\nUser mbsync-scram@example.com\nPass {PLAIN_PASSWORD}\n"
            f"SSLType STARTTLS\nCertificateFile {server.certificate}\nAuthMechs SCRAM-SHA-256\n\n"
            f"MaildirStore near\nInbox {directory}/mail\n\nChannel all\nFar :far:\nNear :near:\nCreate Near\nSyncState *\n")
        run("mbsync", "--config", config, "all", package="isync and libsasl2-modules")
        self.assertEqual(1, len(list((directory / "mail").glob("*/*U=1*"))))


class QuickStart(unittest.TestCase):
    def test_the_lines_it_prints_work(self):
        lines = [line.strip() for line in server.text().splitlines() if re.match(r"  (curl|printf) ", line)]
        self.assertEqual(3, len(lines), server.text())
        expected = [r"(?m)^Subject: ", r"STATUS \"?INBOX\"? \(MESSAGES 2", r"(?m)^c OK"]
        for line, pattern in zip(lines, expected):
            self.assertRegex(run("bash", "-c", line), pattern, line)

    def test_demo_mail_is_there(self):
        with imaplib.IMAP4(HOST, server.imap) as imap:
            imap.login("alice@example.com", "wonderland")
            self.assertEqual(("OK", [b"5"]), imap.select("INBOX", readonly=True))
            structure = b" ".join(part for part in imap.fetch("3", "BODYSTRUCTURE")[1] if isinstance(part, bytes))
            self.assertIn(b'"sky.png"', structure)

    def test_metrics(self):
        text = run("curl", "--silent", "--fail", f"http://{HOST}:{server.http}/metrics")
        for name in ("postrider_connections", "postrider_commands_seconds", "postrider_logins_total", "jvm_memory_used_bytes"):
            self.assertIn(name, text)


class Restart(unittest.TestCase):
    """No other test keeps a connection open meanwhile."""

    def test_killed_and_started_again(self):
        name = "restart"
        server.deliver(name, message("before the kill"))
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        # Its PostgreSQL still runs; the next start must find that out by itself.
        server.start()
        with imaplib.IMAP4(HOST, server.imap) as imap:
            imap.login(f"{name}@example.com", PLAIN_PASSWORD)
            self.assertEqual(("OK", [b"1"]), imap.select("INBOX"))

    def test_two_on_the_same_data_are_refused(self):
        out = run(*server.command, check=False, timeout=60)
        self.assertRegex(out, r"postrider: another server runs on the data in [^\n]*\n$")


if __name__ == "__main__":
    unittest.main(verbosity=2)
