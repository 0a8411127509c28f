package io.postrider.store;

import java.time.Instant;

/**
 * A message to append.
 *
 * @param internalDate null for now
 */
public record NewMessage(NewContent content, Flags flags, Instant internalDate) {}
