"""What programs are told when something is refused: one object, one stable code, one HTTP status
that agrees.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, g, request
from werkzeug.exceptions import HTTPException, InternalServerError

from webapp.api.schemas import CustomerOut, Failure, as_json
from webapp.api.wire import WIRE_NAMES
from webapp.customers.changes import CustomerDeleted, Outdated, Taken
from webapp.http.doors import told_request_id
from webapp.http.logs import log_failure
from webapp.kernel.dialects import is_unavailable
from webapp.kernel.refusals import Conflict, Invalid, NotFound, Refusal
from webapp.staff.permissions import Permission

log = logging.getLogger("gatebook.api")

RETRY_AFTER_SECONDS = 5
NO_SUCH_ID = "There is no customer with this id"
MAX_READ_ON = 32 * 1024 * 1024
CHUNK = 64 * 1024


class Unauthenticated(Refusal):
    """No key, or none that may enter."""

    def __init__(self) -> None:
        super().__init__("unauthenticated", "Send a valid API key: Authorization: Bearer <key>")


class ScopeMissing(Refusal):
    """The key may not do this."""

    def __init__(self, sentence: str) -> None:
        super().__init__("scope_missing", sentence)


class Unreadable(Refusal):
    """The body is not what it must be: `malformed_json` or `not_an_object`."""


class UnsupportedMediaType(Refusal):
    """The body is no JSON by its own word."""


class OtherBody(Refusal):
    """The same idempotency key came with another question."""


class TooManyRequests(Refusal):
    """A limit is used up: the key's, or that of wrong keys from an address.

    Attributes:
        wait: Whole seconds until the next request is answered.
    """

    def __init__(self, wait: int, used_up: str = "The limit of this key is used up") -> None:
        super().__init__("too_many_requests", f"{used_up}; try again in {wait} seconds")
        self.wait = wait


STATUSES: dict[type[Refusal], int] = {
    Unauthenticated: 401,
    ScopeMissing: 403,
    Unreadable: 400,
    UnsupportedMediaType: 415,
    OtherBody: 422,
    TooManyRequests: 429,
    Outdated: 412,
    NotFound: 404,
    Conflict: 409,
    Invalid: 400,
}
HTTP_ERRORS = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
}
# Every code that a program may meet, with its status and what it means.
STATUSES_BY_CODE: dict[str, tuple[int, str]] = {
    "bad_request": (400, "This is no request to this server: is the host name right?"),
    "malformed_json": (400, "The body is not JSON"),
    "not_an_object": (400, "The body must be a JSON object"),
    "invalid_details": (400, "Some details need another look"),
    "email_taken": (400, "A customer with this e-mail address is in the book already"),
    "reference_taken": (400, "This reference is taken"),
    "invalid_query": (400, "The query has a part that means nothing"),
    "search_too_wide": (400, "This would take too long to find; add another word, or more of one"),
    "unauthenticated": (401, "Send a valid API key: Authorization: Bearer <key>"),
    "scope_missing": (
        403,
        "This key lacks the scope that the call needs, or its owner may not do this",
    ),
    "customer_not_found": (404, "There is no such customer"),
    "customer_deleted": (404, "This customer was deleted"),
    "not_found": (404, "There is nothing at this address"),
    "method_not_allowed": (405, "This address does not take this method"),
    "blacklisted_customer": (
        409,
        "A blacklisted customer cannot be deleted; lift the blacklisting first",
    ),
    "own_decision": (
        409,
        "The owner of this key opened the blacklisting; somebody else must lift it",
    ),
    "upheld": (409, "A manager has upheld this blacklisting; only a manager lifts it"),
    "deletion_waits": (
        409,
        "This key has deleted as many as it may in a day; a manager must agree to this one",
    ),
    "idempotency_in_progress": (409, "The same call is being carried out; ask again in a moment"),
    "changed_meanwhile": (
        412,
        "The customer has changed since this version; read it and try again",
    ),
    "body_too_large": (413, "A body has at most one megabyte"),
    "unsupported_media_type": (415, "Send JSON in UTF-8 with Content-Type: application/json"),
    "idempotency_mismatch": (422, "This Idempotency-Key came before with another call"),
    "too_many_requests": (429, "The limit of this key is used up"),
    "unavailable": (503, "The book cannot be reached; nothing was done"),
}


def answer_refusal(refusal: Refusal) -> Response:
    status = next(status for kind, status in STATUSES.items() if isinstance(refusal, kind))
    code, deleted_at = refusal.code, None
    if isinstance(refusal, CustomerDeleted) and _may_know():
        code, deleted_at = "customer_deleted", refusal.tombstone.deleted_at
    fields = {_wire_name(name): list(sentences) for name, sentences in refusal.fields.items()}
    current = CustomerOut.of(refusal.customer) if isinstance(refusal, Outdated) else None
    more = {"data": current, "deleted_at": deleted_at, "customer_id": _owner(refusal)}
    response = _answer(status, code, _message(refusal, code), fields=fields, **more)
    if isinstance(refusal, TooManyRequests):
        response.headers["Retry-After"] = str(refusal.wait)
    if isinstance(refusal, Unauthenticated):
        response.headers["WWW-Authenticate"] = 'Bearer realm="gatebook"'
    if isinstance(refusal, Outdated):
        g.told_of = refusal.customer.seq
        response.set_etag(str(refusal.customer.version))
    return response


def _wire_name(name: str) -> str:
    """A field as the wire calls it, alone or as part of one of many, such as
    `customers.3.firstName`.
    """
    place, dot, last = name.rpartition(".")
    return place + dot + WIRE_NAMES.get(last, last)


def _owner(refusal: Refusal) -> UUID | None:
    """Who has the address or reference already."""
    return refusal.customer_id if isinstance(refusal, Taken) and _may_know() else None


def _may_know() -> bool:
    """Whether the program may see who is in the book, and so who was."""
    program = g.get("program")
    return program is not None and program.may(Permission.SEE_CUSTOMERS)


def _message(refusal: Refusal, code: str) -> str:
    """What is said; who deleted a customer is the staff's business."""
    if isinstance(refusal, CustomerDeleted):
        return STATUSES_BY_CODE[code][1] if code == "customer_deleted" else NO_SUCH_ID
    return refusal.message


