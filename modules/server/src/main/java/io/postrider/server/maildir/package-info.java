/** Mail that moves in from a server that keeps Maildirs, Dovecot's above all. */
package io.postrider.server.maildir;
