"""Keeps on the customer's row from when their case waits for review, so that lists and counts need
no join.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import literal_column, select, update

from webapp.blacklist.models import WAITS_FROM, Blacklisting
from webapp.customers.models import Customer
from webapp.history.changes import Change, Projection
from webapp.kernel.database import Moment, db


class ReviewClock(Projection):
    """Keeps `Customer.waits_from` equal to that of the open case."""

    def follow(self, change: Change[Any]) -> None:
        if (
            not isinstance(change.row, Customer)
            or not change.after
            or not change.after["blacklisted"]
        ):
            return
        if change.altered("blacklisted"):
            return  # `enter_blacklist` has set it
        waits_from = db.session.scalar(
            _WAITS_FROM.where(Blacklisting.customer_seq == change.subject.seq)
        )
        if change.row.waits_from != waits_from:
            change.row.waits_from = waits_from
            db.session.flush()

    def faults(self) -> Iterator[str]:
        for seq, _ in _wrong_waits():
            yield f"customer {seq} waits for review since another time than their case does"

    def rebuild(self) -> None:
        for seq, waits_from in _wrong_waits():
            values = {"waits_from": waits_from, "blacklisted": waits_from is not None}
            db.session.execute(update(Customer).where(Customer.seq == seq).values(values))


_OWN_TIME: Any = literal_column(WAITS_FROM, Moment)
_WAITS_FROM = select(_OWN_TIME).select_from(Blacklisting).where(Blacklisting.closed_at.is_(None))


def _wrong_waits() -> list[Any]:
    is_open = (Blacklisting.customer_seq == Customer.seq) & Blacklisting.closed_at.is_(None)
    stands = select(Customer.seq, _OWN_TIME).outerjoin(Blacklisting, is_open)
    wrong = Customer.waits_from.is_distinct_from(_OWN_TIME)
    return list(
        db.session.execute(
            stands.where(Customer.blacklisted | Blacklisting.seq.is_not(None), wrong)
        )
    )
