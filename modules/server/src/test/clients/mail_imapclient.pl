#!/usr/bin/perl
# Mail::IMAPClient at its jobs: host, port, CA file, user, password. Prints "done" at the end.
use strict;
use warnings;
use Mail::IMAPClient;

my ($host, $port, $ca, $user, $password) = @ARGV;
my $imap = Mail::IMAPClient->new(
    Server => $host, Port => $port, User => $user, Password => $password, Uid => 1, Peek => 1,
    Starttls => [SSL_ca_file => $ca, SSL_verify_mode => 1],
) or die "no login: $@";

sub ok {
    my ($what, $holds) = @_;
    die "$what: " . ($imap->LastError // '') unless $holds;
}

sub is {
    my ($what, $expected, $got) = @_;
    die "$what: expected <$expected>, got <" . ($got // 'undef') . '>' unless defined $got && $got eq $expected;
}

ok('compress', $imap->compress);
ok($_, $imap->has_capability($_)) for qw(IDLE UIDPLUS QUOTA SORT MOVE ESEARCH);
ok('select', $imap->select('INBOX'));
is('messages', 1, scalar @{[$imap->messages]});
my $uid = $imap->append_string('INBOX', "Subject: from perl\r\n\r\nappended\r\n", '\\Flagged', '07-Feb-1994 22:43:04 -0800');
is('append gives the UID', 2, $uid);
$imap->noop;
is('found', 2, join ' ', @{$imap->search('FLAGGED')});
is('octets', "Subject: from perl\r\n\r\nappended\r\n", $imap->message_string($uid));
is('subject', 'from perl', $imap->subject($uid));
is('body', "appended\r\n", $imap->body_string($uid));
is('sorted', '1 2', join ' ', @{$imap->sort('SUBJECT', 'UTF-8', 'ALL')});
ok('structure', $imap->get_bodystructure($uid));
ok('envelope', $imap->get_envelope($uid));
ok('create', $imap->create('Perl/deep'));
ok('exists', $imap->exists('Perl/deep'));
is('copied', 1, $imap->copy('Perl/deep', $uid));
ok('move', $imap->move('Perl/deep', 1));
ok('expunge', $imap->expunge);
is('left', 2, join ' ', @{[$imap->messages]});
is('there', 2, $imap->message_count('Perl/deep'));
ok('quota', $imap->getquotaroot('INBOX'));
my $idle = $imap->idle or die 'idle';
ok('done', $imap->done($idle));
ok('rename', $imap->rename('Perl/deep', 'Perl/deeper'));
ok('delete', $imap->delete('Perl/deeper'));
ok('logout', $imap->logout);
print "done\n";
