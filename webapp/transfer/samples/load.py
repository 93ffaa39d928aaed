"""Puts sample people and sample staff into the book."""

import os
import secrets
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from string import digits
from typing import Any, cast

from sqlalchemy import Index, Table, func, insert, inspect, null, select
from sqlalchemy import case as sql_case
from sqlalchemy.exc import SAWarning
from sqlalchemy.schema import CreateIndex

from webapp.blacklist.models import Blacklisting, Decision, Review
from webapp.customers.models import Customer, details_columns
from webapp.history import changes, log
from webapp.history.book import find_fact, set_fact
from webapp.history.entries import (
    FIRST_SEAL,
    SALT_BYTES,
    Actor,
    HistoryEntry,
    HistoryValues,
    Subject,
    rows_for,
)
from webapp.history.found import UNTOLD
from webapp.kernel import clock, dialects
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Conflict
from webapp.staff import members
from webapp.transfer.samples.names import STAFF
from webapp.transfer.samples.people import CHUNK, LAST_MOMENT, people

BY_COMMAND = Actor(kind="system", id=None, name="sample-staff", door="command")
# Chunks that the other processors prepare while one is being written.
CHUNKS_AHEAD = 3
Rows = dict[str, list[dict[str, Any]]]
TABLES = {
    name: cast(Table, model.__table__)
    for name, model in {
        "customer": Customer,
        "case": Blacklisting,
        "entry": HistoryEntry,
        "values": HistoryValues,
    }.items()
}


class BookNotEmpty(Conflict):
    code = "book_not_empty"
    sentence = "The book has customers already; sample data goes into an empty one only"


class NotForSamples(Conflict):
    code = "not_for_samples"
    sentence = "This book has people of its own; samples go only into one that has nobody"


def book_is_empty() -> bool:
    return db.session.scalar(select(Customer.seq).limit(1)) is None


def is_unfinished() -> bool:
    """Whether a load was interrupted: it creates the indexes only at its end."""
    with warnings.catch_warnings():
        # SQLAlchemy warns that it cannot reflect expression indexes, which are not needed here.
        warnings.simplefilter("ignore", SAWarning)
        return not inspect(db.engine).has_index("customer", "ix_customer_created")


def load_people(count: int, seed: int, *, progress: Callable[[int], None]) -> None:
    """Fill an empty book with sample people, ready for use: `add_people`, then `finish`."""
    add_people(count, seed, LAST_MOMENT, progress=progress)
    finish()


def add_people(count: int, seed: int, until: datetime, *, progress: Callable[[int], None]) -> None:
    """Add sample people to an empty book in the order of their creation,
    one chunk per transaction.

    An interrupted load resumes where it stopped. A load of more than one chunk leaves the indexes
    to `finish`.

    Args:
        until: When their stories end.
        progress: Called with the number of people after each batch.

    Raises:
        Conflict: `book_not_empty`; there are other customers, among whom sample people would break
            the order of creation.
    """
    there = _already_there(count, seed, until)
    progress(there)
    if count <= CHUNK and not is_unfinished():
        with writing():
            _insert(_prepared(count, seed, 0, until))
            changes.rebuild()
        progress(count)
    else:
        _add_many(count, seed, until, there, progress=progress)


