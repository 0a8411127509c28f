/** Conversations, throw-away PostgreSQL and made-up messages, for tests and benchmarks. */
package io.postrider.testkit;
