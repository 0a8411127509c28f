"""Three nodes behind HAProxy under load and faults. What must hold: nothing acknowledged is lost or doubled, a watcher in IDLE
misses nothing, a drain makes no command fail, and mbsync ends with what the server has."""

import argparse
import collections
import glob
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), '../../../../..'))
HAPROXY_PORTS = {'IMAP': 12143, 'IMAPS': 12993, 'POP3': 12110, 'POP3S': 12995, 'LMTP': 12024}
DATABASE_PORT = 12432
NODES = ['1', '2', '3']
NOTICED_WITHIN = 25  # seconds until a watcher must know of a message: the sweep's 20 s and a moment
STEADY = 6  # seconds of load between two faults
PASSWORD = 'secret'


class Broken(Exception):
    """The connection went away."""


class Line:
    """A line protocol's client, with bounds on its patience."""

    def __init__(self, port):
        self.socket = socket.create_connection(('127.0.0.1', port), timeout=10)
        self.socket.settimeout(30)
        self.buffer = b''

    def send(self, text):
        try:
            self.socket.sendall(text.encode())
        except OSError as e:
            raise Broken(f'sending: {e}') from e

    def line(self, timeout=30):
        self.socket.settimeout(timeout)
        while b'\n' not in self.buffer:
            try:
                octets = self.socket.recv(65536)
            except TimeoutError:
                return None
            except OSError as e:
                raise Broken(str(e)) from e
            if not octets:
                raise Broken('closed')
            self.buffer += octets
        line, self.buffer = self.buffer.split(b'\n', 1)
        return line.rstrip(b'\r').decode('latin1')

    def close(self):
        self.socket.close()


class Imap(Line):
    def __init__(self, port, account):
        super().__init__(port)
        self.tag = 0
        self.said_bye = False
        if not (self.line() or '').startswith('* OK'):
            raise Broken('no greeting')
        self.ok(f'LOGIN {account} {PASSWORD}')

    def ok(self, command):
        """The untagged lines of a command that must succeed. AssertionError: the server said NO or BAD."""
        self.tag += 1
        tag = f't{self.tag}'
        self.send(f'{tag} {command}\r\n')
        lines = []
        while True:
            line = self.line()
            if line is None:
                raise Broken(f'no answer to {command} within 30 s')
            if line.startswith('* BYE'):
                self.said_bye = True
            if line.startswith(tag + ' '):
                if line.startswith(tag + ' OK'):
                    return lines
                raise AssertionError(f'{command} was answered {line}')
            lines.append(line)


