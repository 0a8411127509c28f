-- Mail that moves in from another server keeps its UIDs (RFC 3501 2.3.1.1), and an import that is repeated must not bring back
-- what was deleted here since.
set local lock_timeout = '5s';

alter table mailbox
  add column imported_uid_next bigint not null default 0; -- what had a UID below it at the server before has been brought here
