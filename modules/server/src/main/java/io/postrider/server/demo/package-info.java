/** The quick start: a server on an embedded PostgreSQL with something in it to look at. */
package io.postrider.server.demo;
