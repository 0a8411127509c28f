/** A load program that speaks IMAP, POP3 and LMTP to any server, and compares several in one run. */
package io.postrider.benchmarks;
