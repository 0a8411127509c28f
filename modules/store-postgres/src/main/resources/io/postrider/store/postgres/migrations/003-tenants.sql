-- States and limits of tenants and accounts, who may administer what and what was administered, and who is connected.
--
-- A limit of 0 is none. A tenant's limits are for all its accounts together; only the size of a message and the protocols
-- are for each of them.
set local lock_timeout = '5s';

alter table tenant
  -- Deleted keeps everything for a grace period, and can be made active again; removing does not come back.
  add column state text not null default 'active' check (state in ('active', 'suspended', 'deleted', 'removing')),
  add column state_since timestamptz not null default now(), -- for the grace period
  add column account_limit bigint not null default 0 check (account_limit >= 0),
  add column octet_limit bigint not null default 0 check (octet_limit >= 0),
  add column message_limit bigint not null default 0 check (message_limit >= 0),
  add column message_size_limit bigint not null default 0 check (message_size_limit >= 0), -- octets of one message
  add column mailbox_limit bigint not null default 0 check (mailbox_limit >= 0),
  add column connection_limit bigint not null default 0 check (connection_limit >= 0), -- sessions on all nodes
  add column login_limit bigint not null default 0 check (login_limit >= 0),           -- a minute
  add column delivery_limit bigint not null default 0 check (delivery_limit >= 0),     -- a minute
  add column protocols text[];                      -- what may be used: imap, pop3, lmtp; null for all

-- The column "active" says the same to the release before, and is written with the state.
alter table account
  add column state text not null default 'active' check (state in ('active', 'suspended', 'deleted', 'removing')),
  add column state_since timestamptz not null default now(), -- for the grace period
  add column message_limit bigint not null default 0 check (message_limit >= 0),
  add column message_size_limit bigint not null default 0 check (message_size_limit >= 0), -- octets of one message
  add column mailbox_limit bigint not null default 0 check (mailbox_limit >= 0),
  add column connection_limit bigint not null default 0 check (connection_limit >= 0), -- sessions on all nodes
  add column login_limit bigint not null default 0 check (login_limit >= 0),           -- a minute
  add column delivery_limit bigint not null default 0 check (delivery_limit >= 0),     -- a minute
  add column protocols text[];                      -- what may be used: imap, pop3, lmtp; null for all
create index if not exists account_of_tenant on account (tenant_id, address);
create index if not exists domain_of_tenant on domain (tenant_id, name);
create index if not exists address_of_domain on address (split_part(address, '@', -1), address);
-- For the sweep: few rows are ever in it.
create index if not exists account_not_kept on account (state_since) where state in ('deleted', 'removing');

-- What a tenant that has such limits keeps, as counted a moment ago: a sum over all its mailboxes would cost too much for
-- every delivery, and a counter kept by every delivery would be one row that all of them wait for.
create table tenant_usage (
  tenant_id bigint primary key references tenant on delete cascade, -- whose it is
  octets bigint not null,                           -- kept
  messages bigint not null,                         -- kept
  mailboxes bigint not null,                        -- of all accounts
  counted_at timestamptz not null,                  -- when it was counted
  took interval not null                            -- how long that took: what takes long is counted less often
);

-- Who may administer: a key is shown once and kept as its digest alone, from which nobody can find it.
create table api_key (
  key_id bigint generated always as identity primary key,
  tenant_id bigint references tenant on delete cascade, -- what it is for; null for the whole installation
  label text not null,                              -- what administrators call it
  read_only boolean not null default false,         -- whether it changes nothing
  digest bytea not null unique,                     -- SHA-256 of the key, which has 256 random bits
  created_at timestamptz not null default now(),    -- when it came
  expires_at timestamptz                            -- until when it works; null for ever
);
create index api_key_of_tenant on api_key (tenant_id);

-- Every change an administrator made, in the transaction that made it. Never holds a secret.
create table audit (
  audit_id bigint generated always as identity primary key, -- in the order of writing
  at timestamptz not null default now(),            -- when
  tenant_id bigint,                                 -- of whom; null for what is no tenant's. Outlives the tenant
  actor text not null,                              -- who: "key 7 (label)", or "cli of root"
  origin text not null,                             -- from where: an address, or a host's name
  action text not null,                             -- what: account.create, key.revoke, ...
  target text not null,                             -- to what: an address, a domain, a name
  before jsonb,                                     -- what was; null when it was not there
  after jsonb                                       -- what is now; null when it is gone
);
create index audit_of_tenant on audit (tenant_id, audit_id);
create index audit_of_target on audit (target, audit_id);

-- What follows is worth nothing after a crash of PostgreSQL, and written often: it is not in the write-ahead log. Nodes write
-- again what was lost.

-- A node that serves. One that has not been seen for a while is taken for dead, and its sessions with it.
create unlogged table node (
  node_id bigint primary key,                       -- by chance
  name text not null,                               -- its host name
  seen_at timestamptz not null default now()        -- when it last said that it lives
);

-- A client that has logged in.
create unlogged table session (
  session_id bigint primary key,                    -- by chance
  node_id bigint not null,                          -- where it is
  account_id bigint not null,                       -- whose it is
  tenant_id bigint not null,                        -- and whose that is
  protocol text not null,                           -- imap, pop3
  client_address text not null,                     -- from where
  since timestamptz not null default now(),         -- of its login
  ending text                                       -- why its node is to end it; null while it may go on
);
create index session_of_account on session (account_id);
create index session_of_tenant on session (tenant_id, session_id);
create index session_of_node on session (node_id);

-- How fast something may go that has a limit a minute: a time up to which it has been used up. Something is granted while
-- that is less than a minute ahead, and moves it on by a minute's n-th part.
create unlogged table pace (
  kind text not null,                               -- account.login, account.delivery, tenant.login, tenant.delivery
  subject bigint not null,                          -- the account or tenant
  used_until timestamptz not null,                  -- as said above
  primary key (kind, subject)
) with (fillfactor = 50);
