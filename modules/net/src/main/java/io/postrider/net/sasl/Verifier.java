package io.postrider.net.sasl;

/** What tells whether a password is the right one, without being it. Costs CPU on purpose: never on an event loop. */
interface Verifier {
    /** @param password is left as it is */
    boolean matches(byte[] password);
}
