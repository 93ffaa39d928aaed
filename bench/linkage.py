"""`make bench-linkage`: precision and recall of the look-alike rules on labelled people made by
others (`../shared/linkage`, or where `LINKAGE` says), each set in a book of its own.
"""

import csv
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

from bench.report import write_section
from tests.support import cast
from tests.support.books import Book
from webapp.customers import register
from webapp.customers.fields import read_birthday
from webapp.history.entries import Actor
from webapp.kernel.database import writing
from webapp.kernel.refusals import Invalid
from webapp.lookalikes.candidates import Candidate
from webapp.lookalikes.pairs import MIN_WEIGHT
from webapp.lookalikes.signals import lookalikes_of
from webapp.settings import PROJECT

SETS = Path(os.environ.get("LINKAGE", PROJECT.parent / "shared" / "linkage"))
BY = Actor(kind="key", id=None, name="Bench", door="api")
MOST = 1_000
# As if either of two were blacklisted, to hold the other back; what is shown is not so strict.
BANDS: dict[str, dict[str, Any]] = {
    "shown": {},
    "held back by a check": {"blacklisted": False},
    "put before managers": {"blacklisted": False, "least_weight": MIN_WEIGHT},
}
FORMS_OF_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d/%m/%Y", "%b %d %Y", "%d-%b-%y")
DOTS = re.compile(r"\.{2,}")


@dataclass(frozen=True)
class Person:
    """A labelled record: `truth` is the same for records of one person."""

    truth: str
    details: dict[str, Any]


def fake_1000(*, with_birthdays: bool) -> Iterator[Person]:
    for row in _rows("fake_1000.csv"):
        details = {"first_name": row["first_name"], "last_name": row["surname"]}
        if with_birthdays:
            details["birthday"] = _birthday(row["dob"], earlier=60)
        yield Person(row["cluster"], details | {"email": row["email"], "country": "GB"})


def senzing() -> Iterator[Person]:
    """Customers and a watch list; organisations have a name alone."""
    truth = {
        (row["DATA_SOURCE"], row["RECORD_ID"]): row["CLUSTER_ID"]
        for row in _rows("senzing_actual_truthset_key.csv")
    }
    for row in _rows("senzing_customers.csv") + _rows("senzing_watchlist.csv"):
        whole = row["PRIMARY_NAME_FULL"] or row["NATIVE_NAME_FULL"] or row.get("PRIMARY_NAME_ORG")
        first = f"{row['PRIMARY_NAME_FIRST']} {row['PRIMARY_NAME_MIDDLE']}".strip()
        details = {"first_name": first, "last_name": row["PRIMARY_NAME_LAST"] or whole or ""}
        address = row["EMAIL_ADDRESS"].rpartition("<")[2].rstrip(">")
        details |= {"email": address, "phone": row["PHONE_NUMBER"], "country": "US"}
        details["birthday"] = _birthday(row["DATE_OF_BIRTH"])
        yield Person(truth[row["DATA_SOURCE"], row["RECORD_ID"]], details)


def _birthday(text: str, *, earlier: int = 0) -> str:
    """As a clerk would type it, so many years earlier, because some of these people are not born
    yet; two digits of a year are of the last hundred. What is no date is left out.
    """
    for form in FORMS_OF_DATES:
        with suppress(ValueError):
            read = datetime.strptime(text.strip(), form)
            year = read.year - earlier - (100 if "%y" in form and read > datetime.now() else 0)
            return read_birthday(f"{year}-{read:%m-%d}") or ""
    return ""


def _rows(name: str) -> list[dict[str, str]]:
    with (SETS / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def measure(people: Sequence[Person]) -> dict[str, tuple[float, float]]:
    """Precision and recall of the pairs in each band."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = Book(f"sqlite:///{folder}/book.db", folder)
        with book.app.app_context():
            cast.hire()
            sought = _sought(people)
            bands = {band: _pairs(sought, **more) for band, more in BANDS.items()}
        book.close()
    one_person = [one.truth for one in people]
    true = sum(one == other for one, other in combinations(one_person, 2))
    return {band: _quality(pairs, one_person, true) for band, pairs in bands.items()}


def _quality(
    pairs: set[tuple[int, int]], one_person: Sequence[str], true: int
) -> tuple[float, float]:
    right = sum(one_person[one] == one_person[other] for one, other in pairs)
    return right / max(1, len(pairs)), right / true


def _sought(people: Sequence[Person]) -> list[Candidate]:
    with writing():
        known = set[str]()
        customers = [_added(number, one.details, known) for number, one in enumerate(people)]
        return [Candidate(one.details, one.seq) for one in customers]


def _pairs(sought: Sequence[Candidate], **more: Any) -> set[tuple[int, int]]:
    numbers = {one.seq: number for number, one in enumerate(sought)}
    pairs = set()
    for number, one in enumerate(sought):
        alike = lookalikes_of([one], most=MOST, **more)[0]
        pairs |= {tuple(sorted((number, numbers[other.customer.seq]))) for other in alike}
    return pairs  # type: ignore[return-value]


def _added(number: int, details: dict[str, Any], known: set[str]) -> Any:
    """Addresses are unique in the book, so that an equal one becomes a spelling of the same
    mailbox; one that the book refuses is none.
    """
    email, nobody = _mended(details["email"].lower()), _nobody(number)
    local, _, domain = email.rpartition("@")
    email = f"{local}+{number}@{domain}" if email in known else email
    known.add(email)
    for refused in ({"email": email if local else nobody}, {"phone": ""}, {"email": nobody}):
        details |= refused
        with suppress(Invalid):
            return register.register(details, by=BY)
    raise ValueError(details)


def _nobody(number: int) -> str:
    """An address that is like no other."""
    return f"{hashlib.sha256(b'%d' % number).hexdigest()[:12]}@none{number}.example.com"


def _mended(email: str) -> str:
    """A broken address as a clerk would take it: one at-sign, and dots only between words."""
    local, at, domain = email.rpartition("@")
    local, domain = (DOTS.sub(".", part.replace("@", "")).strip(".") for part in (local, domain))
    return f"{local}{at}{domain if '.' in domain else domain + '.com'}" if local else ""


def main() -> None:
    rows = ["| People | Band | Precision | Recall |", "|---|---|---|---|"]
    for name, people in {
        "`fake_1000`, names and e-mail only": list(fake_1000(with_birthdays=False)),
        "`fake_1000`, with birthdays": list(fake_1000(with_birthdays=True)),
        "Senzing, with phones and birthdays": list(senzing()),
    }.items():
        for band, (precision, recall) in measure(people).items():
            rows.append(f"| {name} | {band} | {precision:.3f} | {recall:.3f} |")
    print("\n".join(rows))
    write_section("make bench-linkage", "\n".join(rows))


if __name__ == "__main__":
    main()
