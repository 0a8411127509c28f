-- Who has an account's maildrop open by POP3 (RFC 1939 4, 8): one session at a time, on whatever node. It is a lease, so that
-- a node that dies frees what it held. A row that is gone, or whose lease has run out, means that nobody has it open.
create table maildrop_lock (
  account_id bigint primary key,
  holder text not null,                             -- the session's name, another for each on all nodes
  expires_at timestamptz not null                   -- the end of the lease
) with (fillfactor = 70);
