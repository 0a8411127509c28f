-- For a database that has gone back in time. UIDs given out after that moment will be given out again, to other messages; a
-- UIDVALIDITY greater than any before makes clients forget what they have cached. RFC 9051 2.3.1.1
-- Within an account each mailbox gets one of its own still, for mailboxes may be renamed to one another's names.
begin;

update mailbox m
set uid_validity = given.uid_validity
from (
  select account_id, mailbox_id,
    greatest(
      extract(epoch from now())::bigint,
      max(uid_validity) over (partition by account_id))
    + row_number() over (partition by account_id order by mailbox_id) as uid_validity
  from mailbox) given
where m.account_id = given.account_id and m.mailbox_id = given.mailbox_id;

update account a
set uid_validity = greatest(
  a.uid_validity,
  (select max(m.uid_validity) from mailbox m where m.account_id = a.account_id));

commit;
