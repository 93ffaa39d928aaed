"""Makes sample people from a seed: the same seed gives the same people on any machine."""

import unicodedata
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from webapp.blacklist.models import REVIEW_AFTER
from webapp.customers.fields import Details
from webapp.customers.models import new_id, new_reference
from webapp.history.entries import Actor, Event
from webapp.kernel.clock import MILLISECOND, in_iso
from webapp.kernel.folding import fold
from webapp.transfer.samples.names import NOTES, REGIONS, STAFF, Region

CHUNK = 10_000
DRAWN = 10**6
ODD_NUMBER = 0x9E3779B97F4A7C15
# Tests and measurements end here; a first run ends today.
LAST_MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
YEARS = timedelta(days=3 * 365)
REVIEWED_AFTER = timedelta(days=60)
# Not on the first days, so that a first visitor finds nothing overdue.
LOOKED_AT_AGAIN_AFTER, LOOKED_AT_AGAIN_WITHIN = timedelta(days=20), timedelta(days=345)
FIRST_BORN, DAYS_BORN = date(1946, 1, 1), 22_000
DOMAINS = ("example.com", "example.org", "example.net", "mail.example.com", "post.example.org")
WITHOUT_PHONE, CHANGED, BLACKLISTED, ONCE_BLACKLISTED = 0.08, 0.10, 0.02, 0.01
UPHELD, OVERTURNED, BACK_AGAIN = 0.8, 0.3, 0.002


@dataclass(frozen=True)
class Person:
    """A sample customer: columns of the row, history events, and all cases, open or closed."""

    row: dict[str, Any]
    details: Details
    events: list[Event]
    cases: list[dict[str, Any]]


class Dice(Random):
    """Chooses for people whose stories end at `until`."""

    until = LAST_MOMENT


def people(count: int, seed: int, chunk: int, until: datetime = LAST_MOMENT) -> Iterator[Person]:
    """One chunk of the sample people, in the order of their creation, which is spread over the
    three years before `until`.

    Args:
        chunk: Its number, from 0; each holds `CHUNK` people, the last one perhaps fewer.
    """
    random, suspects = Dice(f"{seed} {chunk}"), deque[str](maxlen=50)
    random.until = until
    for number in range(chunk * CHUNK, min((chunk + 1) * CHUNK, count)):
        created_at = _whole(until - YEARS + YEARS / count * (number + random.random() * 0.9))
        person = _person(random, number + 1, created_at, suspects, _reference(seed, number))
        if person.row["blacklisted"] and person.details.phone:
            suspects.append(person.details.phone)
        yield person


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _reference(seed: int, number: int) -> str:
    """A reference in the usual format, unique by construction:
    multiplying by an odd number permutes the integers modulo 2**50.
    """
    mixed = (number + seed) * ODD_NUMBER % 2**50
    fives = iter([mixed >> shift & 31 for shift in range(0, 50, 5)])
    return new_reference(lambda _: next(fives))


def _person(
    random: Dice, number: int, created_at: datetime, suspects: Sequence[str], reference: str
) -> Person:
    """One person; now and then with the phone of somebody blacklisted."""
    details = _details(random, number)
    if suspects and random.random() < BACK_AGAIN:
        phone = random.choice(suspects)
        details = replace(
            details, phone=phone, dial_code=f"+{phonenumbers.parse(phone).country_code}"
        )
    first = _event(
        "created", created_at, "agent", 1, {}, _given(details) | {"reference": reference}
    )
    events, cases = [first], []
    if random.random() < CHANGED:
        details = _corrected(random, events, details)
    blacklisted = random.random() < BLACKLISTED
    if random.random() < ONCE_BLACKLISTED:
        cases.append(_case(random, events, closed=True))
    if blacklisted:
        cases.append(_case(random, events, closed=False))
    row = {
        "id": new_id(created_at, random.getrandbits),
        "reference": reference,
        "blacklisted": blacklisted,
        "version": events[-1].version,
        "created_at": created_at,
        "updated_at": events[-1].at,
        "waits_from": _waits_from(cases[-1]) if blacklisted else None,
    }
    return Person(row, details, events, cases)


def _waits_from(case: dict[str, Any]) -> datetime:
    """The same as `Blacklisting.waits_from`."""
    waits_from: datetime = case["review_by"] if case["reviewed_at"] else case["opened_at"]
    return waits_from


def _details(random: Dice, number: int) -> Details:
    region = random.choices(REGIONS, weights=[region.weight for region in REGIONS])[0]
    (first, first_latin), (last, last_latin) = (random.choice(names) for names in _names(region))
    country = random.choice(region.countries)
    phone = None if random.random() < WITHOUT_PHONE else _phone(random, country)
    dial_code = f"+{phonenumbers.country_code_for_region(country)}"
    local = f"{_plain(first_latin)}.{_plain(last_latin)}{number}"
    email = f"{local}@{random.choice(DOMAINS)}"
    return Details(first, last, email, phone, dial_code, _birthday(number))


