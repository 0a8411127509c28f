/** Spans sent by OpenTelemetry's protocol. Nothing here, and no class of OpenTelemetry, is loaded unless traces are configured. */
package io.postrider.server.trace;
