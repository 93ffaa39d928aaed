"""Query parameters of the list of customers.
Unknown ones are refused, not silently ignored.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from typing import Any

from flask import request, url_for

from webapp.customers.numbering.countries import find_country
from webapp.customers.numbering.phones import comparable_phone
from webapp.kernel.fields import parse_int, printable, read_email
from webapp.kernel.refusals import InvalidQuery
from webapp.kernel.submission import Submission
from webapp.search.filters import MAX_PAGE, CustomerFilter, Sort, Standing, one_line

# Parameters that published clients send with every call, and that mean nothing.
SENT_BY_PUBLISHED_CLIENTS = frozenset(
    {"", "None", "null", "undefined", "args", "kwargs", "params", "self", "_"}
)
MAX_NAME_LENGTH = 60
A_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
A_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*", re.ASCII)
MAX_TAKEN = 100
TAKEN = 10
ORDERS = {"DESC": Sort.NEWEST, "ASC": Sort.OLDEST}
FLAGS = {"true": Standing.BLACKLISTED, "false": Standing.GOOD}


@dataclass(frozen=True)
class Parameter:
    """A query parameter.

    Attributes:
        meant: The field of `CustomerFilter` that it fills.
        read: Parses its text; the message of a `ValueError` is shown to the sender.
        schema: What it accepts, as JSON Schema 2020-12.
    """

    name: str
    meant: str
    read: Callable[[str], Any]
    schema: dict[str, Any]
    about: str
    example: Any

    @property
    def description(self) -> dict[str, Any]:
        about = {"description": self.about, "example": self.example}
        return {"name": self.name, "in": "query", "schema": self.schema} | about


def asked_list() -> CustomerFilter:
    """The list that the present call asks for.

    Raises:
        Invalid: `invalid_query`, with each parameter that has no valid value.
    """
    submission = Submission()
    for parameter in PARAMETERS:
        texts = request.args.getlist(parameter.name)
        if len(texts) > 1:
            submission.note(parameter.name, "Say this once")
        elif texts:
            submission.read(parameter.name, parameter.read, texts[0])
    submission.refuse_if_wrong(InvalidQuery)
    values = {MEANT[name]: value for name, value in submission.values.items()}
    _refuse_what_ends_before_it_begins(values)
    return CustomerFilter(**({"rows": TAKEN, "ranked": False} | values))


def _refuse_what_ends_before_it_begins(values: dict[str, Any]) -> None:
    """Refuse a range that ends before it begins: the sender must have meant something else."""
    submission = Submission()
    for name in ("created", "updated"):
        first, last = values.get(f"{name}_from"), values.get(f"{name}_to")
        if first and last and _day_or_moment(first) > _day_or_moment(last, is_end=True):
            submission.note(f"{name}From", f"This must not be after {name}To")
    submission.refuse_if_wrong(InvalidQuery)


def _day_or_moment(value: date | datetime, *, is_end: bool = False) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time.max if is_end else time.min, UTC)


def refuse_unknown_names(known: Collection[str]) -> None:
    """Refuse parameters that the call does not have, suggesting the nearest known name.

    Raises:
        Invalid: `invalid_query`.
    """
    unknown = [
        name
        for name in request.args
        if name not in known and name.lstrip("?") not in SENT_BY_PUBLISHED_CLIENTS
    ]
    if unknown:
        raise InvalidQuery(
            {
                printable(name, instead="?")[:MAX_NAME_LENGTH]: [_unknown(name, known)]
                for name in unknown
            }
        )


def _unknown(name: str, known: Collection[str]) -> str:
    nearest = get_close_matches(name, known, n=1, cutoff=0.6)
    return (
        "This call knows no such part of the "
        f"query{f'; do you mean {nearest[0]}?' if nearest else ''}"
    )


def link_to_next(after: str) -> str:
    """A `Link` header: the address of the present call with another cursor."""
    again: dict[str, Any] = {**request.args, "after": after}
    return f'<{url_for(request.endpoint or "", **again)}>; rel="next"'


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers in this range."""

    def read(text: str) -> int:
        number = parse_int(text, least=least, most=most)
        if number is None:
            raise ValueError(f"This must be a whole number from {least} to {most:,}")
        return number

    return read


