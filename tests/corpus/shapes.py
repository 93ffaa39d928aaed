"""The types of the corpus: what is stored or typed, and the expected result."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """A stored customer, and what is typed into the search box."""

    kind: str
    saved: Mapping[str, str]  # any of first_name, last_name, email, phone (E.164), reference
    typed: str
    found: bool = True  # False only in NOT_FOUND, which is deliberately not promised


@dataclass(frozen=True)
class Evasion:
    """Details of a blacklisted customer, and the details given to a check.

    `blacklisted` has first_name, last_name, email and phone (E.164), as far as they are known;
    `asked` has the keys of the API: firstName, lastName, email, phone, countryCode (as in "GH").
    """

    kind: str
    blacklisted: Mapping[str, str]
    asked: Mapping[str, str]


@dataclass(frozen=True)
class Saved:
    """What is typed when a customer is added, and what must be stored.

    `given` has any of first_name, last_name, email, phone and country (as in "GH"); the test adds
    an e-mail if there is none. A field of `given` that `expected` leaves out must be accepted, and
    may be stored in any spelling.
    """

    kind: str
    given: Mapping[str, str]
    expected: Mapping[str, str]


@dataclass(frozen=True)
class Refused:
    """What is typed when a customer is added, and the field that must be refused."""

    kind: str
    given: Mapping[str, str]
    field: str


def name(first: str = "", last: str = "", **more: str) -> dict[str, str]:
    """Details with only the names that are given."""
    parts = {"first_name": first, "last_name": last}
    return {key: text for key, text in parts.items() if text} | more


def asked(first: str, last: str, country: str) -> dict[str, str]:
    """The details of a check on a name."""
    parts = {"firstName": first, "lastName": last, "countryCode": country}
    return {key: text for key, text in parts.items() if text}


def pairs(kind: str, saved: Mapping[str, str], *typed: str) -> list[Pair]:
    """One customer, with everything that is typed to find them."""
    return [Pair(kind, saved, text) for text in typed]


def mailbox(kind: str, blacklisted: str, *addresses: str) -> list[Evasion]:
    """One mailbox, with the other spellings to check."""
    return [Evasion(kind, {"email": blacklisted}, {"email": text}) for text in addresses]


def number(kind: str, blacklisted: str, *numbers: str) -> list[Evasion]:
    """One number, with the other spellings to check, all with the country code."""
    return [Evasion(kind, {"phone": blacklisted}, {"phone": text}) for text in numbers]


def full_names(
    kind: str,
    country: str,
    phone: str,
    was: tuple[str, str],
    *now: tuple[str, str],
) -> list[Evasion]:
    """A first and last name, with the other spellings to check in the same country."""
    blacklisted = name(*was, phone=phone)
    return [Evasion(kind, blacklisted, asked(first, last, country)) for first, last in now]
