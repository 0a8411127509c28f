/** IMAP4rev1 and its extensions. One file per command; {@code CommandTable} lists them. */
package io.postrider.imap;
