"""PostgreSQL and one node as processes of their own on loopback, and the ways to harm them."""

import glob
import os
import signal
import subprocess
import time

from installation import STARTED_WITHIN, TOP, Installation, ready

OFFSET = int(os.environ.get('FAULTS_PORT_OFFSET', '11000'))
IMAP, LMTP, HTTP, DATABASE = OFFSET + 143, OFFSET + 24, OFFSET + 80, OFFSET + 432
DISK = 400 << 20  # octets of the file system that PostgreSQL's data is on
CONNECTIONS = 60  # PostgreSQL's max_connections
POOL = 4  # the node's database.connections: few enough to be exhausted


class Stage(Installation):
    def __init__(self, directory):
        self.disk = os.path.join(directory, 'disk')
        super().__init__(directory, os.path.join(self.disk, 'postgresql'), DATABASE)
        faketime = glob.glob('/usr/lib/*/faketime/libfaketime.so.1')
        self.faketime = faketime[0] if faketime else None
        self.clock = os.path.join(directory, 'clock')
        self.faking = False
        self.mounted = False
        self.node = None

    def start(self, accounts):
        self.set_clock(0)
        os.mkdir(self.disk)
        if os.geteuid() == 0:
            done = subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={DISK}', 'tmpfs', self.disk], check=False)
            self.mounted = done.returncode == 0
        self.lay_out(accounts)
        self.start_node()

    def stop(self):
        if self.node and self.node.poll() is None:
            self.node.terminate()
            try:
                self.node.wait(timeout=40)
            except subprocess.TimeoutExpired:
                self.node.kill()
        self.empty_disk()
        if self.postmaster():
            self.as_postgres(f'{self.bin}/pg_ctl', '-D', self.data, '-m', 'immediate', '-w', 'stop', check=False)
        if self.mounted:
            subprocess.run(['umount', '--lazy', self.disk], check=False)

    # The node.

    def start_node(self):
        environment = {
            **os.environ, **self.fake_clock(),
            'POSTRIDER_DATABASE_URL': self.url,
            'POSTRIDER_DATABASE_CONNECTIONS': str(POOL),
            'POSTRIDER_HTTP_PORT': str(HTTP),
            'POSTRIDER_LISTENERS_IMAP_HOST': '127.0.0.1',
            'POSTRIDER_LISTENERS_IMAP_PORT': str(IMAP),
            'POSTRIDER_LISTENERS_IMAP_PLAIN_TEXT_PASSWORDS': 'true',
            'POSTRIDER_LISTENERS_LMTP_PORT': str(LMTP),
            'JAVA_OPTS': '-Xmx256m -XX:+UseSerialGC',
        }
        for name in ('IMAPS', 'POP3', 'POP3S'):
            environment[f'POSTRIDER_LISTENERS_{name}_ENABLED'] = 'false'
        with open(os.path.join(self.directory, 'node.log'), 'a') as log:
            self.node = subprocess.Popen([f'{TOP}/deploy/postrider', 'serve'], env=environment, stdout=log, stderr=log)
        deadline = time.monotonic() + STARTED_WITHIN
        while not ready(HTTP):
            if time.monotonic() > deadline or self.node.poll() is not None:
                raise AssertionError(f'the node did not start; see {self.directory}/node.log')
            time.sleep(0.1)

    def kill_node(self):
        self.node.kill()
        self.node.wait()

    # PostgreSQL.

    def start_postgres(self):
        """Again and again: the children of one that was killed may still be there, or the disk full."""
        deadline = time.monotonic() + STARTED_WITHIN
        options = f'-c max_connections={CONNECTIONS} -c max_wal_size=64MB -c min_wal_size=32MB'
        while not self.pg_ctl_start(options, check=False, environment=self.fake_clock()):
            if time.monotonic() > deadline:
                raise AssertionError('PostgreSQL does not start')
            time.sleep(0.2)

    def postmaster(self):
        """Its process id; None when it does not run."""
        try:
            with open(os.path.join(self.data, 'postmaster.pid')) as file:
                pid = int(file.readline())
            with open(f'/proc/{pid}/comm') as file:
                return pid if file.read().startswith('postgres') else None
        except (OSError, ValueError):
            return None

    def postgres_processes(self):
        postmaster = self.postmaster()
        children = subprocess.run(['ps', '-o', 'pid=', '--ppid', str(postmaster)], capture_output=True, text=True, check=False)
        return [postmaster, *(int(pid) for pid in children.stdout.split())]

    def backend(self):
        """The process of one of the node's connections."""
        return int(self.sql("select pid from pg_stat_activity where application_name = 'postrider' order by random() limit 1"))

    def kill(self, pid, number=signal.SIGKILL):
        os.kill(pid, number)

    def hold(self, statement):
        """A session of somebody else's, which holds what the statement takes until it is killed."""
        return subprocess.Popen(
            self.psql(f'begin; {statement}; select pg_sleep(3600)'), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def let_go(self, sessions):
        for session in sessions:
            session.kill()
            session.wait()
        # What has lost its client finds out only when it has something to say.
        self.sql("select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(3600)%'"
                 ' and pid <> pg_backend_pid()', database='postgres')

    # The disk.

    def fill_disk(self):
        with open(os.path.join(self.disk, 'ballast'), 'wb', buffering=0) as file:
            block = bytes(1 << 20)
            while True:
                try:
                    file.write(block)
                except OSError:
                    if len(block) == 1 << 12:
                        return
                    block = bytes(1 << 12)

    def empty_disk(self):
        path = os.path.join(self.disk, 'ballast')
        if os.path.exists(path):
            os.remove(path)

    # The clock.

    def fake_clock(self):
        # The monotonic clock is let alone, as when somebody sets the time.
        return {'LD_PRELOAD': self.faketime, 'FAKETIME_TIMESTAMP_FILE': self.clock, 'FAKETIME_NO_CACHE': '1',
                'DONT_FAKE_MONOTONIC': '1', 'FAKETIME_DONT_FAKE_MONOTONIC': '1'} if self.faking else {}

    def set_clock(self, seconds):
        with open(self.clock + '.new', 'w') as file:
            file.write(f'{seconds:+d}\n')
        os.chmod(self.clock + '.new', 0o644)
        os.rename(self.clock + '.new', self.clock)
