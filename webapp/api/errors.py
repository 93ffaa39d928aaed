"""How the API reports refusals and errors: one JSON
object, with a stable code and the HTTP status that belongs to it.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, g, request
from werkzeug.exceptions import HTTPException, InternalServerError

from webapp.api.refusals import DeletedCustomer, Unauthenticated
from webapp.api.wire.answers import ApiResponse, as_json
from webapp.api.wire.schemas import PROBLEM, CustomerOut, Failure, Problem
from webapp.customers.changes import CustomerDeleted, NoCustomerWithId, Outdated, Taken
from webapp.http.doors import told_request_id
from webapp.http.logs import log_failure
from webapp.http.refusals import BY_STATUS, BadRequest, InternalError, Unavailable
from webapp.kernel.dialects import is_unavailable
from webapp.kernel.refusals import InvalidDetails, InvalidQuery, Refusal, TooMuch
from webapp.lookalikes.duplicates import ProbableDuplicate
from webapp.programs.wire_names import on_the_wire
from webapp.staff.permissions import Permission

log = logging.getLogger("gatebook.api")

RETRY_AFTER_SECONDS = 5
MAX_READ_ON = 32 * 1024 * 1024
CHUNK = 64 * 1024


def answer_refusal(refusal: Refusal) -> ApiResponse:
    response = _told(failure_of(refusal))
    if isinstance(refusal, TooMuch):
        response.headers["Retry-After"] = str(refusal.wait)
    if isinstance(refusal, Unauthenticated):
        response.headers["WWW-Authenticate"] = 'Bearer realm="gatebook"'
    if isinstance(refusal, Outdated):
        response.set_etag(str(refusal.customer.version))
    return response


def failure_of(refusal: Refusal) -> Failure:
    """What a program is told of a refusal."""
    answer = _as_told(refusal)
    fields = {_wire_name(name): list(sentences) for name, sentences in refusal.fields.items()}
    return _failure(
        answer,
        fields=fields,
        data=CustomerOut.of(refusal.customer) if isinstance(refusal, Outdated) else None,
        deleted_at=answer.deleted_at if isinstance(answer, DeletedCustomer) else None,
        customer_id=_owner(refusal),
    )


def _as_told(refusal: Refusal) -> Refusal:
    """The refusal to report; that a customer was deleted only if the program may see customers."""
    if not isinstance(refusal, CustomerDeleted):
        return refusal
    return DeletedCustomer(refusal) if may_know() else NoCustomerWithId()


def _wire_name(name: str) -> str:
    """The name of a field on the wire, alone or inside a list,
    such as `customers.3.firstName`.
    """
    place, dot, last = name.rpartition(".")
    return place + dot + on_the_wire([last])[0]


def _owner(refusal: Refusal) -> UUID | None:
    """Who has the e-mail address, reference or phone already, if the program may know."""
    return (
        refusal.customer_id
        if isinstance(refusal, Taken | ProbableDuplicate) and may_know()
        else None
    )


def may_know() -> bool:
    """Whether the program may see who is, and therefore who was, in the book."""
    program = g.get("program")
    return program is not None and program.may(Permission.SEE_CUSTOMERS)


def answer_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        _read_on()
    response = _answer(BY_STATUS.get(status, BadRequest)())
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _read_on() -> None:
    """Read the rest of a body that is too large, up to
    a limit, so that the client gets as far as reading the refusal.
    """
    left = MAX_READ_ON
    while left > 0 and (chunk := request.environ["wsgi.input"].read(CHUNK)):
        left -= len(chunk)


def answer_failure(error: Exception) -> Response:
    """The last resort: the database is unavailable (503),
    or we have a bug (500), of which only the request id is shown.
    """
    original = error.original_exception if isinstance(error, InternalServerError) else error
    if is_unavailable(original):
        log.error("database away", extra={"error": type(original).__name__})
        response = _answer(Unavailable())
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    log_failure(original)
    return _answer(InternalError())


def _answer(refusal: Refusal) -> ApiResponse:
    return _told(_failure(refusal))


def _told(failure: Failure) -> ApiResponse:
    """A failure; with the members of a problem besides (RFC 9457), for whoever asks for that."""
    asked = {media.lower() for media, quality in request.accept_mimetypes if quality > 0}
    if PROBLEM not in asked:
        return as_json(failure, status=failure.status_code)
    problem = Problem.model_construct(
        **dict(failure),
        type="about:blank",
        title=failure.error,
        status=failure.status_code,
        detail=failure.message,
    )
    body = problem.model_dump_json(by_alias=True)
    return ApiResponse(body, status=failure.status_code, mimetype=PROBLEM)


def _failure(
    refusal: Refusal, *, fields: Mapping[str, list[str]] | None = None, **more: Any
) -> Failure:
    unread = fields if isinstance(refusal, InvalidDetails | InvalidQuery) else None
    message = _first_of(unread or {}) or refusal.message
    return Failure(
        status_code=refusal.status,
        error=HTTPStatus(refusal.status).phrase,
        code=refusal.code,
        message=message + ("" if message.endswith(".") else "."),
        fields=dict(fields or {}),
        request_id=told_request_id(),
        **more,
    )


def _first_of(fields: Mapping[str, list[str]]) -> str:
    """The first sentence with its field: published clients show the message and nothing else."""
    name, sentences = next(iter(fields.items()), ("", []))
    return f"{name}: {sentences[0]}" if sentences else ""
