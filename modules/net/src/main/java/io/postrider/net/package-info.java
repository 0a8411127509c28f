/** From TCP accept to the first command: listeners, TLS, lines, back-pressure, timers. Knows no protocol. */
package io.postrider.net;
