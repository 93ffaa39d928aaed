"""What a list is asked for in the query of an address. Unknown names are ignored; known ones must mean something."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import request

from webapp.customers.countries import find_country
from webapp.customers.wanted import LARGEST_PAGE, Search, Sort, Standing, one_line
from webapp.errors import Invalid
from webapp.numbers import whole_number

MOST_TAKEN = 100
TAKEN = 10
ORDERS = {"DESC": Sort.NEWEST, "ASC": Sort.OLDEST}
FLAGS = {"true": Standing.BLACKLISTED, "false": Standing.GOOD}


@dataclass(frozen=True)
class Parameter:
    """A part of the query.

    Attributes:
        meant: The field of `Search` that it fills.
        read: What its text means; a `ValueError` is the sentence for whoever sent it.
        schema: The same for machines (JSON Schema 2020-12).
    """

    name: str
    meant: str
    read: Callable[[str], Any]
    schema: dict[str, Any]
    told: str

    @property
    def description(self) -> dict[str, Any]:
        return {"name": self.name, "in": "query", "schema": self.schema, "description": self.told}


def asked_list() -> Search:
    """The list that the present call asks for.

    Raises:
        Invalid: `invalid_query`, with each parameter that means nothing.
    """
    values: dict[str, Any] = {"rows": TAKEN, "ranked": False}
    problems: dict[str, list[str]] = {}
    for parameter in PARAMETERS:
        texts = request.args.getlist(parameter.name)
        try:
            if len(texts) > 1:
                raise ValueError("Say this once")
            if texts:
                values[parameter.meant] = parameter.read(texts[0])
        except ValueError as problem:
            problems[parameter.name] = [str(problem)]
    if problems:
        raise Invalid("invalid_query", "The query has a part that means nothing", problems)
    return Search(**values)


def _number(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = whole_number(text, least=1, most=most)
        if number is None:
            raise ValueError(f"This must be a whole number from 1 to {most:,}")
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
        raise ValueError("This is not a country or dial code we know")
    return country.dial_code


def _moment(text: str) -> date | datetime:
    """A day of UTC, or a moment; without an offset it is UTC too."""
    try:
        if len(text) == len("2026-11-24"):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("This must be a date or a date and time (ISO 8601)") from None


A_MOMENT = {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}
PARAMETERS = (
    Parameter(
        "page",
        "page",
        _number(LARGEST_PAGE),
        {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": 1},
        "From 1; beyond the last the list is empty",
    ),
    Parameter(
        "take",
        "rows",
        _number(MOST_TAKEN),
        {"type": "integer", "minimum": 1, "maximum": MOST_TAKEN, "default": TAKEN},
        "Customers on a page",
    ),
    Parameter(
        "order",
        "sort",
        _one_of(ORDERS),
        {"type": "string", "enum": [*ORDERS], "default": "DESC"},
        "By creation: newest first (`DESC`) or oldest first (`ASC`)",
    ),
    Parameter("blacklist", "standing", _one_of(FLAGS), {"type": "boolean"}, "Only those who are, or are not"),
    Parameter(
        "search",
        "text",
        one_line,
        {"type": "string"},
        "Words, or parts of a name, e-mail address or phone number, or the beginning of a reference or id",
    ),
    Parameter(
        "countryCode", "dial_code", _dial_code, {"type": "string", "examples": ["+234"]}, "`+234`, `NG` or `NGA`"
    ),
    Parameter("email", "email", str, {"type": "string"}, "Exactly this address, in any spelling"),
    Parameter("createdFrom", "created_from", _moment, A_MOMENT, "A day of UTC or a moment, included"),
    Parameter("createdTo", "created_to", _moment, A_MOMENT, "A day of UTC or a moment, included"),
)
