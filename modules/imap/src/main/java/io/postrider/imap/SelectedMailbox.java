package io.postrider.imap;

/** The mailbox a session has selected, as its client has been told: UIDs by sequence number, cursor, news held back. */
public final class SelectedMailbox {}
