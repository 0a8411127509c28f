package io.postrider.store.administration;

/** What stands there now, and whether it is new. */
public record Put<T>(T value, boolean created) {}
