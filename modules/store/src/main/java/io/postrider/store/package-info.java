/** What is kept and what may be asked of it: interfaces and records, no SQL and no protocol. */
package io.postrider.store;
