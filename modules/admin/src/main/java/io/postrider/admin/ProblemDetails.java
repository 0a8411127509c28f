package io.postrider.admin;

import io.postrider.store.Refusal;
import io.postrider.store.StoreUnavailableException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.handler.HttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a request was not granted. RFC 9457
 *
 * @param field what of the request it is about; null when it is about all of it
 */
record ProblemDetails(int status, String title, String detail, String field) {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final Logger LOG = LoggerFactory.getLogger(ProblemDetails.class);

    static ProblemDetails of(Throwable failure) {
        if (failure instanceof InvalidInput invalid) {
            return new ProblemDetails(400, "Bad request", invalid.getMessage(), invalid.field());
        }
        if (failure instanceof Refused refused) {
            return of(refused.kind(), refused.getMessage(), refused.field());
        }
        if (failure instanceof Refusal refusal) {
            return of(refusal.kind(), refusal.getMessage(), null);
        }
        if (failure instanceof HttpException http) {
            return new ProblemDetails(http.getStatusCode(), title(http.getStatusCode()), http.getPayload(), null);
        }
        if (failure instanceof StoreUnavailableException) {
            return new ProblemDetails(503, title(503), "The database cannot be asked now, try again later", null);
        }
        LOG.error("request failed", failure);
        return new ProblemDetails(500, title(500), "The server is at fault; its log says how", null);
    }

    private static ProblemDetails of(Refusal.Kind kind, String detail, String field) {
        int status =
                switch (kind) {
                    case NONEXISTENT -> 404;
                    case FORBIDDEN -> 403;
                    default -> 409;
                };
        return new ProblemDetails(status, title(status), detail, field);
    }

    static String title(int status) {
        return switch (status) {
            case 400 -> "Bad request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not found";
            case 405 -> "Method not allowed";
            case 409 -> "Conflict";
            case 413 -> "Content too large";
            case 415 -> "Unsupported media type";
            case 503 -> "Unavailable";
            default -> "Internal error";
        };
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        return field == null ? json : json.put("field", field);
    }
}
