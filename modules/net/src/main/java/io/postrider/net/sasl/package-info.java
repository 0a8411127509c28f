/** Who the client is: SASL mechanisms, password verifiers, and the login itself. */
package io.postrider.net.sasl;
