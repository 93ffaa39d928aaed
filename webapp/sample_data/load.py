"""Puts sample people and sample staff into the book."""

import os
import secrets
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import case as sql_case
from sqlalchemy import func, insert, null, select, text

from webapp import history
from webapp.customers.cases import Blacklisting, Decision, Review
from webapp.customers.models import Customer, details_columns
from webapp.database import db, writing
from webapp.errors import Conflict
from webapp.history import Actor, HistoryEntry, HistoryValues, Subject
from webapp.sample_data.names import STAFF
from webapp.sample_data.people import Person, people
from webapp.staff import members

BATCH = 1_000
BY_COMMAND = Actor(kind="system", id=None, name="sample-staff", door="command")


def book_is_empty() -> bool:
    return db.session.scalar(select(Customer.seq).limit(1)) is None


def load_people(count: int, seed: int, *, progress: Callable[[int], None]) -> None:
    """Add sample people to an empty book, a thousand to a transaction, row order equal to the order of creation.

    Args:
        progress: Called with the number of people after each batch.

    Raises:
        Conflict: there are customers, among whom sample people would break the order of creation.
    """
    if not book_is_empty():
        raise Conflict("book_not_empty", "The book has customers already; sample data goes into an empty one only")
    salts, made, first = Random(seed), people(count, seed), 1
    while batch := list(islice(made, BATCH)):
        with writing():
            _insert(batch, first, salts)
            _move_sequences()
        first += len(batch)
        progress(len(batch))


def _insert(batch: Sequence[Person], first_seq: int, salts: Random) -> None:
    customers: list[dict[str, Any]] = []
    cases: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    values: list[dict[str, Any]] = []
    for seq, person in enumerate(batch, start=first_seq):
        customers.append({"seq": seq} | person.row | details_columns(person.details))
        cases.extend({"customer_seq": seq} | case for case in person.cases)
        seal = history.FIRST_SEAL
        for number, event in enumerate(person.events, start=1):
            salt = salts.randbytes(history.SALT_BYTES)
            entry, its_values = history.rows_for(
                Subject("customer", seq), event, number=number, previous_seal=seal, salt=salt
            )
            entries.append(entry)
            values.append(its_values)
            seal = entry["seal"]
    for model, rows in ((Customer, customers), (Blacklisting, cases), (HistoryEntry, entries), (HistoryValues, values)):
        if rows:
            db.session.execute(insert(model), rows)
    _insert_reviews(first_seq)


def _insert_reviews(first_customer_seq: int) -> None:
    """A review for each reviewed case: what was not closed by it was upheld."""
    case = Blacklisting
    overturned = case.outcome == Decision.OVERTURNED.value
    decision = sql_case((overturned, Decision.OVERTURNED.value), else_=Decision.UPHELD.value)
    review_by = sql_case((overturned, null()), else_=case.review_by)
    reviewed = select(case.seq, decision, case.reviewed_at, case.reviewed_by_name, case.review_note, review_by)
    reviewed = reviewed.where(case.customer_seq >= first_customer_seq, case.reviewed_at.is_not(None))
    columns = ["case_seq", "decision", "at", "by_name", "note", "review_by"]
    db.session.execute(insert(Review).from_select(columns, reviewed.order_by(case.seq)))


def _move_sequences() -> None:
    """PostgreSQL does not see keys that were given; the next customer must come after them."""
    if db.engine.dialect.name == "postgresql":
        last = db.session.scalar(select(func.max(Customer.seq)))
        db.session.execute(text("SELECT setval(pg_get_serial_sequence('customer', 'seq'), :last)"), {"last": last})


def sample_staff(path: Path) -> list[str]:
    """Make one sample member of each role, with the passwords that the file keeps; a lost file is written anew.

    Returns:
        A line for each: role, e-mail, password.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lines = [f"{role}  {email}  {secrets.token_urlsafe(15)}\n" for role, (_, email) in STAFF.items()]
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(lines)
        _let_work(lines, renew=True)
    lines = path.read_text().splitlines()
    _let_work(lines, renew=False)
    return lines


def _let_work(lines: Sequence[str], *, renew: bool) -> None:
    for role, email, password in (line.split() for line in lines):
        member = members.find_member(email)
        if not member:
            members.add_member(email=email, name=STAFF[role][0], role=role, by=BY_COMMAND, password=password)
        elif renew:
            members.reset_password(member.id, by=BY_COMMAND, password=password)
