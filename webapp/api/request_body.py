"""Reading a body as JSON (RFC 8259), strictly: what two parsers could read differently is
refused.
"""

import json
from typing import Any

from flask import request

from webapp.api.errors import Unreadable, UnsupportedMediaType

MAX_DIGITS = 100
BYTE_ORDER_MARK = "\ufeff"


def read_object() -> dict[str, Any]:
    """The object that the body holds.

    Raises:
        UnsupportedMediaType: it does not say that it is JSON in UTF-8.
        Unreadable: `malformed_json`, or `not_an_object`.
    """
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    coding = request.headers.get("Content-Encoding", "identity").lower()
    if (
        request.mimetype != "application/json"
        or charset not in {"utf-8", "utf8"}
        or coding != "identity"
    ):
        raise UnsupportedMediaType(
            "unsupported_media_type", "Send JSON in UTF-8 with Content-Type: application/json"
        )
    body = _parsed(request.get_data())
    if not isinstance(body, dict):
        raise Unreadable("not_an_object", "The body must be a JSON object")
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
        raise Unreadable("malformed_json", "The body is not UTF-8") from None
    except RecursionError:
        raise Unreadable("malformed_json", "The body is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise Unreadable(
            "malformed_json", f"The body is not JSON: {error.msg} at character {error.pos}"
        ) from None
    except ValueError as error:
        raise Unreadable("malformed_json", f"The body is not JSON: {error}") from None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def _whole_number(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number has more than {MAX_DIGITS} digits")
    return int(digits)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")
