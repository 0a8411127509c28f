-- A mailbox's UIDs as they were at some MODSEQ, kept for large ones with gaps: with what came and went since, they are its UIDs
-- now. Without it, to open a mailbox of a million messages means to read a million rows of an index.
create table uid_snapshot (
  account_id bigint not null,
  mailbox_id bigint not null,
  modseq bigint not null,                           -- the mailbox's highest_modseq at that moment
  uid_next bigint not null,                         -- and its uid_next: all UIDs below it are here or gone
  uids bytea not null,                              -- ranges: for each how far from the one before, and how many UIDs
  primary key (account_id, mailbox_id)
);
