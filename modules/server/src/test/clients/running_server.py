"""Starts deploy/local/run on ports of its own with fresh data, and stops it."""

import os
import pathlib
import re
import shutil
import signal
import smtplib
import ssl
import subprocess
import tempfile
import time
import urllib.request

TOP = pathlib.Path(__file__).resolve().parents[5]
HOST = "localhost"
START_SECONDS = 300
STOP_SECONDS = 40
PLAIN_PASSWORD = "secret"
COMPLAINT = re.compile(r" (ERROR|WARN) |Exception")


class RunningServer:
    def __init__(self, accounts, offset=None):
        self.offset = int(os.environ.get("CLIENTS_PORT_OFFSET", "20000")) if offset is None else offset
        self.imap, self.imaps = 1143 + self.offset, 1993 + self.offset
        self.pop3, self.pop3s = 1110 + self.offset, 1995 + self.offset
        self.lmtp, self.http = 1024 + self.offset, 8080 + self.offset
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="postrider-clients-"))
        self.data = self.directory / "data"
        self.certificate = self.data / "localhost.crt"
        self.log = self.directory / "server.log"
        csv = self.directory / "accounts.csv"
        csv.write_text("address,password\n" + "".join(f"{name}@example.com,{PLAIN_PASSWORD}\n" for name in accounts))
        self.command = [
            str(TOP / "deploy/local/run"), "--data", str(self.data), "--port-offset", str(self.offset),
            "--accounts", str(csv),
        ]
        self.process = None

    @classmethod
    def started(cls, accounts):
        server = cls(accounts)
        try:
            return server.start()
        except BaseException:
            server.close()
            raise

    def start(self):
        with open(self.log, "ab") as log:
            # From elsewhere: it must not matter where one stands.
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, cwd="/", start_new_session=True)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}:\n{self.text()}")
            if self.ready():
                return self
            time.sleep(0.2)
        raise RuntimeError(f"the server is not ready after {START_SECONDS} s:\n{self.text()}")

    def ready(self):
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.http}/health/ready", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop(self):
        """As Ctrl-C does: SIGINT to all in the foreground. Gives the exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        status = self.process.wait(STOP_SECONDS)
        return status

    def end_well(self, overlooked=None):
        """Stops, and fails unless it ended as it should and had nothing to complain of, but for lines with this in them."""
        try:
            status = self.stop()
            text = self.text()
        finally:
            self.close()
        assert status == 0, f"the server ended with {status}:\n{text}"
        bad = [line for line in text.splitlines() if COMPLAINT.search(line) and not (overlooked and overlooked in line)]
        assert not bad, "the server logged:\n" + "\n".join(bad)

    def trust(self):
        """What a client needs to believe its certificate."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def text(self):
        return self.log.read_text(errors="replace")

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def deliver(self, name, octets):
        """By LMTP; the server has it for good when this returns."""
        with smtplib.LMTP(HOST, self.lmtp) as lmtp:
            refused = lmtp.sendmail("sender@example.net", [f"{name}@example.com"], octets)
            assert not refused, refused


def message(subject, body="Hello.\r\n", sender="sender@example.net"):
    return (
        f"Date: Sat, 21 Nov 2026 09:00:00 +0000\r\nFrom: <{sender}>\r\nTo: <someone@example.com>\r\n"
        f"Subject: {subject}\r\nMessage-ID: <{subject.replace(' ', '.')}@example.net>\r\n\r\n{body}"
    ).encode()


def run(*command, package=None, input=None, env=None, timeout=60, check=True):
    """Runs a client to its end and gives what it printed; a missing one fails with the name of its Debian package."""
    command = [str(part) for part in command]
    if shutil.which(command[0]) is None:
        raise AssertionError(f"{command[0]} is missing: apt-get install {package or command[0]}")
    if isinstance(input, str):
        input = input.encode()
    done = subprocess.run(
        command, input=input, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout,
        env={**os.environ, **(env or {})},
    )
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout.decode(errors='replace')}")
    return done.stdout.decode("utf-8", "replace")