def answer_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        _read_on()
    code = HTTP_ERRORS.get(status, "bad_request")
    status, sentence = STATUSES_BY_CODE[code]
    response = _answer(status, code, sentence)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _read_on() -> None:
    """Take in the rest of a body that is too large, up to a limit, so that its sender hears why it
    was refused.
    """
    left = MAX_READ_ON
    while left > 0 and (chunk := request.environ["wsgi.input"].read(CHUNK)):
        left -= len(chunk)


def answer_failure(error: Exception) -> Response:
    """The last resort: the database is away (503), or we made a mistake (500), which says its
    request id only.
    """
    original = error.original_exception if isinstance(error, InternalServerError) else error
    if is_unavailable(original):
        log.error("database away", extra={"error": type(original).__name__})
        response = _answer(
            503,
            "unavailable",
            "The book cannot be reached; nothing was done. Try again in a moment",
        )
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    log_failure(original)
    return _answer(500, "internal_error", "Something went wrong on our side; nothing was done")


def _answer(
    status: int,
    code: str,
    message: str,
    *,
    fields: Mapping[str, list[str]] | None = None,
    **more: Any,
) -> Response:
    failure = Failure(
        status_code=status,
        error=HTTPStatus(status).phrase,
        code=code,
        message=message + ("" if message.endswith(".") else "."),
        fields=dict(fields or {}),
        request_id=told_request_id(),
        **more,
    )
    absent = {name for name in ("data", "deleted_at", "customer_id") if more.get(name) is None}
    return as_json(failure, status=status, leave_out=absent)
