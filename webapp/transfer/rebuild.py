"""Makes a whole book anew from its history, into an empty database, and compares both.

What entries tell is told again; what others make of that is derived again. What nobody tells is
taken over as it is: secrets and preferences of members, sessions, limits, saved views, and pairs of
similar customers that nobody has decided about.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Engine,
    FromClause,
    Table,
    delete,
    func,
    insert,
    select,
)

from webapp import subjects
from webapp.history import found, unlogged
from webapp.history.chains import Chain, Part, chains, tellings_of
from webapp.history.entries import HistoryEntry
from webapp.history.found import Blocks, Piece
from webapp.history.rows import RowsOf, Unreadable, say
from webapp.kernel.database import db
from webapp.kernel.dialects import reset_sequence, snapshot
from webapp.kernel.refusals import Conflict
from webapp.transfer.to_postgresql import Difference, differences_of

BATCH = 500
# Before the others, because these refer to them.
ORDER = ("staff", "role", "key", "endpoint", "list", "entry", "customer")
# Derived anew by the projections; how they group what they count depends on what came when.
GROUPED = ("page_block", "page_move", "case_tally")
Rows = dict[Table, list[dict[str, Any]]]


class UnreadableHistory(Conflict):
    code = "unreadable_history"
    sentence = "The history of {subject} cannot be read: history verify says where"


class StillUntold(Conflict):
    code = "untold"
    sentence = "Entries of before do not say enough yet: run book renew-keys first"


def rebuild(target: Engine, *, progress: Callable[[int], None]) -> None:
    """Fill a migrated database that has no rows but those of migrations.

    Args:
        progress: Called with the number of subjects after each batch.

    Raises:
        Conflict: `untold` or `unreadable_history`.
    """
    refuse_untold()
    db.session.rollback()
    snapshot()
    blocks = Blocks()
    with target.connect() as there, there.begin():
        for table in reversed(_tables()):
            there.execute(delete(table))
        for kind in ORDER:
            for rows, number in _batches(kind, blocks):
                _insert(there, rows)
                progress(number)
        for table in _tables():
            if table not in _told() and table.name not in GROUPED:
                _take_over(there, table)
        _set_sequences(there)


def refuse_untold() -> None:
    """Check that entries say enough.

    Raises:
        Conflict: `untold`.
    """
    if unlogged.are_unlogged() or found.are_untold():
        raise StillUntold


def compare(target: Engine) -> list[Difference]:
    """The tables that differ, but those that group what they count."""
    return [one for one in differences_of(db.engine, target) if one.table not in GROUPED]


def _tables() -> list[Table]:
    return list(db.metadata.sorted_tables)


def _told() -> set[FromClause]:
    return {rows.table for kind in ORDER for rows in subjects.ROWS[kind] if rows.is_whole}


def _take_over(there: Connection, table: Table) -> None:
    query = select(table).execution_options(yield_per=BATCH)
    with closing(db.session.execute(query)) as result:
        for rows in result.mappings().partitions(BATCH):
            there.execute(insert(table), [dict(row) for row in rows])


def _batches(kind: str, blocks: Blocks) -> Iterator[tuple[Rows, int]]:
    """The told rows about one kind of subject, by table, and how many subjects they are about."""
    everybody = subjects.everybody()
    batch: Rows = {}
    number = 0
    pieces = blocks.about(kind)
    with closing(chains(everybody, Part(kind=kind))) as read:
        for chain in read:
            _tell(batch, chain, pieces.of(chain.subject.seq))
            number += 1
            if number == BATCH:
                yield batch, number
                batch, number = {}, 0
    yield batch, number


def _tell(batch: Rows, chain: Chain, piece: Piece | None) -> None:
    kind, seq = chain.subject.kind, chain.subject.seq
    try:
        tellings = partial(tellings_of, chain, piece)
        for rows in subjects.ROWS[kind]:
            if rows.is_whole:
                its_own = batch.setdefault(cast(Table, rows.table), [])
                its_own.extend(_whole(rows, seq, row) for row in say(rows, tellings))
    except (AttributeError, TypeError, Unreadable, ValueError):
        raise UnreadableHistory(subject=f"{kind} {seq}") from None


def _whole(rows: RowsOf, seq: int, row: Mapping[str, Any]) -> dict[str, Any]:
    derive = subjects.DERIVED.get(rows.table)
    whole = {**row, **({rows.key: seq} if rows.key else {})}
    return {**whole, **(derive(whole) if derive else {})}


def _insert(there: Connection, rows: Rows) -> None:
    for table in _tables():
        if rows.get(table):
            _add_untold(table, rows[table])
            _stand_in_for_lost(table, rows[table])
            for group in _alike(rows[table]):
                there.execute(insert(table), group)


def _add_untold(table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Columns that no entry tells of, as this book has them."""
    (key,) = table.primary_key.columns
    columns = [column for column in table.columns if any(column.name not in row for row in rows)]
    its_own = {row[key.name]: row for row in rows}
    query = select(key, *columns).where(key.in_(list(its_own))) if columns else None
    for present in db.session.execute(query).mappings() if query is not None else ():
        for column in columns:
            its_own[present[key.name]].setdefault(column.name, present[column.name])


def _stand_in_for_lost(table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if table in subjects.LOST:
        name, stand_in = subjects.LOST[table]
        for row in rows:
            if name not in row:
                row[name] = stand_in(row)


def _alike(rows: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Rows with the same columns together: one that is gone from this book lacks some."""
    groups: dict[frozenset[str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(frozenset(row), []).append(row)
    yield from groups.values()


def _set_sequences(there: Connection) -> None:
    """Past every key that was ever in use: the history goes on referring to who is gone."""
    used = dict(_last_keys())
    for table in _tables():
        column = table.autoincrement_column
        if column is not None:
            last = there.scalar(select(func.max(column))) or 0
            reset_sequence(there, column, max(last, used.get(table.name, 0)) or None)


def _last_keys() -> Iterator[tuple[str, int]]:
    names = {"customer": "customer", "staff": "staff_member", "key": "api_key"}
    names |= {"entry": "blacklist_entry", "list": "entry_list", "endpoint": "webhook_endpoint"}
    entry = HistoryEntry
    last = select(entry.subject, func.max(entry.subject_seq)).group_by(entry.subject)
    for kind, seq in db.session.execute(last):
        if kind in names:
            yield names[kind], seq
