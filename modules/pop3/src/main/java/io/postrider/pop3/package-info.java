/** POP3: one session at a time sees one snapshot of INBOX, and what it deletes goes at QUIT. One file a command. */
package io.postrider.pop3;