def _one_of(known: dict[str, Any]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if text not in known:
            raise ValueError(f"This must be {' or '.join(known)}")
        return known[text]

    return read


def _dial_code(text: str) -> str:
    country = find_country(text)
    if country is None:
        raise ValueError("This is not a country or country code we know")
    return country.dial_code


def _moment(text: str) -> date | datetime:
    """A day, or a moment; both in UTC unless there is an offset."""
    try:
        if A_DAY.fullmatch(text):
            return date.fromisoformat(text)
        if not A_TIME.fullmatch(text):
            raise ValueError(text)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("This must be a date or a date and time (ISO 8601)") from None


def _email(text: str) -> str:
    """An e-mail address; a plus sign that was not percent-encoded arrives as a space."""
    try:
        return read_email(text.strip().replace(" ", "+"))
    except ValueError:
        raise ValueError("This is not an e-mail address") from None


def _phone(text: str) -> str:
    """A phone number; a plus sign that was not percent-encoded arrives as a space."""
    spelled = "+" + text.strip() if text.startswith(" ") else text
    phone = comparable_phone(spelled, None)
    if phone is None:
        raise ValueError("This is not an international phone number")
    return phone


A_MOMENT = {
    "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]
}
PARAMETERS = (
    Parameter(
        "page",
        "page",
        whole_number(1, MAX_PAGE),
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 1},
        "From 1; beyond the last the list is empty",
        2,
    ),
    Parameter(
        "take",
        "rows",
        whole_number(0, MAX_TAKEN),
        {"type": "integer", "minimum": 0, "maximum": MAX_TAKEN, "default": TAKEN},
        "Customers on a page; with 0 only `meta` is answered",
        100,
    ),
    Parameter(
        "order",
        "sort",
        _one_of(ORDERS),
        {"type": "string", "enum": [*ORDERS], "default": "DESC"},
        "By creation: newest first (`DESC`) or oldest first (`ASC`)",
        "ASC",
    ),
    Parameter(
        "blacklist",
        "standing",
        _one_of(FLAGS),
        {"type": "boolean"},
        "Only those who are, or are not",
        True,
    ),
    Parameter(
        "search",
        "text",
        one_line,
        {"type": "string"},
        "Words, or parts of a name, e-mail address or phone number, or the beginning of a "
        "reference or id",
        "ama mens",
    ),
    Parameter(
        "countryCode",
        "dial_code",
        _dial_code,
        {"type": "string"},
        "`+234`, `NG` or `NGA`",
        "+234",
    ),
    Parameter(
        "email",
        "email",
        _email,
        {"type": "string"},
        "Exactly this address, in any spelling",
        "ama.mensah@example.com",
    ),
    Parameter(
        "phone",
        "phone",
        _phone,
        {"type": "string"},
        "Exactly this number",
        "+2348012345678",
    ),
    Parameter(
        "reference",
        "reference",
        str,
        {"type": "string"},
        "Exactly this reference, in any case",
        "CUS-7K3M9Q2XVB",
    ),
    Parameter(
        "createdFrom",
        "created_from",
        _moment,
        A_MOMENT,
        "A day of UTC or a moment, included",
        "2026-11-01",
    ),
    Parameter(
        "createdTo",
        "created_to",
        _moment,
        A_MOMENT,
        "A day of UTC or a moment, included",
        "2026-11-30",
    ),
    Parameter(
        "updatedFrom",
        "updated_from",
        _moment,
        A_MOMENT,
        "Of the last change; as `createdFrom`",
        "2026-11-05T12:34:56Z",
    ),
    Parameter(
        "updatedTo",
        "updated_to",
        _moment,
        A_MOMENT,
        "Of the last change; as `createdFrom`",
        "2026-11-30",
    ),
)
MEANT = {parameter.name: parameter.meant for parameter in PARAMETERS}
