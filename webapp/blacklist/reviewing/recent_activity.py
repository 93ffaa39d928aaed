"""Recent activity: the customers somebody worked on, and the blacklistings they asked to lift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.blacklist.models import Blacklisting
from webapp.customers.models import Customer
from webapp.history.entries import latest_by
from webapp.kernel.database import db

ENTRIES_READ = 100
MAX_SHOWN = 10


@dataclass(frozen=True)
class RecentCustomer:
    """A customer that somebody worked on: what they last did, and when."""

    customer: Customer
    kind: str
    at: datetime


def recent_customers(staff_id: int) -> list[RecentCustomer]:
    """The last ten customers this member worked on, newest first, without deleted ones; taken from
    the member's last hundred history entries.
    """
    last: dict[int, Any] = {}
    for entry in latest_by(staff_id, limit=ENTRIES_READ):
        last.setdefault(entry.subject_seq, entry)
    customers = (
        db.session.scalars(select(Customer).where(Customer.seq.in_(last))).all() if last else []
    )
    touched = [RecentCustomer(one, last[one.seq].kind, last[one.seq].at) for one in customers]
    return sorted(touched, key=lambda one: one.at, reverse=True)[:MAX_SHOWN]


def lift_requests(staff_id: int) -> Sequence[tuple[Blacklisting, Customer]]:
    """The last ten blacklistings that this member asked to lift, newest first, each with its
    customer.
    """
    query = select(Blacklisting, Customer).join(Customer, Customer.seq == Blacklisting.customer_seq)
    theirs = query.where(Blacklisting.lift_asked_by_id == staff_id).order_by(
        Blacklisting.lift_asked_at.desc()
    )
    return list(db.session.execute(theirs.limit(MAX_SHOWN)))
