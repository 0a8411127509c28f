"""A PostgreSQL of one's own, laid out for Postrider, and the programs that work on it."""

import glob
import os
import shutil
import socket
import subprocess
import sys

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), '../../../../..'))
DOMAIN = 'example.com'
PASSWORD = 'secret'
STARTED_WITHIN = 120  # seconds, for a slow machine; as a rule it takes two


class Installation:
    """Its data is in the directory ``data``, and it listens on a port of 127.0.0.1."""

    def __init__(self, directory, data, port):
        self.directory = directory
        self.data = data
        self.port = port
        found = sorted(glob.glob('/usr/lib/postgresql/*/bin'))
        if not found:
            sys.exit('install the Debian package postgresql')
        self.bin = found[-1]
        self.url = f'postgresql://postrider:{PASSWORD}@127.0.0.1:{port}/postrider'

    def lay_out(self, accounts):
        """PostgreSQL started, with a schema and accounts."""
        os.chmod(self.directory, 0o755)
        os.mkdir(self.data)
        if os.geteuid() == 0:
            shutil.chown(self.data, 'postgres', 'postgres')
        self.as_postgres(f'{self.bin}/initdb', '-D', self.data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C')
        self.start_postgres()
        self.sql(f"create role postrider login password '{PASSWORD}'", database='postgres')
        self.sql('create database postrider owner postrider', database='postgres')
        self.postrider('migrate')
        self.postrider('domain', 'add', DOMAIN)
        path = os.path.join(self.directory, 'accounts.csv')
        with open(path, 'w') as file:
            file.writelines(f'{name}@{DOMAIN},{PASSWORD}\n' for name in accounts)
        self.postrider('account', 'import', path)

    def as_postgres(self, *command, check=True, environment=None):
        """Whether it went well. PostgreSQL does not run as root; anybody else can run it."""
        who = ['runuser', '-u', 'postgres', '--'] if os.geteuid() == 0 else []
        return subprocess.run([*who, *command], check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd='/',
                              env={**os.environ, **(environment or {})}).returncode == 0

    def start_postgres(self):
        self.pg_ctl_start()

    def pg_ctl_start(self, options='', check=True, environment=None):
        return self.as_postgres(
            f'{self.bin}/pg_ctl', '-D', self.data, '-w', '-t', str(STARTED_WITHIN), '-l', f'{self.data}/log', '-o',
            f'-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.data} {options}', 'start',
            check=check, environment=environment)

    def psql(self, statement, database='postrider'):
        return [f'{self.bin}/psql', '-h', '127.0.0.1', '-p', str(self.port), '-U', 'postgres', '-AtX', '-c', statement, database]

    def sql(self, statement, database='postrider'):
        return subprocess.run(self.psql(statement, database), check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def postrider(self, *arguments, check=True):
        done = subprocess.run(
            [f'{TOP}/deploy/postrider', *arguments], env={**os.environ, 'POSTRIDER_DATABASE_URL': self.url},
            capture_output=True, text=True, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f'postrider {arguments[0]}: {done.stderr}')
        return done


def ready(port):
    """Whether the node whose HTTP listens there calls itself ready."""
    try:
        with socket.create_connection(('127.0.0.1', port), timeout=3) as client:
            client.settimeout(5)
            client.sendall(b'GET /health/ready HTTP/1.0\r\n\r\n')
            return b' 200 ' in client.recv(100)
    except OSError:
        return False
