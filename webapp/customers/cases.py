"""What customer records need to know about cases, which belong to a room above: whether one is
open, or still unchecked.
"""

from typing import Any

from sqlalchemy import column, select, table

from webapp.customers.models import Customer
from webapp.history.entries import Actor
from webapp.kernel.database import Moment, db

CASE = table(
    "blacklisting",
    column("seq"),
    column("customer_seq"),
    column("opened_at", Moment),
    column("opened_by_kind"),
    column("opened_by_id"),
    column("closed_at", Moment),
    column("outcome"),
    column("to_check"),
)


def find_open_case(customer: Customer) -> Any:
    """`seq` and `opened_at` of this customer's open case, if any."""
    is_open = (CASE.c.customer_seq == customer.seq) & CASE.c.closed_at.is_(None)
    return db.session.execute(select(CASE.c.seq, CASE.c.opened_at).where(is_open)).first()


def is_unchecked(customer: Customer, *, by: Actor) -> bool:
    """Whether a removal still waits for a manager, and the case was opened by somebody other than
    `by`.

    A program may remove a blacklisting that it opened and then delete the customer, as published
    clients do; the removal still waits for a manager.
    """
    own = (CASE.c.opened_by_kind == by.kind) & CASE.c.opened_by_id.is_not_distinct_from(by.id)
    its_own = (CASE.c.customer_seq == customer.seq) & CASE.c.to_check & ~own
    return db.session.scalar(select(CASE.c.seq).where(its_own).limit(1)) is not None
