/** What administrators do, by the REST API and by the command line: one set of operations that check what they are given. */
package io.postrider.admin;
