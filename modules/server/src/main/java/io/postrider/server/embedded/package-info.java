/** A PostgreSQL of our own for the quick start: no installation, yet durable. Not for production: there nobody backs it up. */
package io.postrider.server.embedded;
