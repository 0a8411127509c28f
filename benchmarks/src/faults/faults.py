"""Inflicts one fault after another, and judges after each."""

import argparse
import itertools
import os
import re
import shutil
import signal
import sys
import tempfile
import time

from clients import Appender, Deliverer, Imap, Ledger
from stage import POOL, Stage

STEADY = 3  # seconds of load before a fault and after it
SERVES_AGAIN_WITHIN = 90  # seconds after a fault, on a slow machine
HELD = 8  # seconds for which something is taken away


class Skipped(Exception):
    """Cannot be done here."""


class Faults:
    """Each ends when what was done has been undone, as far as that is for an administrator to do."""

    def __init__(self, stage):
        self.stage = stage

    def node_killed(self):
        self.stage.kill_node()
        self.stage.start_node()

    def postmaster_killed(self):
        self.stage.kill(self.stage.postmaster())
        self.stage.start_postgres()

    def backend_killed(self):
        """PostgreSQL ends all connections and recovers by itself."""
        self.stage.kill(self.stage.backend())

    def both_killed(self):
        self.stage.kill(self.stage.postmaster())
        self.stage.kill_node()
        self.stage.start_postgres()
        self.stage.start_node()

    def postgres_stopped(self):
        """As when its machine hangs: connections stay, nothing is answered."""
        pids = self.stage.postgres_processes()
        for pid in pids:
            self.stage.kill(pid, signal.SIGSTOP)
        time.sleep(HELD)
        for pid in pids:
            self.stage.kill(pid, signal.SIGCONT)

    def disk_full(self):
        if not self.stage.mounted:
            raise Skipped('needs root, to mount a small file system')
        self.stage.fill_disk()
        time.sleep(HELD)
        self.stage.empty_disk()
        if not self.stage.postmaster():
            self.stage.start_postgres()

    def pool_exhausted(self):
        """Somebody holds the rows of all mailboxes, so that the node's pool fills with those who wait."""
        held = self.stage.hold('select from mailbox for update')
        time.sleep(HELD)
        waiting = int(self.stage.sql("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"))
        self.stage.let_go([held])
        if waiting < POOL:
            raise AssertionError(f'only {waiting} of {POOL} connections were waiting')

    def no_connection_left(self):
        """Others have taken all that PostgreSQL gives, and the node's own are gone."""
        self.stage.sql('alter role postrider connection limit 0')
        self.stage.sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'postrider%'")
        time.sleep(HELD)
        self.stage.sql('alter role postrider connection limit -1')

    def table_locked(self):
        """Nothing that reads or writes messages gets on."""
        held = self.stage.hold('lock table message in access exclusive mode')
        time.sleep(HELD)
        self.stage.let_go([held])

    def statements_cut(self):
        """What takes longer than some milliseconds is cancelled, as by statement_timeout."""
        until = time.monotonic() + HELD
        while time.monotonic() < until:
            self.stage.sql("select pg_cancel_backend(pid) from pg_stat_activity where application_name like 'postrider%'"
                           " and state = 'active'")

    def listen_cut(self):
        until = time.monotonic() + HELD
        cut = 0
        while time.monotonic() < until:
            cut += int(self.stage.sql(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'postrider news'"))
            time.sleep(0.1)
        if not cut:
            raise AssertionError('nothing was listening')

    def clock_set_back(self):
        """By an hour, under the node and PostgreSQL; and a day forward, and back to what it was."""
        if not self.stage.faketime:
            raise Skipped('needs the Debian package faketime')
        self.stage.kill_node()
        self.stage.kill(self.stage.postmaster(), signal.SIGQUIT)
        self.stage.faking = True
        self.stage.start_postgres()
        self.stage.start_node()
        before = self.stage.sql('select extract(epoch from clock_timestamp())')
        for seconds in (-3600, 86_400, 0):
            time.sleep(HELD / 2)
            self.stage.set_clock(seconds)
            if seconds < 0:
                after = self.stage.sql('select extract(epoch from clock_timestamp())')
                if float(after) > float(before):
                    raise AssertionError('the clock was not set back')
        self.stage.faking = False


class Test:
    def __init__(self, directory):
        self.stage = Stage(directory)
        self.faults = Faults(self.stage)
        self.problems = []
        self.skipped = 0

    def run(self, names, rounds):
        self.stage.start(['in', 'box', *(f'more{i}' for i in range(8))])
        numbers = itertools.count(1)
        inbox = Ledger('in', 'INBOX')
        ledgers = [inbox, *(Ledger('box', name) for name in ('Sent', 'Drafts')), *(Ledger(f'more{i}', 'INBOX') for i in range(8))]
        self.clients = [Deliverer(inbox, numbers), Deliverer(inbox, numbers),
                        *(Appender(ledger, numbers) for ledger in ledgers[1:])]
        self.ledgers = ledgers
        print('| fault | lasted s | served again after s | acknowledged | meanwhile refused or cut | lost | twice | flags lost '
              '| UIDs reused | `postrider check` |')
        print('|---|--:|--:|--:|--:|--:|--:|--:|--:|---|', flush=True)
        for name in names * rounds:
            self.inflict(name)
        total = sum(len(ledger.acknowledged) for ledger in ledgers)
        gone = sum(len(ledger.gone) for ledger in ledgers)
        print(f'\n{total} messages acknowledged, {gone} expunged; {self.skipped} faults skipped, {len(self.problems)} problems')

    def inflict(self, name):
        acknowledged = sum(len(ledger.acknowledged) for ledger in self.ledgers)
        failures = sum(len(client.failures) for client in self.clients)
        self.work()
        self.await_success()
        time.sleep(STEADY)
        began = time.monotonic()
        try:
            getattr(self.faults, name)()
        except Skipped as e:
            self.skipped += 1
            self.rest()
            print(f'| {name} | skipped: {e} |', flush=True)
            return
        lasted = time.monotonic() - began
        again = self.await_success()
        time.sleep(STEADY)
        self.await_success()
        self.rest()
        sums = self.judge(name)
        checked = self.stage.postrider('check', check=False)
        if checked.returncode != 0:
            self.problems.append(f'{name}: {checked.stdout}{checked.stderr}')
        acknowledged = sum(len(ledger.acknowledged) for ledger in self.ledgers) - acknowledged
        failures = sum(len(client.failures) for client in self.clients) - failures
        print(f'| {name} | {lasted:.1f} | {again:.1f} | {acknowledged} | {failures} | ' + ' | '.join(map(str, sums))
              + f' | {checked.stdout.strip().splitlines()[-1].split(": ")[-1] if checked.stdout else "failed"} |', flush=True)

    def judge(self, name):
        sums = [0, 0, 0, 0]
        for ledger in self.ledgers:
            wrong, counts = ledger.judge()
            self.problems += [f'{name}: {each}' for each in wrong]
            sums = [a + b for a, b in zip(sums, counts)]
        self.judge_validity(name)
        return sums

    def judge_validity(self, name):
        """A mailbox that is made again has a higher UIDVALIDITY than before, whatever the clock says."""
        with Imap('box') as imap:
            imap.ok('CREATE again')
            validity = int(re.search(r'UIDVALIDITY (\d+)', ' '.join(imap.ok('STATUS again (UIDVALIDITY)')))[1])
            imap.ok('DELETE again')
        if validity <= getattr(self, 'validity', 0):
            self.problems.append(f'{name}: UIDVALIDITY was {self.validity} and then {validity}')
        self.validity = validity

    def work(self):
        for client in self.clients:
            client.working.set()

    def rest(self):
        for client in self.clients:
            client.working.clear()
        for client in self.clients:
            if not client.resting.wait(SERVES_AGAIN_WITHIN):
                raise AssertionError('a client does not come to rest')

    def await_success(self):
        """Until each client has succeeded in something that it began after now; the seconds that took."""
        now = time.monotonic()
        while any(client.succeeded < now for client in self.clients):
            dead = [client for client in self.clients if not client.thread.is_alive()]
            if dead or time.monotonic() - now > SERVES_AGAIN_WITHIN:
                late = [type(c).__name__ + ' ' + c.ledger.mailbox for c in self.clients if c.succeeded < now]
                raise AssertionError(f'not served: {late}; lately {[c.failures[-3:] for c in self.clients]}')
            time.sleep(0.02)
        return time.monotonic() - now


def main():
    names = [name for name, value in vars(Faults).items() if not name.startswith('_')]
    parser = argparse.ArgumentParser(description='Faults in turn, and what they cost.')
    parser.add_argument('--only', help='these alone, separated by commas')
    parser.add_argument('--rounds', type=int, default=1)
    parser.add_argument('--list', action='store_true', help='names them')
    arguments = parser.parse_args()
    if arguments.list:
        print('\n'.join(names))
        return
    wanted = arguments.only.split(',') if arguments.only else names
    unknown = [name for name in wanted if name not in names]
    if unknown:
        sys.exit(f'no such fault: {unknown[0]}; there are {", ".join(names)}')
    directory = tempfile.mkdtemp(prefix='postrider-faults-')
    test = Test(directory)
    failed = True
    try:
        test.run(wanted, arguments.rounds)
        failed = bool(test.problems)
    finally:
        for problem in test.problems[:50]:
            print(f'FAILED: {problem}')
        if failed:
            with open(os.path.join(directory, 'node.log')) as log:
                print(''.join(log.readlines()[-5:]))
            if os.path.exists(f'{test.stage.data}/log'):
                shutil.copy(f'{test.stage.data}/log', f'{directory}/postgresql.log')
        test.stage.stop()
        if failed:
            print(f'logs are kept in {directory}')
        else:
            shutil.rmtree(directory, ignore_errors=True)
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
