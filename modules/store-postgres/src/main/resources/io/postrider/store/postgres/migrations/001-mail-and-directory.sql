-- The directory (tenants, domains, accounts, addresses, credentials) is small and read through caches of seconds.
-- The mail tables (mailbox and below) all have keys that begin with account_id, and every statement on them binds it: that
-- is the wall between tenants, and what they can be partitioned or distributed by. They have no foreign keys, so that they
-- can be.

-- A company that shares the installation.
create table tenant (
  tenant_id bigint generated always as identity primary key,
  name text not null unique,                        -- how administrators call it
  created_at timestamptz not null default now()     -- when it came
);

-- A domain that mail is kept for.
create table domain (
  name text collate "C" primary key,                -- lower case, in Unicode
  tenant_id bigint not null references tenant,      -- whose it is
  created_at timestamptz not null default now()     -- when it came
);

-- Who mail belongs to.
create table account (
  account_id bigint generated always as identity primary key,
  tenant_id bigint not null references tenant,      -- whose it is
  domain text collate "C" not null references domain, -- what stands behind the @ of its address
  address text collate "C" not null unique,         -- its own address, lower case: the name it logs in with
  active boolean not null default true,             -- may log in and gets mail
  octet_limit bigint not null default 0,            -- quota in octets, 0 for none
  uid_validity bigint not null default 0,           -- the last UIDVALIDITY given to a mailbox of it: they only rise
  created_at timestamptz not null default now()     -- when it came
);
create index account_of_domain on account (domain, address);

-- An address that gets mail: an account's own, an alias, or a domain's catch-all ("@example.com").
create table address (
  address text collate "C" primary key,             -- lower case
  account_id bigint not null references account     -- who gets the mail
);
create index address_of_account on address (account_id);

-- What an account proves itself with.
create table credential (
  credential_id bigint generated always as identity primary key,
  account_id bigint not null references account,    -- whose it is
  label text not null default '',                   -- '' for the account's own password
  verifier text not null,                           -- of the password, PHC string format
  created_at timestamptz not null default now(),    -- when it came, or was last changed
  unique (account_id, label)
);

-- Names mailboxes and contents. Nodes take content ids in blocks.
create sequence mailbox_id_seq as bigint;
create sequence content_id_seq as bigint increment by 1000;

-- A mailbox: its cursors and its counters. Whoever changes its messages holds this row's lock until the commit, so UIDs and
-- MODSEQs become visible in order, and the counters cannot drift.
create table mailbox (
  account_id bigint not null,
  mailbox_id bigint not null,                       -- for good, whatever the name becomes
  name text collate "C" not null,                   -- in Unicode, levels separated by '/'
  selectable boolean not null default true,         -- false for a mere parent (\NoSelect)
  special_use text,                                 -- ARCHIVE, DRAFTS, ... (RFC 6154), null for none
  uid_validity bigint not null,                     -- RFC 3501 2.3.1.1
  uid_next bigint not null default 1,               -- the next message's UID
  highest_modseq bigint not null default 1,         -- of the latest change (RFC 7162)
  messages bigint not null default 0 check (messages >= 0),
  unseen bigint not null default 0 check (unseen >= 0),      -- without \Seen
  deleted bigint not null default 0 check (deleted >= 0),    -- with \Deleted
  octets bigint not null default 0 check (octets >= 0),      -- the sum of their sizes
  recent_from bigint not null default 1,            -- messages from this UID on no session has been told of as \Recent
  expunged_pruned_modseq bigint not null default 0, -- rows of expunged up to this MODSEQ may have been pruned
  keywords text[] not null default '{}',            -- every keyword ever set here, in the spelling seen first
  created_at timestamptz not null default now(),    -- when it was made
  primary key (account_id, mailbox_id),
  unique (account_id, name)
) with (fillfactor = 50);                           -- the busiest rows there are: room for HOT updates

-- A name on an account's subscribed list; it need not have a mailbox.
create table subscription (
  account_id bigint not null,
  name text collate "C" not null,                   -- as in mailbox
  primary key (account_id, name)
);

