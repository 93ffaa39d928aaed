"""Blacklistings in files: those of a list, with an entry of who took them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, tzinfo
from typing import Any

from webapp.blacklist import listing
from webapp.blacklist.filters import CaseFilter
from webapp.blacklist.listing import CaseRow
from webapp.blacklist.models import REASON_NAMES
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.database import db
from webapp.search.filters import CustomerFilter
from webapp.transfer.csv_format import BYTE_ORDER_MARK, lines_of
from webapp.transfer.exports import BATCH, Export, accounted, begun

COLUMNS: dict[str, Callable[[CaseRow], str]] = {
    "customerId": lambda row: str(row.customer.id if row.customer else row.tombstone.customer_id),  # type: ignore[union-attr]
    "reference": lambda row: (row.customer or row.tombstone).reference,  # type: ignore[union-attr]
    "firstName": lambda row: row.customer.first_name if row.customer else "",
    "lastName": lambda row: row.customer.last_name if row.customer else "",
    "email": lambda row: row.customer.email if row.customer else "",
    "reason": lambda row: REASON_NAMES[row.case.reason],
    "note": lambda row: row.case.note or "",
    "blacklistedAt": lambda row: in_iso(row.case.opened_at),
    "blacklistedBy": lambda row: row.case.opened_by_name,
    "until": lambda row: in_iso(row.case.until) if row.case.until else "",
    "state": lambda row: row.case.state(clock.now()),
    "reviewedAt": lambda row: in_iso(row.case.reviewed_at) if row.case.reviewed_at else "",
    "reviewedBy": lambda row: row.case.reviewed_by_name or "",
    "closedAt": lambda row: in_iso(row.case.closed_at) if row.case.closed_at else "",
    "closedBy": lambda row: row.case.closed_by_name or "",
}


def begin(description: str, *, by: Actor) -> Export:
    """Write down that somebody takes blacklistings.

    Raises:
        TooMuch: they began too many exports in this hour.
    """
    names = list(COLUMNS)
    nobody: Any = {"filters": CustomerFilter(), "zone": UTC, "seqs": ()}
    return begun(Export(description=description, columns=names, what="cases", **nobody), by)


def csv_of(filters: CaseFilter, zone: tzinfo, export: Export, *, by: Actor) -> Iterator[bytes]:
    """The file, piece by piece, in the order in which the blacklistings were opened."""
    pieces = (
        (lines_of([COLUMNS[name](row) for name in COLUMNS] for row in rows), len(rows))
        for rows in _batches(filters, zone)
    )
    return accounted(BYTE_ORDER_MARK + lines_of([COLUMNS]), pieces, export, by=by)


def _batches(filters: CaseFilter, zone: tzinfo) -> Iterator[Sequence[CaseRow]]:
    last = 0
    while rows := listing.opened_after(filters, zone, last, BATCH):
        last = rows[-1].case.seq
        db.session.expunge_all()  # or the end of the transaction would expire each of them
        db.session.rollback()
        yield rows
