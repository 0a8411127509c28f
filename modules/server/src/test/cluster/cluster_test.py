"""Three nodes behind HAProxy under load and faults. What must hold: nothing acknowledged is lost or doubled, watchers in IDLE miss
nothing, a drain and a lost LISTEN connection make no command fail, a lost PostgreSQL makes commands answer that they may be tried
again, and mbsync ends with what the server has."""

import argparse
import collections
import random
import re
import shutil
import sys
import tempfile
import time

from clients import NOTICED_WITHIN, Commander, Imap, Injector, Load, Mbsync, Unavailable, Watcher
from cluster import NODES, Cluster
from line_client import Cut, NotServed

STEADY = 4  # seconds of load between two faults
SERVES_AGAIN_WITHIN = 60  # seconds after a fault, on a slow machine; as a rule it takes one


class Test:
    def __init__(self, directory):
        self.cluster = Cluster(directory)
        self.injectors = [Injector(1_000_000), Injector(2_000_000)]
        self.commanders = [Commander('Sent'), Commander('Drafts')]
        self.watchers = [Watcher(number) for number in NODES]
        self.mbsync = Mbsync(directory)
        self.load = Load([*self.injectors, *self.commanders, *self.watchers, self.mbsync])
        self.downtime = []
        # Whom a kill cuts off may notice. Without PostgreSQL nobody is cut off, but HAProxy has no node for new connections.
        # Drains and lost LISTEN connections are nobody's business.
        self.faults = {self.cluster.drain_node: (), self.cluster.kill_node: (Cut, NotServed),
                       self.cluster.restart_postgres: (NotServed, Unavailable), self.cluster.cut_listen: ()}

    def run(self, rounds):
        self.cluster.start(('in', 'sync', 'busy'))
        self.load.start()
        self.load.await_success(SERVES_AGAIN_WITHIN)
        time.sleep(STEADY)
        for fault in [*self.faults, *(random.choice(list(self.faults)) for _ in range(rounds))]:
            self.inflict(fault)
        self.load.stop()

    def inflict(self, fault):
        before = sum(self.load.done.values())
        self.load.excused = self.faults[fault]
        fault()
        seconds = self.load.await_success(SERVES_AGAIN_WITHIN)
        self.load.excused = ()
        time.sleep(STEADY)
        self.load.await_success(SERVES_AGAIN_WITHIN)
        print(f'{fault.__name__}: all served again after {seconds:.1f} s; {sum(self.load.done.values()) - before} things done, '
              f'{self.load.sent_away} times sent away, {len(self.load.met)} failures so far', flush=True)

    def check(self):
        yield from self.load.wrong
        if not self.load.sent_away:
            yield 'no drain has sent anybody away'
        yield from self.check_mailbox('in', 'INBOX', {number for injector in self.injectors for number in injector.acknowledged})
        for commander in self.commanders:
            yield from self.check_mailbox('busy', commander.mailbox, commander.acknowledged)
        yield from self.check_watchers()
        self.mbsync.write()
        self.mbsync.sync()
        yield from self.check_mailbox('sync', 'INBOX', set(range(1, self.mbsync.number + 1)))
        there = len(subjects('sync', 'INBOX'))
        if len(self.mbsync.messages()) != there:
            yield f'mbsync has {len(self.mbsync.messages())} messages, the server {there}'
        yield from self.check_counters()
        yield from self.check_logs()

    @staticmethod
    def check_mailbox(account, mailbox, acknowledged):
        there = collections.Counter(subjects(account, mailbox))
        print(f'{account}, {mailbox}: {len(acknowledged)} acknowledged, {sum(there.values())} there')
        if not acknowledged:
            yield f'nothing was acknowledged in {mailbox} of {account}'
        lost = sorted(number for number in acknowledged if not there[number])
        if lost:
            yield f'acknowledged in {mailbox} of {account} and lost: {lost[:20]}'
        doubled = sorted(number for number, count in there.items() if count > 1)
        if doubled:
            yield f'doubled in {mailbox} of {account}: {doubled[:20]}'

    def check_watchers(self):
        acknowledged = {number: at for injector in self.injectors for number, at in injector.acknowledged.items()}
        latencies = []
        for watcher in self.watchers:
            # Its last look may have been before the last messages: those it is given time to hear of only while the load runs.
            end = max(watcher.seen.values(), default=0)
            missed = sorted(n for n, at in acknowledged.items() if n not in watcher.seen and at < end - 1)
            if missed or not watcher.seen:
                yield f'{watcher.name} never heard of {missed[:20]}'
            late = sorted(n for n, at in acknowledged.items() if n in watcher.seen and watcher.seen[n] - at > NOTICED_WITHIN)
            if late:
                yield f'{watcher.name} heard too late of {late[:20]}'
            latencies += [watcher.seen[n] - at for n, at in acknowledged.items() if n in watcher.seen]
        latencies.sort()
        if latencies:
            print(f'watchers heard of {len(latencies)} messages: half within {1000 * latencies[len(latencies) // 2]:.0f} ms, 99 % '
                  f'within {latencies[len(latencies) * 99 // 100]:.1f} s, all within {latencies[-1]:.1f} s, faults included')

    def check_counters(self):
        drift = self.cluster.sql('''
            select count(*)
            from mailbox b
            cross join lateral (
              select count(*) as messages,
                count(*) filter (where m.flags & 8 = 0) as unseen,
                count(*) filter (where m.flags & 4 <> 0) as deleted,
                coalesce(sum(m.size), 0) as octets
              from message m
              where m.account_id = b.account_id and m.mailbox_id = b.mailbox_id) as counted
            where (b.messages, b.unseen, b.deleted, b.octets)
              <> (counted.messages, counted.unseen, counted.deleted, counted.octets)''')
        if drift != '0':
            yield f'{drift} mailboxes whose counters differ from a recount'

    def check_logs(self):
        for node in NODES:
            with open(self.cluster.log(node)) as file:
                errors = [line.strip() for line in file if re.match(r'\S+ ERROR ', line)]
            if errors:
                yield f'node {node} has logged {len(errors)} errors, the first is {errors[0]}'


def subjects(account, mailbox):
    with Imap(account) as imap:
        imap.ok(f'EXAMINE {mailbox}')
        lines = imap.ok('UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (SUBJECT)])')
        return [int(token[1]) for line in lines if (token := re.match(r'Subject: token (\d+)', line))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rounds', type=int, default=4, help='random faults after one of each')
    parser.add_argument('--seed', type=int, default=random.randrange(1 << 30))
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    print(f'seed {arguments.seed}', flush=True)
    directory = tempfile.mkdtemp(prefix='postrider-cluster-')
    test = Test(directory)
    problems = ['it did not come to its end']
    began = time.monotonic()
    try:
        test.run(arguments.rounds)
        problems = list(test.check())
        print(f'{time.monotonic() - began:.0f} s')
    finally:
        test.load.over.set()
        test.cluster.stop()
        for problem in problems[:50]:
            print(f'FAILED: {problem}')
        if problems:
            print(f'logs are kept in {directory}')
        else:
            shutil.rmtree(directory, ignore_errors=True)
    sys.exit(1 if problems else 0)


if __name__ == '__main__':
    main()