-- A message in a mailbox: narrow, and the only row a change of flags touches.
create table message (
  account_id bigint not null,
  mailbox_id bigint not null,
  uid bigint not null,                              -- RFC 3501 2.3.1.1
  modseq bigint not null,                           -- the mailbox's highest_modseq when this row last changed
  flags smallint not null,                          -- bits: 1 \Answered, 2 \Flagged, 4 \Deleted, 8 \Seen, 16 \Draft
  keywords text[],                                  -- null for none
  internal_date timestamptz not null,               -- RFC 3501 2.3.3
  save_date timestamptz not null,                   -- when it came into this mailbox (RFC 8514)
  size bigint not null,                             -- octets of the whole message
  content_id bigint not null,                       -- its octets; the same for copies (EMAILID, RFC 8474)
  primary key (account_id, mailbox_id, uid)
) with (fillfactor = 80);
-- These three hold no more than they are asked for. The first's condition always holds, but must be said by who wants it: else
-- the planner, which cannot know how many messages a mailbox has, now and then walks a whole mailbox by it to find a UID.
create index message_by_modseq on message (account_id, mailbox_id, modseq) where modseq > 0;
create index message_unseen on message (account_id, mailbox_id, uid) where flags & 8 = 0;
create index message_deleted on message (account_id, mailbox_id, uid) where flags & 4 <> 0;

-- A UID that is gone, for VANISHED (RFC 7162 3.2.7); pruned by age.
create table expunged (
  account_id bigint not null,
  mailbox_id bigint not null,
  modseq bigint not null,                           -- of the expunge
  uid bigint not null,
  expunged_at timestamptz not null default now(),   -- for pruning
  primary key (account_id, mailbox_id, modseq, uid)
);
-- Rows come in order of time, so a few octets tell where the old ones lie.
create index expunged_by_age on expunged using brin (expunged_at);

-- A message's header and all that is derived from its octets: written once, never updated.
create table content (
  account_id bigint not null,
  content_id bigint not null,
  size bigint not null,                             -- octets of header and chunks together
  header bytea not null,                            -- with trace fields and the closing empty line
  envelope bytea not null,                          -- ENVELOPE as it goes on the wire
  bodystructure bytea not null,                     -- BODYSTRUCTURE as it goes on the wire
  body bytea not null,                              -- BODY as it goes on the wire
  structure bytea not null,                         -- where its parts lie: MessageStructure, packed
  base_subject text not null,                       -- RFC 5256 2.1, case-folded
  subject_is_reply boolean not null,                -- whether the base subject took off a reply or forward mark
  sort_from text not null,                          -- mailbox of the first From, case-folded
  sort_to text not null,                            -- of the first To
  sort_cc text not null,                            -- of the first Cc
  display_from text not null,                       -- RFC 5957
  display_to text not null,                         -- RFC 5957
  sent_at bigint,                                   -- the Date field in seconds since 1970, null when unreadable
  sent_on date,                                     -- the date the Date field shows, its zone disregarded
  message_id text not null,                         -- '' when absent
  reference_ids text[] not null,                    -- of References or In-Reply-To, oldest first
  thread_id bigint not null,                        -- content_id of the first message known of the thread (RFC 8474)
  preview text not null,                            -- RFC 8970
  created_at timestamptz not null default now(),    -- when it came
  primary key (account_id, content_id)
);
create index content_by_message_id on content (account_id, message_id, content_id) where message_id <> '';

-- A run of a message's octets behind its header.
create table chunk (
  account_id bigint not null,
  content_id bigint not null,
  n integer not null,                               -- from 0; all but the last have the same length
  octets bytea not null,
  primary key (account_id, content_id, n)
);

-- What SEARCH looks in, decoded and case-folded.
create table search_text (
  account_id bigint not null,
  content_id bigint not null,
  header text not null,                             -- a line a field: name, colon, space, value
  body text not null,                               -- of every text part
  primary key (account_id, content_id)
);

-- A large message that is arriving: its chunk rows belong to no content yet. Swept when the message never came.
create table incoming (
  account_id bigint not null,
  content_id bigint not null,
  started_at timestamptz not null default now(),    -- for the sweep
  primary key (account_id, content_id)
);

-- A content that may have lost its last message. Swept after a grace period if it really has.
create table unreferenced (
  account_id bigint not null,
  content_id bigint not null,
  since timestamptz not null default now(),         -- for the grace period
  primary key (account_id, content_id)
);
create index unreferenced_by_age on unreferenced (since);

-- Octets are not worth compressing here: most are base64, and pglz would cost more than the disk.
alter table chunk alter column octets set storage external;
