"""What requests carry: JSON, read strictly (RFC 8259), so that whatever two parsers could read
differently is refused; ids and moments in addresses; and the versions that `If-Match` names.
"""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import request

from webapp.api.refusals import MalformedJson, NestedTooDeeply, NotAnObject
from webapp.customers.changes import NoCustomerWithId
from webapp.customers.fields import UUID_SHAPED
from webapp.customers.finding import find_by_reference, find_customer
from webapp.customers.merged import is_led_on
from webapp.customers.models import Customer
from webapp.http.refusals import UnsupportedMediaType
from webapp.kernel import clock
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import InvalidQuery

MAX_DIGITS = 100
MERGE_PATCH = "application/merge-patch+json"
BYTE_ORDER_MARK = "\ufeff"
AT = {
    "name": "at",
    "in": "query",
    "schema": {"type": "string", "format": "date-time"},
    "example": "2026-11-05T12:34:56.000Z",
    "description": "As of this moment, which must have passed",
}


def read_object() -> dict[str, Any]:
    """The JSON object in the body; of a `PATCH`, also as a merge patch (RFC 7396), which says the
    same.

    Raises:
        UnsupportedMediaType: the headers do not declare plain JSON in UTF-8.
        Refusal: `malformed_json`, or `not_an_object`.
    """
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    coding = request.headers.get("Content-Encoding", "identity").lower()
    is_patch = request.method == "PATCH" and request.mimetype == MERGE_PATCH
    if (
        not (is_patch or request.mimetype == "application/json")
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


def read_id(text: str) -> UUID:
    """The id in an address.

    Raises:
        NotFound: `customer_not_found`.
    """
    if not UUID_SHAPED.fullmatch(text):
        raise NoCustomerWithId
    return UUID(text)


def asked_before() -> int | None:
    """The number before which a list goes on, if the query says one.

    Raises:
        Invalid: `invalid_query`, on `before`.
    """
    text = request.args.get("before")
    number = parse_int(text, least=1)
    if text is not None and number is None:
        raise InvalidQuery({"before": ["This must be a number from 1 on"]})
    return number


def past_moment(text: str) -> datetime:
    """The moment of `at`, in UTC unless it has an offset.

    Raises:
        Invalid: `invalid_query`, on `at`.
    """
    try:
        at = clock.read_moment(text, UTC)
    except (ValueError, OverflowError):
        raise InvalidQuery({"at": ["This must be a date and time (ISO 8601)"]}) from None
    if at > clock.now():
        raise InvalidQuery({"at": ["This has not come yet"]})
    return at


def version_tag(customer: Customer, *, leads_on: bool) -> str:
    """The version of a customer as an ETag; of whoever was asked for by another id it says so."""
    return f"{customer.version}.{customer.id.hex[-8:]}" if leads_on else str(customer.version)


def only_versions(asked: UUID | str) -> set[int] | None:
    """The versions that `If-Match` names (RFC 9110 §13.1.1); `None` when it is absent or `*`.

    A tag that names no version of ours matches nothing. Compression may have added a suffix to the
    tag, after a colon.

    Args:
        asked: The id or reference of whom; where it leads to the survivor of a merge, the tags of
            the old record are none of theirs.
    """
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    marks = _marks(asked)
    tags = [
        (tag or "").partition(":")[0].partition(".")
        for tag in request.if_match.as_set(include_weak=True)
    ]
    named = {parse_int(number) for number, _, mark in tags if mark in marks}
    return {version for version in named if version}


def _marks(asked: UUID | str) -> set[str]:
    """How the tags end that are about whoever is asked for."""
    customer = find_customer(asked) if isinstance(asked, UUID) else find_by_reference(asked)
    if customer is None:
        return {""}
    mark = customer.id.hex[-8:]
    return {mark} if is_led_on(customer, asked) else {mark, ""}
