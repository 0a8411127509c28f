package io.postrider.store;

/**
 * Who mail belongs to.
 *
 * @param tenant its tenant's name
 * @param address its own address, lower case, the name it logs in with
 * @param active neither it nor its tenant is suspended or deleted
 * @param octetLimit quota in octets; 0 for none
 * @param messageSizeLimit octets of one message, by its own and its tenant's limit; 0 for none
 */
public record Account(
        long accountId,
        long tenantId,
        String tenant,
        String address,
        boolean active,
        long octetLimit,
        long messageSizeLimit) {}
