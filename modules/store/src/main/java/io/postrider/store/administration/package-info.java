/** What administrators see and change: tenants, domains, accounts, addresses, keys, sessions, and what was done when by whom. */
package io.postrider.store.administration;
