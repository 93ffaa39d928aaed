"""`make bench-guard`: what the guard costs in a large book: a new customer compared with everybody,
`check` beside 100,000 entries, and adding a customer without and with those entries.

Everything is asked as from outside where there is a door to it, with varied inputs: people who are
in the book, blacklisted or not, those people with typing errors, and strangers.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from flask import Flask

from bench.books import book_of, recall_files
from bench.inputs import Inputs
from bench.report import write_section
from bench.scale import signed_in
from bench.spread import Times, spread
from tests.support import cast
from webapp.blacklist.entries import listing, opening
from webapp.customers import register
from webapp.customers.fields import Details
from webapp.customers.models import Customer
from webapp.kernel.database import db, writing
from webapp.lookalikes.candidates import Candidate
from webapp.lookalikes.signals import lookalikes_of

INPUTS, WARM_UP = 600, 50
ENTRIES, AT_ONCE = 100_000, 500
SWITCHED = str.maketrans("aeiou", "eioua")


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    url, _ = book_of(size)
    app, inputs, secret, _ = signed_in(url, size)
    recall_files(url)
    people = list(asked_about(inputs))
    figures = {
        "a new customer compared with all blacklisted": compared(app, people, blacklisted=True),
        "… with all others": compared(app, people, blacklisted=False),
        "check": checked(app, people, secret),
        "create": created(app, people),
    }
    add_entries(app)
    figures |= {
        f"check, beside {ENTRIES:,} entries": checked(app, people, secret),
        f"create, beside {ENTRIES:,} entries": created(app, people),
    }
    table = "\n".join(rows_of(size, figures))
    sys.stdout.write(f"{table}\n")
    write_section("make bench-guard", table)


def rows_of(size: int, figures: dict[str, Times]) -> Iterator[str]:
    yield f"| {size:,} customers, milliseconds | p50 | p95 | p99 |"
    yield "|---|---|---|---|"
    for name, times in figures.items():
        numbers = spread(times)
        shown = " | ".join(f"{numbers[part]:.1f}" for part in ("p50", "p95", "p99"))
        yield f"| {name} | {shown} |"


def asked_about(inputs: Inputs) -> Iterator[Details]:
    """People of the book as they are, with a slip in the name, with a slip in the address, and
    strangers of the same names; by turns.
    """
    for number, one in enumerate(inputs.random.choices(inputs.people, k=INPUTS + WARM_UP)):
        yield _changed(one, number)


def _changed(one: Customer, number: int) -> Details:
    person, slip = one.details, one.last_name[:1] + one.last_name[1:].translate(SWITCHED)
    stranger = {"email": f"bench{number}@stranger{number}.example", "phone": None}
    return [
        person,
        replace(person, last_name=slip, **stranger),
        replace(person, email=person.email[1:], phone=None),
        replace(person, **stranger),
    ][number % 4]


def timed(people: Sequence[Details], deed: Callable[[Details], object]) -> Times:
    times = []
    for person in people:
        begun = time.perf_counter()
        deed(person)
        times.append((time.perf_counter() - begun) * 1_000)
        db.session.rollback()
    return times[WARM_UP:]


def compared(app: Flask, people: Sequence[Details], *, blacklisted: bool) -> Times:
    """As when they are added: whom they are like."""
    with app.app_context():
        return timed(
            people, lambda one: lookalikes_of([Candidate(one, None)], blacklisted=blacklisted)
        )


def checked(app: Flask, people: Sequence[Details], secret: str) -> Times:
    """Whole calls of the JSON door."""
    client, headers = app.test_client(), {"Authorization": f"Bearer {secret}"}

    def check(one: Details) -> None:
        body = {"email": one.email, "phone": one.phone, "countryCode": one.dial_code}
        names = {"firstName": one.first_name, "lastName": one.last_name}
        answer = client.post("/api/v1/customers/check", json=body | names, headers=headers)
        assert answer.status_code == 200, answer.text

    with app.app_context():
        return timed(people, check)


def created(app: Flask, people: Sequence[Details]) -> Times:
    """Whole service calls, with the commit."""
    unique, number = f"{time.time_ns():x}", iter(range(len(people)))
    with app.app_context():
        by = cast.actor("Esi")

        def create(one: Details) -> None:
            email = f"{unique}x{next(number)}@example.com"
            names = {"first_name": one.first_name, "last_name": one.last_name}
            register.register({**names, "email": email, "phone": one.phone or ""}, by=by)

        return timed(people, create)


def add_entries(app: Flask) -> None:
    """Entries of every kind, most about nobody in the book; those of an earlier run stay."""
    random = Random(1)
    with app.app_context():
        by, missing = cast.actor("Esi"), ENTRIES - sum(listing.count_live().values())
        for start in range(0, max(0, missing), AT_ONCE):
            with writing():
                for _ in range(min(AT_ONCE, missing - start)):
                    opening.add_entry(_entry(random), by=by)
        sys.stdout.write(f"entries: {json.dumps(dict(listing.count_live()))}\n")


def _entry(random: Random) -> dict[str, Any]:
    number = random.getrandbits(40)
    kind, value = random.choice([
        ("email", f"e{number:x}@listed.example"),
        ("domain", f"d{number:x}.example"),
        ("phone", f"+23320{number % 10_000_000:07}"),
        ("name", ""),
    ])  # fmt: skip
    born = f"19{random.randrange(50, 99)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}"
    name = {"first_name": f"A{number:x}", "last_name": f"B{number:x}", "birthday": born}
    level = random.choice(["deny", "review"])
    raw = {"kind": kind, "value": value, "level": level, "reason": "fraud"}
    return raw | (name if kind == "name" else {})


if __name__ == "__main__":
    main()
