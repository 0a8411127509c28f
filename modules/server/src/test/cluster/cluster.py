"""PostgreSQL, three nodes and HAProxy as processes of their own on loopback, and what is done to them."""

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

from installation import STARTED_WITHIN, TOP, Installation, ready

OFFSET = int(os.environ.get('CLUSTER_PORT_OFFSET', '12000'))
PORTS = {'IMAP': OFFSET + 143, 'IMAPS': OFFSET + 993, 'POP3': OFFSET + 110, 'POP3S': OFFSET + 995, 'LMTP': OFFSET + 24}
DATABASE_PORT = OFFSET + 432
NODES = ['1', '2', '3']
CONNECTIONS = 400  # HAProxy's maxconn here: its default needs more files than some machines allow
CUT_FOR = 6  # seconds in which every new LISTEN connection is cut as well


class Cluster(Installation):
    def __init__(self, directory):
        super().__init__(directory, os.path.join(directory, 'postgresql'), DATABASE_PORT)
        if not shutil.which('haproxy') or not shutil.which('mbsync'):
            sys.exit('install the Debian packages haproxy and isync')
        self.nodes = {}
        self.haproxy = None

    def start(self, accounts):
        self.lay_out(accounts)
        for node in NODES:
            self.launch_node(node)
        for node in NODES:
            self.await_node(node)
        self.start_haproxy()

    def stop(self):
        processes = [process for process in [*self.nodes.values(), self.haproxy] if process]
        for process in processes:
            if process.poll() is None:
                process.terminate()
        for process in processes:
            try:
                process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                process.kill()
        if os.path.exists(f'{self.data}/postmaster.pid'):
            self.as_postgres(f'{self.bin}/pg_ctl', '-D', self.data, '-m', 'fast', '-w', 'stop')

    # What is done to it. Each returns when all is well again as far as one can see from outside.

    def kill_node(self):
        node = random.choice(NODES)
        self.nodes[node].kill()
        self.nodes[node].wait()
        time.sleep(random.uniform(0, 3))
        self.launch_node(node)
        self.await_node(node)

    def drain_node(self):
        node = random.choice(NODES)
        self.nodes[node].send_signal(signal.SIGTERM)
        status = self.nodes[node].wait(timeout=60)
        if status != 0:
            raise AssertionError(f'node {node} ended with {status} after SIGTERM')
        self.launch_node(node)
        self.await_node(node)

    def restart_postgres(self):
        self.as_postgres(f'{self.bin}/pg_ctl', '-D', self.data, '-w', '-m', 'immediate', 'stop')
        time.sleep(random.uniform(0, 2))
        self.start_postgres()

    def cut_listen(self):
        """For some seconds, so that news are lost with every connection that is made anew."""
        cut = 0
        until = time.time() + CUT_FOR
        while time.time() < until:
            cut += int(self.sql(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'postrider news'"))
            time.sleep(0.1)
        if cut < len(NODES):
            raise AssertionError(f'only {cut} connections were listening')

    # The parts.

    def ports(self, node):
        base = OFFSET + 8000 + 2000 * int(node)
        return {**{protocol: port - OFFSET + base for protocol, port in PORTS.items()}, 'HTTP': base + 80}

    def launch_node(self, node):
        ports = self.ports(node)
        environment = {
            **os.environ,
            'POSTRIDER_DATABASE_URL': self.url,
            'POSTRIDER_PROXY_TRUSTED': '127.0.0.0/8',
            'POSTRIDER_HTTP_PORT': str(ports['HTTP']),
            'POSTRIDER_SHUTDOWN_DELAY': '4s',
            'POSTRIDER_SHUTDOWN_SPREAD': '2s',
            'POSTRIDER_SHUTDOWN_GRACE': '20s',
            'JAVA_OPTS': '-Xmx256m -XX:+UseSerialGC',
        }
        for protocol in ('IMAP', 'POP3', 'LMTP'):
            environment[f'POSTRIDER_LISTENERS_{protocol}_ENABLED'] = 'false'
            environment[f'POSTRIDER_LISTENERS_{protocol}_HOST'] = '127.0.0.1'
            environment[f'POSTRIDER_LISTENERS_{protocol}_PROXY_PORT'] = str(ports[protocol])
        for protocol in ('IMAP', 'POP3'):
            environment[f'POSTRIDER_LISTENERS_{protocol}S_ENABLED'] = 'false'
            environment[f'POSTRIDER_LISTENERS_{protocol}_PLAIN_TEXT_PASSWORDS'] = 'true'
        with open(self.log(node), 'a') as log:
            self.nodes[node] = subprocess.Popen(
                [f'{TOP}/deploy/postrider', 'serve'], env=environment, stdout=log, stderr=log)

    def await_node(self, node):
        deadline = time.time() + STARTED_WITHIN
        while not self.ready(node):
            if time.time() > deadline or self.nodes[node].poll() is not None:
                raise AssertionError(f'node {node} did not start; see its log')
            time.sleep(0.1)

    def log(self, node):
        return os.path.join(self.directory, f'node-{node}.log')

    def ready(self, node):
        return ready(self.ports(node)['HTTP'])

    def start_haproxy(self):
        with open(f'{TOP}/deploy/haproxy/haproxy.cfg') as file:
            text = file.read()
        # The shipped configuration knows two nodes; a third is one more line in each section.
        text, changed = re.subn(
            r'( +server )node-2 ("\$\{NODE_)2(_\w+\}" check port "\$\{NODE_)2(_HTTP_PORT\}")',
            r'\g<0>\n\1node-3 \g<2>3\g<3>3\4', text)
        if changed != len(PORTS):
            raise AssertionError('deploy/haproxy/haproxy.cfg has another shape than this test knows')
        path = os.path.join(self.directory, 'haproxy.cfg')
        with open(path, 'w') as file:
            file.write(text)
        environment = {**os.environ, **{name: f'127.0.0.1:{port}' for name, port in PORTS.items()}}
        environment['CONNECTIONS'] = str(CONNECTIONS)
        for node in NODES:
            ports = self.ports(node)
            for protocol in PORTS:
                environment[f'NODE_{node}_{protocol}'] = f'127.0.0.1:{ports[protocol]}'
            environment[f'NODE_{node}_HTTP_PORT'] = str(ports['HTTP'])
        log = os.path.join(self.directory, 'haproxy.log')
        with open(log, 'w') as file:
            self.haproxy = subprocess.Popen(['haproxy', '-db', '-f', path], env=environment, stdout=file, stderr=file)
        deadline = time.time() + 20
        while True:
            try:
                socket.create_connection(('127.0.0.1', PORTS['IMAP']), timeout=3).close()
                return
            except OSError as e:
                if time.time() > deadline or self.haproxy.poll() is not None:
                    with open(log) as file:
                        raise AssertionError(f'HAProxy did not start: {file.read()}') from e
                time.sleep(0.1)
