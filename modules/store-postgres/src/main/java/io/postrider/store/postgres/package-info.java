/** How PostgreSQL keeps the mail: all SQL, its migrations, and the change feed. Nothing else sees the driver. */
package io.postrider.store.postgres;
