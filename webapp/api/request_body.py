"""Strict reading of a body as JSON (RFC 8259):
whatever two parsers could read differently is refused.
"""

import json
from typing import Any

from flask import request

from webapp.api.refusals import MalformedJson, NestedTooDeeply, NotAnObject
from webapp.http.refusals import UnsupportedMediaType

MAX_DIGITS = 100
BYTE_ORDER_MARK = "\ufeff"


def read_object() -> dict[str, Any]:
    """The JSON object in the body.

    Raises:
        UnsupportedMediaType: the headers do not declare plain JSON in UTF-8.
        Refusal: `malformed_json`, or `not_an_object`.
    """
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    coding = request.headers.get("Content-Encoding", "identity").lower()
    if (
        request.mimetype != "application/json"
        or charset not in {"utf-8", "utf8"}
        or coding != "identity"
    ):
        raise UnsupportedMediaType
    body = _parsed(request.get_data())
    if not isinstance(body, dict):
        raise NotAnObject
    return body


def _parsed(raw: bytes) -> Any:
    try:
        text = raw.decode("utf-8")
        if text.startswith(BYTE_ORDER_MARK):
            raise ValueError("it begins with a byte order mark")
        return json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
            parse_int=_whole_number,
        )
    except UnicodeDecodeError:
        raise MalformedJson(what="UTF-8") from None
    except RecursionError:
        raise NestedTooDeeply from None
    except json.JSONDecodeError as error:
        what = f"JSON: {error.msg} at character {error.pos}"
        raise MalformedJson(what=what) from None
    except ValueError as error:
        raise MalformedJson(what=f"JSON: {error}") from None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    pairs_by_name = dict(pairs)
    if len(pairs_by_name) < len(pairs):
        raise ValueError("a name stands twice in an object")
    return pairs_by_name


def _whole_number(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number has more than {MAX_DIGITS} digits")
    return int(digits)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")
