"""Customers in files: chosen columns of everybody on a list, with an entry of who took what.

Rows are read in the order of their creation, in batches, each in a short transaction of its own:
who is there all the time comes exactly once, whatever is added or deleted meanwhile.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from typing import Any

from sqlalchemy import Select, select

from webapp.blacklist.models import Blacklisting
from webapp.customers.models import Customer
from webapp.history import of_book
from webapp.history.changes import changing
from webapp.history.entries import Actor
from webapp.kernel import clock, crypto
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Invalid, InvalidDetails, TooMuch
from webapp.programs import api_keys
from webapp.search.conditions import restrictions
from webapp.search.filters import CustomerFilter, Sort
from webapp.search.plan import List, list_of
from webapp.staff import rate_limit
from webapp.staff.models import ApiKey, StaffMember
from webapp.staff.permissions import Permission
from webapp.staff.rate_limit import Bucket
from webapp.transfer.csv_format import BYTE_ORDER_MARK, lines_of

BATCH = 1_000
# A search that finds more has no end in sight; of longer lists without one, every row is read.
MOST_FOUND = 10_000
# Whoever takes more must have signed in within the last 15 minutes.
MANY = 10_000
# A client that takes longer is cut off: it holds a thread, and the only place for files.
LONGEST_SECONDS = 900
# What one person or program may begin in an hour.
IN_AN_HOUR = Bucket("exports", size=20, refill_seconds=180)
BEGAN, EXPORTED = "export_began", "exported"

# The columns that can be chosen, by the names that the API has for them, with their values.
COLUMNS: dict[str, Callable[[Any], str]] = {
    "id": lambda row: str(row.id),
    "reference": lambda row: row.reference,
    "firstName": lambda row: row.first_name,
    "lastName": lambda row: row.last_name,
    "email": lambda row: row.email,
    "phone": lambda row: row.phone or "",
    "countryCode": lambda row: row.dial_code or "",
    "dateOfBirth": lambda row: row.birthday or "",
    "blacklist": lambda row: "true" if row.blacklisted else "false",
    "reason": lambda row: row.reason or "",
    "blacklistedAt": lambda row: clock.in_iso(row.opened_at) if row.opened_at else "",
    "createdAt": lambda row: clock.in_iso(row.created_at),
    "updatedAt": lambda row: clock.in_iso(row.updated_at),
}


class ExportsTooOften(TooMuch):
    sentence = "You have exported very often in this hour; wait some minutes, then go on"


class TooManyFound(Invalid):
    code = "export_too_wide"
    sentence = "The search finds more than 10,000 customers. Type more, or use filters"


@dataclass(frozen=True, kw_only=True)
class Export:
    """What somebody takes.

    Attributes:
        description: The filters in words, without the text of a search.
        columns: Names of `COLUMNS`, in their order.
        what: `customers`, or `cases`.
        seqs: Who is on a short list, in the order of creation; `None` for a long one.
    """

    filters: CustomerFilter
    zone: tzinfo
    description: str
    columns: Sequence[str]
    seqs: Sequence[int] | None
    what: str = "customers"


def read_columns(names: Sequence[str]) -> list[str]:
    """The chosen columns, in the order of `COLUMNS`.

    Raises:
        Invalid: `invalid_details`, with the problem on `columns`.
    """
    if not names or not set(names) <= COLUMNS.keys():
        raise InvalidDetails.on("columns", "Choose at least one column")
    return [name for name in COLUMNS if name in names]


def number_of(filters: CustomerFilter, zone: tzinfo) -> int:
    """How many customers a list has; for a search, at most one more than `MOST_FOUND`."""
    return _listing(filters, zone).total


def is_too_wide(filters: CustomerFilter, number: int) -> bool:
    """Whether so many customers, of a search, are too many."""
    return bool(filters.understood.terms) and number > MOST_FOUND


def _listing(filters: CustomerFilter, zone: tzinfo) -> List:
    """Without a rank, which nobody sees and which takes the time of the search."""
    return list_of(replace(filters, ranked=False, sort=Sort.NEWEST), zone, cap=MOST_FOUND)


def begin(
    filters: CustomerFilter, zone: tzinfo, *, description: str, columns: Sequence[str], by: Actor
) -> Export:
    """Write down that somebody takes customers; what they got follows when it was sent.

    Raises:
        Invalid: `export_too_wide`, or `search_too_wide`.
        TooMuch: they began too many in this hour.
    """
    listing = _listing(filters, zone)
    if is_too_wide(filters, listing.total):
        raise TooManyFound
    seqs = _seqs_of(listing)
    export = Export(filters=filters, zone=zone, description=description, columns=columns, seqs=seqs)
    return begun(export, by)


def begin_with(
    seqs: Sequence[int], *, description: str, columns: Sequence[str], by: Actor
) -> Export:
    """The same for customers who were selected one by one."""
    everybody, some = CustomerFilter(), list(seqs)
    export = Export(
        filters=everybody, zone=UTC, description=description, columns=columns, seqs=some
    )
    return begun(export, by)


def begun(export: Export, by: Actor) -> Export:
    """The same export, once the history says that it began.

    Raises:
        TooMuch: they began too many in this hour.
    """
    with writing():
        wait = rate_limit.take(IN_AN_HOUR, by.kind, str(by.id))
        if not wait:
            _record(BEGAN, export, {}, by=by)
    if wait:
        raise ExportsTooOften(wait)
    return export


def short_list(filters: CustomerFilter, zone: tzinfo) -> list[int] | None:
    """Who is on a list, in the order of creation; `None` if there are more than `MOST_FOUND`."""
    return _seqs_of(_listing(filters, zone))


def _seqs_of(listing: List) -> list[int] | None:
    return sorted(listing.seqs(0, listing.total)) if listing.total <= MOST_FOUND else None


def csv_of(
    export: Export, *, by: Actor, for_people: bool, seconds: float = LONGEST_SECONDS
) -> Iterator[bytes]:
    """The file, piece by piece.

    Args:
        seconds: After which it is broken off.
        for_people: With a byte order mark, by which spreadsheets know UTF-8.
    """
    head = (BYTE_ORDER_MARK if for_people else "") + lines_of([export.columns])
    pieces = (
        (lines_of([COLUMNS[name](row) for name in export.columns] for row in rows), len(rows))
        for rows in _batches(export)
    )
    yield from accounted(head, pieces, export, by=by, seconds=seconds)


def ndjson_of(export: Export, *, by: Actor) -> Iterator[bytes]:
    """A JSON object a line."""
    pieces = (
        ("".join(map(_line_of(export.columns), rows)), len(rows)) for rows in _batches(export)
    )
    yield from accounted("", pieces, export, by=by)


def _line_of(columns: Sequence[str]) -> Callable[[Any], str]:
    def line(row: Any) -> str:
        values = {name: COLUMNS[name](row) or None for name in columns}
        if "blacklist" in values:
            values["blacklist"] = row.blacklisted
        return json.dumps(values, ensure_ascii=False) + "\n"

    return line


def accounted(
    head: str,
    pieces: Iterator[tuple[str, int]],
    export: Export,
    *,
    by: Actor,
    seconds: float = LONGEST_SECONDS,
) -> Iterator[bytes]:
    """The pieces; however it ends once it was begun, an entry says how many customers they were.
    It ends early if whoever takes them takes too long, or may not any more.
    """
    digest, number, is_whole = hashlib.sha256(), 0, False
    end = time.monotonic() + seconds
    try:
        first = head.encode()
        digest.update(first)
        yield first
        for text, rows in pieces:
            if time.monotonic() > end or not api_keys.may_still(by, Permission.EXPORT):
                return
            db.session.rollback()
            piece = text.encode()
            digest.update(piece)
            number += rows
            yield piece
        is_whole = True
    finally:
        code = code_of(digest.digest())
        got = {"number": number, "code": code, "is_whole": is_whole}
        with writing():
            _record(EXPORTED, export, got, by=by)


def _batches(export: Export) -> Iterator[Sequence[Any]]:
    if export.seqs is not None:
        for start in range(0, len(export.seqs), BATCH):
            part = export.seqs[start : start + BATCH]
            yield _read(_ROWS.where(Customer.seq.in_(part)))
        return
    query, last = _LONG.where(*restrictions(export.filters, export.zone)), 0
    while rows := _read(query.where(Customer.seq > last).limit(BATCH)):
        yield rows
        last = rows[-1].seq


def _read(query: Select[Any]) -> Sequence[Any]:
    rows = db.session.execute(query).all()
    db.session.rollback()
    return rows


_ROWS: Any = (
    select(
        Customer.seq,
        Customer.id,
        Customer.reference,
        Customer.first_name,
        Customer.last_name,
        Customer.email,
        Customer.phone,
        Customer.dial_code,
        Customer.birthday,
        Customer.blacklisted,
        Customer.created_at,
        Customer.updated_at,
        Blacklisting.reason,
        Blacklisting.opened_at,
    )
    .outerjoin(
        Blacklisting,
        (Blacklisting.customer_seq == Customer.seq) & Blacklisting.closed_at.is_(None),
    )
    .order_by(Customer.seq)
)


# Row by row: by the index of a filter, SQLite would sort all that is left for each batch.
_LONG: Any = _ROWS.with_hint(Customer, "NOT INDEXED", "sqlite")


def _record(kind: str, export: Export, more: Mapping[str, Any], *, by: Actor) -> None:
    """In the chain of the member or key that takes it; for the operator, in that of the book."""
    new: dict[str, Any] = {"what": export.what, "filter": export.description}
    new |= {"columns": " ".join(export.columns), **more}
    table = {"staff": StaffMember, "key": ApiKey}.get(by.kind)
    if table is None:
        of_book.note(kind, new, by=by)
        return
    with changing(lambda: db.session.get_one(table, by.id, with_for_update=True), by=by) as change:
        change.record(kind, new=new)


def code_of(digest: bytes) -> str:
    """Keyed, because the digest of a short file tells what is in it to whoever tries them all."""
    return crypto.fingerprint("export", digest).hex()
