/** Wires the modules into a running node: the only place that knows them all. */
package io.postrider.server;
