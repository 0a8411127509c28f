-- What accounts prove themselves with, where they are at home, and who guesses at passwords.
set local lock_timeout = '5s';

alter table tenant
  add column argon2id boolean not null default true, -- whether its passwords may be kept as Argon2id
  add column scram boolean not null default true,    -- whether they may be kept as SCRAM-SHA-256
  add constraint tenant_keeps_passwords check (argon2id or scram);

-- credential.verifier holds one verifier or several of the same password, separated by spaces: Argon2id and SCRAM-SHA-256, or
-- what came from another server. A label other than '' is that of an app password.
alter table credential
  add column protocols text[],                      -- an app password may be used with: imap, pop3; null for all
  add column expires_at timestamptz,                -- until when an app password works; null for ever
  add column last_used_on date;                     -- when an app password was last used, to the day

-- Of several verifiers those that a tenant allows, null for none; what came from another server it allows until the next login.
create function allowed_verifiers(verifier text, argon2id boolean, scram boolean) returns text immutable parallel safe
return nullif(array_to_string(array(
  select one
  from unnest(string_to_array(verifier, ' ')) as one
  where (argon2id or one not like '$argon2id$%')
    and (scram or one not like 'SCRAM-SHA-256$%')
), ' '), '');

-- A network that an account has logged in from: nobody's guesses elsewhere keep its owner out there.
create table known_network (
  account_id bigint not null references account on delete cascade,
  network text collate "C" not null,                -- 192.0.2.0/24, 2001:db8:1:2::/64
  last_login_on date not null default current_date, -- to the day
  primary key (account_id, network)
);

-- Failed logins, counted for all nodes and forgotten as time goes by. Not in the write-ahead log: worth nothing after a crash.
create unlogged table login_failure (
  subject bytea primary key,                        -- digest of a name, a network or both: people type passwords as names
  failures double precision not null,               -- so many
  counted_at timestamptz not null,                  -- as of then
  forgotten_per_second double precision not null    -- how fast they become fewer
) with (fillfactor = 70);

-- What belongs to the installation as a whole.
create table installation (
  only_one boolean primary key default true check (only_one),
  scram_secret bytea not null                       -- makes up the salts of accounts that do not exist (RFC 5802)
);
insert into installation (scram_secret)
values (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));
