-- Tenants and accounts whose mail is kept on another server, and accounts that set quotas.
set local lock_timeout = '5s';

-- What a client is told stands in a line of its protocol: so nothing but the letters of a host's name can be here.
alter table tenant
  add column referral text                          -- host or host:port that its mail is kept on; null where that is here
    check (referral ~ '^[a-z0-9.-]+(:[0-9]+)?$');

alter table account
  add column referral text                          -- as the tenant's, before which it goes
    check (referral ~ '^[a-z0-9.-]+(:[0-9]+)?$'),
  add column quota_administrator boolean not null default false; -- whether it sets quotas of its tenant's accounts (RFC 9208)
