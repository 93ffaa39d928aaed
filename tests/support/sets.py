"""Sets of changes in tests: files that are imported, and work that is done at once."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from webapp.batches import change_set, undoing, uploads, working
from webapp.batches.models import ChangeRow, ChangeSet
from webapp.customers.models import Customer
from webapp.history.entries import Actor
from webapp.kernel.database import db
from webapp.transfer import private_files
from webapp.transfer.csv_format import lines_of

HEADS = ("First name", "Last name", "Email", "Phone", "Country code")
LIMIT = 100


def work(one: ChangeSet, folder: Path = Path()) -> ChangeSet:
    """What the worker does with a set, until it is done."""
    seq = one.seq
    working.work_on(seq, folder=folder, daily_budget=20, beat=lambda: None)
    return _fresh(seq)


def again(one: ChangeSet) -> ChangeSet:
    """The set as it stands now."""
    return _fresh(one.seq)


def _fresh(seq: int) -> ChangeSet:
    db.session.rollback()
    db.session.expunge_all()
    return change_set.find_set(seq)


def apply(one: ChangeSet, by: Actor, *, limit: int = LIMIT) -> ChangeSet:
    change_set.apply(one.seq, above=limit, by=by)
    return work(one)


def undone(one: ChangeSet, by: Actor) -> ChangeSet:
    """The set that takes another one back, applied."""
    return apply(undoing.propose(one.seq, by=by), by)


def begin_import(content: bytes, folder: Path, by: Actor, name: str = "people.csv") -> ChangeSet:
    kept, file = private_files.new_file("import", folder)
    with file:
        file.write(content)
    return uploads.begin(kept, folder, called=name, by=by)


def check_import(content: bytes, folder: Path, by: Actor, **choices: Any) -> ChangeSet:
    """A file that was sent and checked, with the columns that its headings say."""
    one = begin_import(content, folder, by)
    columns = [name or "" for name in one.arguments["columns"]]
    uploads.choose(one.seq, **{"columns": columns} | choices)
    change_set.check(one.seq)
    return work(one, folder)


def table(rows: Iterable[Sequence[str]], heads: Sequence[str] = HEADS) -> bytes:
    return lines_of([heads, *rows]).encode()


def rows_of(one: ChangeSet) -> list[ChangeRow]:
    query = db.select(ChangeRow).filter_by(set_seq=one.seq).order_by(ChangeRow.number)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def problems_of(one: ChangeSet) -> dict[int, list[str]]:
    """The sentences of each row that has any, by its number."""
    return {row.number: [text for _, text in row.problems] for row in rows_of(one) if row.problems}


def everybody() -> list[Customer]:
    query = db.select(Customer).order_by(Customer.seq)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))
