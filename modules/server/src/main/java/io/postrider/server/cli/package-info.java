/** The command line: one class a command, each failure one line and an exit status. */
package io.postrider.server.cli;