def _birthday(number: int) -> str | None:
    """Of a grown-up, by their number; two of five tell none."""
    if number % 5 > 2:
        return None
    return (FIRST_BORN + timedelta(number * ODD_NUMBER // 2**20 % DAYS_BORN)).isoformat()


@cache
def _names(region: Region) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    nfc = [
        [(unicodedata.normalize("NFC", w), latin) for w, latin in names]
        for names in (region.first_names, region.last_names)
    ]
    return nfc[0], nfc[1]


def _plain(name: str) -> str:
    return "".join(
        character for character in fold(name) if character.isascii() and character.isalnum()
    )


def _phone(random: Dice, country: str) -> str:
    """A valid mobile number: the numbering plan's example with random last digits."""
    number = PhoneNumber()
    number.merge_from(_example(country))
    first = (number.national_number or 0) // DRAWN * DRAWN
    while True:
        number.national_number = first + random.randrange(DRAWN)
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@cache
def _example(country: str) -> PhoneNumber:
    number = phonenumbers.example_number_for_type(country, PhoneNumberType.MOBILE)
    assert number, f"phonenumbers has no example for {country}"
    return number


def _corrected(random: Dice, events: list[Event], details: Details) -> Details:
    """Make it look as if the first name was mistyped, and corrected later by somebody else."""
    at = _later(random, events[-1].at)
    mistyped = details.first_name + details.first_name[-1]
    events[0].new["first_name"] = mistyped  # type: ignore[index]
    old, new = {"first_name": mistyped}, {"first_name": details.first_name}
    events.append(_event("changed", at, "manager", events[-1].version + 1, old, new))
    return details


def _case(random: Dice, events: list[Event], *, closed: bool) -> dict[str, Any]:
    reason = random.choice(list(NOTES))
    opened_at = _later(random, events[-1].at)
    new = {"blacklisted": True, "reason": reason, "note": NOTES[reason]}
    events.append(
        _event(
            "blacklisted", opened_at, "agent", events[-1].version + 1, {"blacklisted": False}, new
        )
    )
    case: dict[str, Any] = dict.fromkeys(
        [
            "reviewed_at",
            "reviewed_by_name",
            "review_note",
            "closed_at",
            "closed_by_kind",
            "closed_by_name",
            "closed_note",
            "outcome",
        ]
    )
    case |= {
        "reason": reason,
        "note": NOTES[reason],
        "opened_at": opened_at,
        "review_by": opened_at + REVIEW_AFTER,
    }
    case |= {"opened_by_kind": "system", "opened_by_name": STAFF["agent"][0], "evidence": []}
    if closed and random.random() < OVERTURNED:
        _overturn(random, case, events)
    elif closed or random.random() < UPHELD or opened_at < random.until - REVIEWED_AFTER:
        _uphold(random, case, events)
        if closed:
            _lift(random, case, events)
    return case


def _overturn(random: Dice, case: dict[str, Any], events: list[Event]) -> None:
    at, note = _later(random, events[-1].at), "The cards were the family's own."
    case |= {"reviewed_at": at, "reviewed_by_name": STAFF["manager"][0], "review_note": note}
    case |= {"closed_at": at, "closed_by_kind": "system", "closed_by_name": STAFF["manager"][0]}
    case |= {"outcome": "overturned"}
    new = {"blacklisted": False, "note": note}
    events.append(
        _event("overturned", at, "manager", events[-1].version + 1, {"blacklisted": True}, new)
    )


def _uphold(random: Dice, case: dict[str, Any], events: list[Event]) -> None:
    at = _later(random, events[-1].at)
    case |= {
        "reviewed_at": at,
        "reviewed_by_name": STAFF["manager"][0],
        "review_note": "The evidence is clear.",
    }
    case |= {
        "review_by": _whole(
            random.until + LOOKED_AT_AGAIN_AFTER + LOOKED_AT_AGAIN_WITHIN * random.random()
        )
    }
    new = {"note": case["review_note"], "review_by": in_iso(case["review_by"])}
    events.append(_event("upheld", at, "manager", events[-1].version + 1, {}, new))


def _lift(random: Dice, case: dict[str, Any], events: list[Event]) -> None:
    at, note = _later(random, events[-1].at), "Paid what was owed."
    case |= {
        "closed_at": at,
        "closed_by_kind": "system",
        "closed_by_name": STAFF["manager"][0],
        "closed_note": note,
    }
    case |= {"outcome": "lifted"}
    new = {"blacklisted": False, "note": note}
    events.append(
        _event("lifted", at, "manager", events[-1].version + 1, {"blacklisted": True}, new)
    )


def _later(random: Dice, moment: datetime) -> datetime:
    """A random moment between the given one and the end of the three years."""
    return _whole(
        moment + MILLISECOND + max(random.until - moment, MILLISECOND) * random.random() * 0.3
    )


def _given(details: Details) -> dict[str, Any]:
    return {
        name: getattr(details, name)
        for name in details.__dataclass_fields__
        if getattr(details, name) is not None
    }


def _event(
    kind: str, at: datetime, role: str, version: int, old: dict[str, Any], new: dict[str, Any]
) -> Event:
    by = Actor(kind="system", id=None, name=STAFF[role][0], door="command")
    return Event(kind=kind, at=at, by=by, version=version, old=old, new=new)