def _add_many(
    count: int, seed: int, until: datetime, there: int, *, progress: Callable[[int], None]
) -> None:
    if not is_unfinished():
        with writing():
            for index in _indexes():
                index.drop(db.session.connection())
    for rows in _prepared_ahead(count, seed, until, -(-there // CHUNK)):
        with writing():
            _insert(rows)
        progress(len(rows["customer"]))


def finish() -> None:
    """Create the indexes and rebuild the projections, if a load has left them out."""
    if not is_unfinished():
        return
    with writing():
        for index in _indexes():
            # There already, if the book was upgraded before the load went on.
            db.session.execute(CreateIndex(index, if_not_exists=True))
        changes.rebuild()


def _already_there(count: int, seed: int, until: datetime) -> int:
    if book_is_empty():
        return 0
    first = next(people(count, seed, 0, until))
    is_ours = (
        db.session.scalar(select(Customer.id).order_by(Customer.seq).limit(1)) == first.row["id"]
    )
    last = db.session.scalar(select(func.max(Customer.seq))) or 0
    if not (is_unfinished() and is_ours and (last % CHUNK == 0 or last == count)):
        raise BookNotEmpty
    return last


def _indexes() -> set[Index]:
    return TABLES["customer"].indexes


def _prepared_ahead(count: int, seed: int, until: datetime, first: int) -> Iterator[Rows]:
    """The rows of each chunk, in order, made by other processes while earlier ones are written."""
    chunks = range(first, -(-count // CHUNK))
    with ProcessPoolExecutor(
        max(1, (os.cpu_count() or 1) - 1), mp_context=get_context("fork")
    ) as pool:
        waiting = deque(
            pool.submit(_prepared, count, seed, chunk, until) for chunk in chunks[:CHUNKS_AHEAD]
        )
        for chunk in chunks:
            rows = waiting.popleft().result()
            if chunk + CHUNKS_AHEAD in chunks:
                waiting.append(pool.submit(_prepared, count, seed, chunk + CHUNKS_AHEAD, until))
            yield rows


def _prepared(count: int, seed: int, chunk: int, until: datetime) -> Rows:
    """The rows of a chunk of people, the same on every run."""
    salts = Random(f"{seed} {chunk} salts")
    rows: Rows = {name: [] for name in (*TABLES, "leaf")}
    for seq, person in enumerate(people(count, seed, chunk, until), start=chunk * CHUNK + 1):
        rows["customer"].append({"seq": seq} | person.row | details_columns(person.details))
        rows["case"].extend({"customer_seq": seq} | case for case in person.cases)
        seal = FIRST_SEAL
        for number, event in enumerate(person.events, start=1):
            salt = salts.randbytes(SALT_BYTES)
            entry, its_values = rows_for(
                Subject("customer", seq), event, number=number, previous_seal=seal, salt=salt
            )
            rows["entry"].append(entry)
            rows["leaf"].append(log.leaf_of(entry))
            rows["values"].append(its_values)
            seal = entry["seal"]
    return rows


def _insert(rows: Rows) -> None:
    for name, table in TABLES.items():
        if rows[name]:
            db.session.execute(insert(table), rows[name])
    log.extend(db.session.connection(), rows["leaf"])
    set_fact(UNTOLD, "")  # the numbers of cases and reviews, which the database gives
    _insert_reviews(rows["customer"][0]["seq"])
    last = db.session.scalar(select(func.max(Customer.seq)))
    dialects.reset_sequence(db.session.connection(), Customer.__table__.c.seq, last)


def _insert_reviews(first_customer_seq: int) -> None:
    """Insert a review for each reviewed case: upheld, unless the review closed the case."""
    case = Blacklisting
    overturned = case.outcome == Decision.OVERTURNED.value
    decision = sql_case((overturned, Decision.OVERTURNED.value), else_=Decision.UPHELD.value)
    review_by = sql_case((overturned, null()), else_=case.review_by)
    reviewed = select(
        case.seq, decision, case.reviewed_at, case.reviewed_by_name, case.review_note, review_by
    )
    reviewed = reviewed.where(
        case.customer_seq >= first_customer_seq, case.reviewed_at.is_not(None)
    )
    columns = ["case_seq", "decision", "at", "by_name", "note", "review_by"]
    db.session.execute(insert(Review).from_select(columns, reviewed.order_by(case.seq)))


def end_of_stories() -> datetime:
    """When the stories of a first run end: some days ago, so that the newest customers are those of
    the sample days. What is remembered counts, so that an interrupted load goes on.
    """
    known = find_fact(UNTIL)
    if known:
        return datetime.fromisoformat(known)
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    until = today - SAMPLE_DAYS if book_is_empty() else LAST_MOMENT
    with writing():
        set_fact(UNTIL, until.isoformat())
    return until


SAMPLES, UNTIL = "samples", "samples until"
SAMPLE_DAYS = timedelta(days=10)
NAMES = {email: name for name, email in STAFF.values()}


def refuse_a_book_of_somebody() -> None:
    """Samples of any kind go only into a book that is empty or has only samples.

    Raises:
        Conflict: `not_for_samples`; the book has people of its own.
    """
    is_sample = find_fact(SAMPLES) is not None
    has_staff = any(member.email not in NAMES for member in members.list_members())
    if has_staff or (not is_sample and not (book_is_empty() and not members.list_members())):
        raise NotForSamples
    if not is_sample:
        with writing():
            set_fact(SAMPLES, "yes")


def sample_staff(path: Path) -> list[str]:
    """Add one sample member for each role, with the passwords in the file; what it lacks is added
    to it.

    Returns:
        A line for each: role, e-mail, password.

    Raises:
        Conflict: `not_for_samples`.
    """
    refuse_a_book_of_somebody()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = path.read_text().splitlines() if path.exists() else []
    known = {line.split()[1] for line in lines}
    new = [
        f"{role.rstrip(digits)}  {email}  {secrets.token_urlsafe(15)}"
        for role, (_, email) in STAFF.items()
        if email not in known
    ]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
        file.writelines(f"{line}\n" for line in new)
    _let_work(new, renew=True)
    _let_work(lines, renew=False)
    return lines + new


def _let_work(lines: Sequence[str], *, renew: bool) -> None:
    for role, email, password in (line.split() for line in lines):
        member = members.find_member(email)
        if not member:
            members.add_member(
                email=email, name=NAMES[email], role=role, by=BY_COMMAND, password=password
            )
        elif renew:
            members.reset_password(member.id, by=BY_COMMAND, password=password)
