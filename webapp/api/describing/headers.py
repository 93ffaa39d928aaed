"""Headers of calls and answers, as the description has them."""

from typing import Any

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The ETag of the version that you mean; with another one nothing is done",
    "example": '"4"',
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The ETag that you have; 304 if it is still the present one",
    "example": '"4"',
}
SIMILAR = {
    "Similar": {
        "schema": {"type": "integer", "minimum": 0},
        "description": "How many customers share their phone or mailbox, at most 10",
    }
}
LINK = {
    "Link": {
        "schema": {"type": "string"},
        "description": 'The address to ask next (`rel="next"`)',
    }
}
IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "Yours, for one call: sent again within a day, it is answered as before and not "
    "carried out twice",
    "example": "order-2026-11-28-0001",
}
ETAG = {
    "ETag": {
        "schema": {"type": "string"},
        "description": "The version, for `If-Match` and `If-None-Match`",
    }
}
LOCATION = {
    "Location": {"schema": {"type": "string"}, "description": "Where the customer is from now on"}
}
RETRY_AFTER = {
    "Retry-After": {
        "schema": {"type": "string"},
        "description": "After how many seconds to ask again",
    }
}
OF_EVERY_ANSWER = {
    "RateLimit": {
        "schema": {"type": "string"},
        "description": "How many calls are left (`r`); once none is, for how many seconds (`t`)",
    },
    "RateLimit-Policy": {
        "schema": {"type": "string"},
        "description": "How many calls (`q`) in how many seconds (`w`)",
    },
    "X-Request-Id": {
        "schema": {"type": "string"},
        "description": "Of this call; say it when you ask us about it",
    },
}
