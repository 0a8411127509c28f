/** How log lines look, and how many there may be. */
package io.postrider.server.log;
