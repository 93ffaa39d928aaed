"""Safe retries: a call with an `Idempotency-Key` is carried out once,
in one transaction with its idempotency record.
"""

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request

from webapp.api.auth import program, secret
from webapp.api.describing.headers import IDEMPOTENCY_KEY
from webapp.api.refusals import IdempotencyInProgress, IdempotencyMismatch
from webapp.api.wire.answers import ApiResponse
from webapp.kernel.database import canonical_json, writing
from webapp.kernel.refusals import InvalidQuery
from webapp.programs import idempotency
from webapp.programs.idempotency import Answer, IdempotentCall

MAX_KEY_LENGTH = IDEMPOTENCY_KEY["schema"]["maxLength"]
KEY = re.compile(IDEMPOTENCY_KEY["schema"]["pattern"])


class InvalidKey(InvalidQuery):
    sentence = (
        f"An Idempotency-Key has 1 to {MAX_KEY_LENGTH} printable ASCII characters and no space"
    )


def carried_out_once(view: Callable[..., ApiResponse]) -> Callable[..., ApiResponse]:
    """Answer a repeated call, with the same key and the
    same content, the way it was answered the first time.
    """

    @wraps(view)
    def answered(**arguments: Any) -> ApiResponse:
        question = _question()
        if question is None:
            return view(**arguments)
        with writing():
            if idempotency.is_in_progress(question):
                raise IdempotencyInProgress
            return _replayed(question) or _carry_out(view, arguments, question)

    return answered


def done_row_by_row(view: Callable[..., ApiResponse]) -> Callable[..., ApiResponse]:
    """The same for a call whose rows are changes of their own, each of which may be sent again: so
    that nobody waits for all of them. One that was broken off is carried out anew.
    """

    @wraps(view)
    def answered(**arguments: Any) -> ApiResponse:
        question = _question()
        if question is None:
            return view(**arguments)
        if replayed := _replayed(question):
            return replayed
        response = view(**arguments)
        if response.may_be_kept:
            with writing():
                is_first = not idempotency.is_in_progress(question)
                if is_first and idempotency.find(question) == (None, True):
                    _keep(question, response)
        return response

    return answered


def _question() -> IdempotentCall | None:
    """The present call, if it came with a key."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if len(key) > 2 and key[0] == key[-1] == '"':
        key = key[1:-1]  # quoted (RFC 9110 §5.6.4) or not, it is the same key
    if not (KEY.fullmatch(key) and len(key) <= MAX_KEY_LENGTH):
        raise InvalidKey({"Idempotency-Key": [InvalidKey.sentence]})
    asked = b"\0".join(
        [
            request.method.encode(),
            request.path.rstrip("/").encode(),
            _in_one_spelling(request.get_data()),
        ]
    )
    return IdempotentCall(program().id, key, secret(), asked)


def _in_one_spelling(body: bytes) -> bytes:
    """Canonical JSON, so that spacing does not matter;
    a body that is not JSON stays as it is, to be refused later.
    """
    try:
        return canonical_json(json.loads(body)).encode(errors="replace")
    except (ValueError, RecursionError):
        return body


def _replayed(question: IdempotentCall) -> ApiResponse | None:
    record, is_same = idempotency.find(question)
    if not is_same:
        raise IdempotencyMismatch
    if record is None:
        return None
    response = ApiResponse(record.body, status=record.status, mimetype="application/json")
    response.headers["Idempotent-Replayed"] = "true"
    if record.etag:
        response.set_etag(record.etag)
    if record.location:
        response.headers["Location"] = record.location
    return response


def _carry_out(
    view: Callable[..., ApiResponse], arguments: dict[str, Any], question: IdempotentCall
) -> ApiResponse:
    """Carry out the call and keep a successful answer only:
    a retry after a refusal may succeed.
    """
    response = view(**arguments)
    if response.status_code < 300:
        _keep(question, response)
    return response


def _keep(question: IdempotentCall, response: ApiResponse) -> None:
    body = response.kept_body or response.get_data(as_text=True)
    where = response.headers.get("Location")
    answer = Answer(response.status_code, response.get_etag()[0], body, where)
    idempotency.keep(question, answer, customer_seq=response.customer_seq)
