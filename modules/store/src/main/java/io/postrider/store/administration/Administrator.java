package io.postrider.store.administration;

/**
 * Who asks. Of what does not belong to its tenant a tenant's administrator hears that it is not there.
 *
 * @param name who, for the audit: "key 7 (backup)"
 * @param origin from where, for the audit: an address, or a host's name
 * @param tenantId whose administrator; 0 for that of the whole installation
 */
public record Administrator(String name, String origin, long tenantId) {
    /** Of the whole installation. */
    public static Administrator ofAll(String name, String origin) {
        return new Administrator(name, origin, 0);
    }

    public boolean isOfAll() {
        return tenantId == 0;
    }
}