class Cluster:
    """PostgreSQL, three nodes and HAProxy, as processes of their own."""

    def __init__(self, directory):
        self.directory = directory
        self.data = os.path.join(directory, 'postgresql')
        found = sorted(glob.glob('/usr/lib/postgresql/*/bin'))
        if not found or not shutil.which('haproxy') or not shutil.which('mbsync'):
            sys.exit('install the Debian packages haproxy, isync and postgresql')
        self.bin = found[-1]
        self.url = f'postgresql://postrider:{PASSWORD}@127.0.0.1:{DATABASE_PORT}/postrider'
        self.nodes = {}
        self.haproxy = None
        self.postmaster = None

    def as_postgres(self, *command):
        return subprocess.run(['runuser', '-u', 'postgres', '--', *command], check=True, capture_output=True, text=True)

    def start(self):
        os.chmod(self.directory, 0o755)
        os.mkdir(self.data)
        shutil.chown(self.data, 'postgres', 'postgres')
        self.as_postgres(f'{self.bin}/initdb', '-D', self.data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C')
        self.start_postgres()
        self.sql(f"create role postrider login password '{PASSWORD}'", database='postgres')
        self.sql('create database postrider owner postrider', database='postgres')
        self.postrider('migrate')
        self.postrider('domain', 'add', 'example.com')
        accounts = os.path.join(self.directory, 'accounts.csv')
        with open(accounts, 'w') as file:
            file.writelines(f'{name}@example.com,{PASSWORD}\n' for name in ('in', 'sync', 'busy'))
        self.postrider('account', 'import', accounts)
        for node in NODES:
            self.start_node(node)
        self.start_haproxy()

    def start_postgres(self):
        self.as_postgres(
            f'{self.bin}/pg_ctl', '-D', self.data, '-w', '-l', f'{self.data}/log',
            '-o', f'-p {DATABASE_PORT} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.data}', 'start')

    def restart_postgres(self):
        self.as_postgres(f'{self.bin}/pg_ctl', '-D', self.data, '-w', '-m', 'immediate', 'stop')
        time.sleep(random.uniform(0, 2))
        self.start_postgres()

    def sql(self, statement, database='postrider'):
        return subprocess.run(
            [f'{self.bin}/psql', '-h', '127.0.0.1', '-p', str(DATABASE_PORT), '-U', 'postgres', '-AtX', '-c', statement, database],
            check=True, capture_output=True, text=True).stdout.strip()

    def postrider(self, *arguments):
        done = subprocess.run(
            [f'{TOP}/deploy/postrider', *arguments], env={**os.environ, 'POSTRIDER_DATABASE_URL': self.url},
            capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(f'postrider {arguments[0]}: {done.stderr}')

    def ports(self, node):
        base = 20000 + 2000 * int(node)
        return {'IMAP': base + 143, 'IMAPS': base + 993, 'POP3': base + 110, 'POP3S': base + 995, 'LMTP': base + 24,
                'HTTP': base + 80}

    def start_node(self, node):
        ports = self.ports(node)
        environment = {
            **os.environ,
            'POSTRIDER_DATABASE_URL': self.url,
            'POSTRIDER_PROXY_TRUSTED': '127.0.0.0/8',
            'POSTRIDER_HTTP_PORT': str(ports['HTTP']),
            'POSTRIDER_SHUTDOWN_DELAY': '3s',
            'POSTRIDER_SHUTDOWN_SPREAD': '2s',
            'POSTRIDER_SHUTDOWN_GRACE': '20s',
            'JAVA_OPTS': '-Xmx256m',
        }
        for protocol in ('IMAP', 'POP3', 'LMTP'):
            environment[f'POSTRIDER_LISTENERS_{protocol}_ENABLED'] = 'false'
            environment[f'POSTRIDER_LISTENERS_{protocol}_HOST'] = '127.0.0.1'
            environment[f'POSTRIDER_LISTENERS_{protocol}_PROXY_PORT'] = str(ports[protocol])
        for protocol in ('IMAP', 'POP3'):
            environment[f'POSTRIDER_LISTENERS_{protocol}S_ENABLED'] = 'false'
            environment[f'POSTRIDER_LISTENERS_{protocol}_PLAIN_TEXT_PASSWORDS'] = 'true'
        log = open(os.path.join(self.directory, f'node-{node}.log'), 'a')
        self.nodes[node] = subprocess.Popen(
            [f'{TOP}/deploy/postrider', 'serve'], env=environment, stdout=log, stderr=log)
        deadline = time.time() + 90
        while not self.ready(node):
            if time.time() > deadline or self.nodes[node].poll() is not None:
                raise AssertionError(f'node {node} did not start; see its log')
            time.sleep(0.2)

    def ready(self, node):
        try:
            client = socket.create_connection(('127.0.0.1', self.ports(node)['HTTP']), timeout=3)
            with client:
                client.settimeout(5)
                client.sendall(b'GET /health/ready HTTP/1.0\r\n\r\n')
                return b' 200 ' in client.recv(100)
        except OSError:
            return False

    def start_haproxy(self):
        with open(f'{TOP}/deploy/haproxy/haproxy.cfg') as file:
            text = file.read()
        # The shipped configuration knows two nodes; a third is one more line in each section.
        text = re.sub(
            r'( +server )node-2 ("\$\{NODE_)2(_\w+\}" check port "\$\{NODE_)2(_HTTP_PORT\}")',
            r'\g<0>\n\1node-3 \g<2>3\g<3>3\4', text)
        path = os.path.join(self.directory, 'haproxy.cfg')
        with open(path, 'w') as file:
            file.write(text)
        environment = {**os.environ, **{name: f'127.0.0.1:{port}' for name, port in HAPROXY_PORTS.items()}}
        for node in NODES:
            ports = self.ports(node)
            for protocol in HAPROXY_PORTS:
                environment[f'NODE_{node}_{protocol}'] = f'127.0.0.1:{ports[protocol]}'
            environment[f'NODE_{node}_HTTP_PORT'] = str(ports['HTTP'])
        log = open(os.path.join(self.directory, 'haproxy.log'), 'w')
        self.haproxy = subprocess.Popen(['haproxy', '-db', '-f', path], env=environment, stdout=log, stderr=log)
        time.sleep(3)

    def kill_node(self):
        node = random.choice(NODES)
        self.nodes[node].kill()
        self.nodes[node].wait()
        time.sleep(random.uniform(0, 3))
        self.start_node(node)

    def drain_node(self):
        node = random.choice(NODES)
        self.nodes[node].send_signal(signal.SIGTERM)
        status = self.nodes[node].wait(timeout=60)
        if status != 0:
            raise AssertionError(f'node {node} ended with {status} after SIGTERM')
        self.start_node(node)

    def cut_listen(self):
        cut = self.sql("select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'postrider news'")
        if cut == '0':
            raise AssertionError('no connection was listening')

    def stop(self):
        for process in [*self.nodes.values(), self.haproxy]:
            if process and process.poll() is None:
                process.terminate()
        for process in [*self.nodes.values(), self.haproxy]:
            if process:
                try:
                    process.wait(timeout=40)
                except subprocess.TimeoutExpired:
                    process.kill()
        if os.path.exists(f'{self.data}/postmaster.pid'):
            self.as_postgres(f'{self.bin}/pg_ctl', '-D', self.data, '-m', 'fast', '-w', 'stop')


class Load:
    """The clients, each in a thread of its own until told to stop."""

    def __init__(self):
        self.over = threading.Event()
        self.faults_excused = threading.Event()
        self.counts = collections.Counter()
        self.acknowledged = {}
        self.wrong = []
        self.lock = threading.Lock()
        self.seen = {}
        self.threads = [threading.Thread(target=self.forever, args=(work,), daemon=True) for work in
                        (self.inject, self.inject, self.command, self.command, self.watch)]

    def start(self):
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.over.set()
        for thread in self.threads:
            thread.join(10)

    def forever(self, work):
        while not self.over.is_set():
            try:
                work()
            except Broken as e:
                self.failed(f'{work.__name__}: {e}')
                time.sleep(0.2)
            except OSError as e:
                self.failed(f'{work.__name__}: cannot connect: {e}')
                time.sleep(0.2)
            except AssertionError as e:
                self.failed(f'{work.__name__}: {e}')

    def failed(self, what):
        self.counts['failed'] += 1
        if not self.faults_excused.is_set() and not self.over.is_set():
            with self.lock:
                self.wrong.append(what)

    def inject(self):
        lmtp = Line(HAPROXY_PORTS['LMTP'])
        try:
            greeting = lmtp.line() or ''
            if greeting.startswith('421'):
                return
            if not greeting.startswith('220'):
                raise Broken('no greeting')
            lmtp.send('LHLO test.example.net\r\n')
            while not (lmtp.line() or '250 ').startswith('250 '):
                pass
            while not self.over.is_set():
                with self.lock:
                    self.counts['injected'] += 1
                    number = self.counts['injected']
                lmtp.send('MAIL FROM:<s@example.net>\r\n')
                reply = lmtp.line() or ''
                if reply.startswith('421'):
                    return  # drained between two messages, and told so
                self.expect(reply, '250')
                lmtp.send('RCPT TO:<in@example.com>\r\n')
                self.expect(lmtp.line(), '250')
                lmtp.send('DATA\r\n')
                self.expect(lmtp.line(), '354')
                lmtp.send(f'Subject: token {number}\r\n\r\nText.\r\n.\r\n')
                self.expect(lmtp.line(), '250')
                self.acknowledged[number] = time.time()
                time.sleep(0.02)
        finally:
            lmtp.close()

    @staticmethod
    def expect(reply, code):
        if reply is None or not reply.startswith(code):
            raise AssertionError(f'expected {code}, the server said {reply}')

    def command(self):
        imap = Imap(HAPROXY_PORTS['IMAP'], 'busy@example.com')
        try:
            imap.ok('SELECT INBOX')
            while not self.over.is_set():
                for command in ('NOOP', 'STATUS Sent (MESSAGES)', 'APPEND Sent {12+}\r\nSubject: a\r\n', 'UID SEARCH UNSEEN'):
                    imap.ok(command)
                    self.counts['commands'] += 1
                    if imap.said_bye:
                        return
                time.sleep(0.01)
        except Broken:
            # BYE crossed our command: told between two commands, it was not cut within one.
            if not imap.said_bye:
                raise
        finally:
            imap.close()

    def watch(self):
        """Notes when it has heard of each token."""
        imap = Imap(HAPROXY_PORTS['IMAP'], 'in@example.com')
        try:
            imap.ok('SELECT INBOX')
            self.fetch_new(imap)
            while not self.over.is_set():
                imap.send('w IDLE\r\n')
                line = imap.line()
                while line is not None and not line.endswith('EXISTS') and not line.startswith('* BYE'):
                    line = imap.line(timeout=2)
                if line is not None and line.startswith('* BYE'):
                    return
                imap.send('DONE\r\n')
                while not (line or '').startswith('w OK'):
                    line = imap.line()
                    if line is None or line.startswith('* BYE'):
                        return
                self.fetch_new(imap)
        finally:
            imap.close()

    def fetch_new(self, imap):
        first = max((uid for uid, _ in self.seen.values()), default=0) + 1
        uid = None
        for line in imap.ok(f'UID FETCH {first}:* (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])'):
            fetched = re.match(r'\* \d+ FETCH \(UID (\d+)', line)
            if fetched:
                uid = int(fetched[1])
            token = re.match(r'Subject: token (\d+)', line)
            if token:
                self.seen.setdefault(int(token[1]), (uid, time.time()))


def mbsync(cluster):
    directory = os.path.join(cluster.directory, 'mbsync')
    os.makedirs(os.path.join(directory, 'mail'), exist_ok=True)
    path = os.path.join(directory, 'rc')
    with open(path, 'w') as file:
        file.write(f'''IMAPAccount a
Host 127.0.0.1
Port {HAPROXY_PORTS['IMAP']}
User sync@example.com
Pass {PASSWORD}
SSLType None
AuthMechs LOGIN

IMAPStore remote
Account a

MaildirStore local
Path {directory}/mail/
Inbox {directory}/mail/INBOX
SubFolders Verbatim

Channel c
Far :remote:
Near :local:
Patterns *
Create Both
Expunge Both
SyncState *
''')
    return subprocess.run(['mbsync', '-q', '-c', path, '-a'], capture_output=True, text=True, timeout=120)


def sync_loop(cluster, load):
    """Puts a message into the Maildir now and then, and synchronises both ways."""
    number = 0
    while not load.over.is_set():
        number += 1
        new = os.path.join(cluster.directory, 'mbsync/mail/INBOX/new')
        if os.path.isdir(new):
            with open(os.path.join(new, f'{number}.local'), 'w') as file:
                file.write(f'Subject: local {number}\n\nText.\n')
            load.counts['synced'] += 1
        done = mbsync(cluster)
        if done.returncode != 0:
            load.failed(f'mbsync: {done.stderr.strip()}')
        time.sleep(0.5)


def check(cluster, load, watched_from):
    problems = list(load.wrong)
    imap = Imap(HAPROXY_PORTS['IMAP'], 'in@example.com')
    imap.ok('SELECT INBOX')
    there = collections.Counter()
    for line in imap.ok('UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (SUBJECT)])'):
        token = re.match(r'Subject: token (\d+)', line)
        if token:
            there[int(token[1])] += 1
    lost = [n for n in load.acknowledged if not there[n]]
    doubled = [n for n, count in there.items() if count > 1]
    if lost:
        problems.append(f'acknowledged and lost: {lost[:20]}')
    if doubled:
        problems.append(f'doubled: {doubled[:20]}')
    load.fetch_new(imap)
    missed = [n for n in there if n not in load.seen]
    if missed:
        problems.append(f'the watcher never heard of {missed[:20]}')
    slow = [n for n, at in load.acknowledged.items()
            if n in load.seen and load.seen[n][1] - at > NOTICED_WITHIN and at > watched_from]
    if slow:
        problems.append(f'the watcher heard too late of {slow[:20]}')
    done = mbsync(cluster)
    status = Imap(HAPROXY_PORTS['IMAP'], 'sync@example.com').ok('STATUS INBOX (MESSAGES)')[0]
    local = sum(len(os.listdir(os.path.join(cluster.directory, 'mbsync/mail/INBOX', kind))) for kind in ('new', 'cur'))
    if done.returncode != 0 or int(re.search(r'MESSAGES (\d+)', status)[1]) != local:
        problems.append(f'mbsync has {local} messages, the server says {status}: {done.stderr}')
    drift = cluster.sql('''
        select count(*)
        from mailbox b
        cross join lateral (
          select count(*) as messages, count(*) filter (where m.flags & 8 = 0) as unseen, coalesce(sum(m.size), 0) as octets
          from message m
          where m.account_id = b.account_id and m.mailbox_id = b.mailbox_id) as counted
        where (b.messages, b.unseen, b.octets) <> (counted.messages, counted.unseen, counted.octets)''')
    if drift != '0':
        problems.append(f'{drift} mailboxes whose counters differ from a recount')
    return problems, len(there)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rounds', type=int, default=4, help='random faults after one of each')
    parser.add_argument('--seed', type=int, default=random.randrange(1 << 30))
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    print(f'seed {arguments.seed}', flush=True)
    directory = tempfile.mkdtemp(prefix='postrider-cluster-')
    cluster = Cluster(directory)
    load = Load()
    problems = ['it did not come so far']
    try:
        cluster.start()
        watched_from = time.time()
        load.start()
        threading.Thread(target=sync_loop, args=(cluster, load), daemon=True).start()
        time.sleep(STEADY)
        faults = [cluster.drain_node, cluster.kill_node, cluster.restart_postgres, cluster.cut_listen]
        for fault in faults + [random.choice(faults) for _ in range(arguments.rounds)]:
            print(f'{fault.__name__}: {len(load.acknowledged)} messages, {load.counts["commands"]} commands so far', flush=True)
            # A drain and a lost LISTEN are nobody's business; whom a kill cuts off may notice.
            if fault in (cluster.kill_node, cluster.restart_postgres):
                load.faults_excused.set()
            fault()
            time.sleep(3)
            load.faults_excused.clear()
            time.sleep(STEADY)
        load.stop()
        problems, messages = check(cluster, load, watched_from)
        print(f'{messages} messages, {len(load.acknowledged)} acknowledged, {load.counts["commands"]} commands, '
              f'{load.counts["failed"]} excused or final failures, {load.counts["synced"]} synchronised')
    finally:
        load.over.set()
        cluster.stop()
        if problems:
            print(f'logs are kept in {directory}')
        else:
            shutil.rmtree(directory, ignore_errors=True)
    for problem in problems:
        print(f'FAILED: {problem}')
    sys.exit(1 if problems else 0)


if __name__ == '__main__':
    main()
