package io.postrider.net.sasl;

import java.time.Duration;

/**
 * Whose bearer tokens are taken, and for whom they speak.
 *
 * @param issuer a token's {@code iss} has to be this
 * @param audience a token's {@code aud} has to be this or hold it: a token for another service is no key to mail
 * @param keys where the issuer's public keys are, as a JSON Web Key Set: an https URL, an http URL of this machine, or a file
 * @param claim that holds the account's address
 * @param leeway by which clocks may differ
 */
public record TokenOptions(String issuer, String audience, String keys, String claim, Duration leeway) {}
