"""Headers of calls and answers, as the description has them."""

from typing import Any

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The ETag of the version that you mean; with another one nothing is done",
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The ETag that you have; 304 if it is still the present one",
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
}
