"""What an entry can be about: an e-mail, a domain, a phone, numbers that begin alike, a name with a
birthday. Each has keys, by which a person is found to match it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from webapp.customers.fields import (
    Details,
    email_person,
    read_birthday,
    read_country,
)
from webapp.customers.finding import get_by_handle
from webapp.customers.numbering.phones import read_phone, shown_phone
from webapp.customers.numbering.renumbering import phone_person
from webapp.kernel.fields import ascii_domain, email_domain, read_email, read_name, read_text
from webapp.kernel.folding import whole_names
from webapp.kernel.refusals import InvalidDetails, NotFound
from webapp.kernel.submission import Submission
from webapp.lookalikes.candidates import PUBLIC_MAIL

MAX_KEY_LENGTH = 560
# As in co.uk and com.ng, below which each organisation of a country has its own.
SECOND_LEVELS = {"ac", "co", "com", "edu", "gob", "gouv", "gov", "go", "net", "or", "org"}
LETTERS_OF_A_COUNTRY = 2
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"(?:{LABEL}\.)+{LABEL}", re.ASCII)
LIKE_A_DOMAIN = re.compile(r"@?[^\s@]+\.[^\s@\d][^\s@]*")
SIGNS_IN_NUMBERS = re.compile(r"[\s().*x-]+", re.IGNORECASE)
# A range of fewer digits would be a country, or most of one.
FEWEST_DIGITS, MOST_DIGITS = 5, 14
BEGINNING = re.compile(rf"\+[1-9]\d{{{FEWEST_DIGITS - 1},{MOST_DIGITS - 1}}}", re.ASCII)


class ValueKind(StrEnum):
    """What kind of value an entry has."""

    EMAIL = "email"
    DOMAIN = "domain"
    PHONE = "phone"
    PHONE_RANGE = "phone_range"
    NAME = "name"
    CUSTOMER = "customer"


@dataclass(frozen=True)
class EntryValue:
    """A value as it is kept.

    Attributes:
        text: In normal form, as people read it.
        keys: By which somebody matches it.
    """

    kind: ValueKind
    text: str
    keys: tuple[str, ...]


def read_value(raw: Mapping[str, Any]) -> EntryValue:
    """Read what an entry is about. A name is kept with two spaces between first and last name, a
    customer by their reference.

    Args:
        raw: `kind`, and `value`; for a name `first_name`, `last_name` and `birthday` instead;
            `country` reads a national phone.

    Raises:
        Invalid: `invalid_details`, with problems on any of these.
    """
    submission = Submission()
    submission.read("kind", _read_kind, raw.get("kind"))
    submission.refuse_if_wrong()
    kind: ValueKind = submission.values["kind"]
    if kind is ValueKind.NAME:
        return _named(raw)
    readers: dict[ValueKind, Callable[[Any], str]] = {
        ValueKind.EMAIL: read_email,
        ValueKind.DOMAIN: _read_domain,
        ValueKind.PHONE_RANGE: _read_beginning,
        ValueKind.CUSTOMER: _read_customer,
    }
    if kind is ValueKind.PHONE:
        submission.read("country", read_country, raw.get("country"))
        submission.read("value", _read_phone, raw.get("value"), submission.values.get("country"))
    else:
        submission.read("value", readers[kind], raw.get("value"))
    submission.refuse_if_wrong()
    return value_of(kind, submission.values["value"])


def kind_by_looks(raw: Mapping[str, Any]) -> ValueKind:
    """What kind of value this is, by its looks, where nobody says."""
    text = str(raw.get("value") or "").strip()
    if not text and (raw.get("first_name") or raw.get("last_name")):
        return ValueKind.NAME
    if LIKE_A_DOMAIN.fullmatch(text):
        return ValueKind.DOMAIN
    if "@" in text:
        return ValueKind.EMAIL
    return ValueKind.PHONE_RANGE if text.endswith(("*", "x", "X")) else ValueKind.PHONE


def _read_kind(raw: Any) -> ValueKind:
    try:
        return ValueKind(read_text(raw))
    except ValueError:
        raise ValueError("Choose what the entry is about") from None


def _read_customer(raw: Any) -> str:
    try:
        return get_by_handle(read_text(raw)).reference
    except NotFound as refusal:
        raise ValueError(refusal.sentence) from None


def _read_domain(raw: Any) -> str:
    text = read_text(raw).lower().removeprefix("@").strip(".")
    try:
        domain = ascii_domain(text)
    except ValueError:
        domain = ""
    if not DOMAIN.fullmatch(domain) or domain.rpartition(".")[2].isdigit():
        raise ValueError("Enter a domain, such as shop.example.com")
    second, _, country = domain.partition(".")
    if second in SECOND_LEVELS and len(country) == LETTERS_OF_A_COUNTRY:
        raise ValueError("Whole countries have their domains under this; enter one organisation's")
    return domain


def _read_phone(raw: Any, country: Any) -> str:
    text = read_text(raw)
    if not text:
        raise ValueError("Enter a phone number")
    phone, _ = read_phone(text, country)
    return phone


def _read_beginning(raw: Any) -> str:
    text = SIGNS_IN_NUMBERS.sub("", read_text(raw).replace("(0)", ""))
    if not BEGINNING.fullmatch(text):
        raise ValueError(
            f"Enter + and {FEWEST_DIGITS} to {MOST_DIGITS} digits with which the numbers begin"
        )
    return text


def _named(raw: Mapping[str, Any]) -> EntryValue:
    submission = Submission()
    for name in ("first_name", "last_name"):
        submission.read(name, read_name, raw.get(name))
    submission.read("birthday", _read_known_birthday, raw.get("birthday"))
    submission.refuse_if_wrong()
    first, last, birthday = (
        submission.values[name] for name in ("first_name", "last_name", "birthday")
    )
    value = value_of(ValueKind.NAME, f"{first}  {last}, {birthday}")
    if not value.keys:
        raise InvalidDetails.on("first_name", "Enter a name that has letters")
    return value


def _read_known_birthday(raw: Any) -> str:
    birthday = read_birthday(raw)
    if birthday is None:
        raise ValueError("Enter the birthday: too many people share a name")
    return birthday


def _name_keys(first: str, last: str, birthday: str) -> Iterator[str]:
    return (f"{birthday} {way}"[:MAX_KEY_LENGTH] for way in whole_names(first, last))


def refuse_public_mail(value: EntryValue, number: int) -> None:
    """Refuse a domain at which anybody may have an address.

    Args:
        number: How many customers have one, for the sentence.

    Raises:
        Invalid: `invalid_details`, with the problem on `value`.
    """
    is_above = any(f".{domain}".endswith(f".{value.text}") for domain in PUBLIC_MAIL)
    if value.kind is ValueKind.DOMAIN and is_above:
        raise InvalidDetails.on(
            "value",
            f"Anybody may have an address at {value.text}: {number:,} customers do. "
            "Enter the e-mail of one person instead",
        )


def keys_of(person: Details) -> Iterator[tuple[ValueKind, str]]:
    """The keys by which a person matches entries."""
    if person.email:
        yield ValueKind.EMAIL, email_person(person.email)[:MAX_KEY_LENGTH]
        yield from ((ValueKind.DOMAIN, domain) for domain in _domains(person.email))
    if person.phone:
        for phone in dict.fromkeys((person.phone, phone_person(person.phone))):
            yield ValueKind.PHONE, phone
            for end in range(FEWEST_DIGITS + 1, min(len(phone), MOST_DIGITS + 1) + 1):
                yield ValueKind.PHONE_RANGE, phone[:end]
    if person.birthday and person.first_name and person.last_name:
        names = _name_keys(person.first_name, person.last_name, person.birthday)
        yield from ((ValueKind.NAME, key) for key in names)


def _domains(email: str) -> Iterator[str]:
    """The domain of an address, and those that it is part of."""
    labels = email_domain(email).split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])


def parts_of_name(text: str) -> tuple[str, str, str]:
    """The first name, the last name and the birthday of such a value."""
    name, _, birthday = text.rpartition(", ")
    first, _, last = name.partition("  ")
    return first, last, birthday


def told_value(kind: str, text: str, *, tells_birthday: bool) -> str:
    """A value as programs read it."""
    if kind != ValueKind.NAME:
        return text
    first, last, birthday = parts_of_name(text)
    return f"{first} {last}" + (f", {birthday}" if tells_birthday else "")


def shown_value(text: str, kind: str) -> str:
    """A value as pages show it."""
    if kind == ValueKind.PHONE:
        return shown_phone(text).international
    if kind == ValueKind.NAME:
        return told_value(kind, text, tells_birthday=True)
    return f"{text}…" if kind == ValueKind.PHONE_RANGE else text


def value_of(kind: str, text: str) -> EntryValue:
    """The value of an entry that is kept, with the keys that it has by the present rules."""
    if kind == ValueKind.NAME:
        return EntryValue(ValueKind.NAME, text, tuple(_name_keys(*parts_of_name(text))))
    ways: dict[ValueKind, Callable[[str], str]] = {
        ValueKind.EMAIL: email_person,
        ValueKind.PHONE: phone_person,
        ValueKind.CUSTOMER: str.lower,
    }
    key = ways.get(ValueKind(kind), str)
    return EntryValue(ValueKind(kind), text, (key(text)[:MAX_KEY_LENGTH],))
