"""A customer's row while it changes: locked, its version counted, and everything written down with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from webapp import clock, history
from webapp.customers.models import Customer, Tombstone
from webapp.database import db
from webapp.errors import NotFound
from webapp.history import Actor, Event


class CustomerDeleted(NotFound):
    """The customer was in the book once.

    Attributes:
        tombstone: What is left of them.
    """

    def __init__(self, tombstone: Tombstone) -> None:
        super().__init__("customer_not_found", f"{tombstone.deleted_by_name} deleted this customer")
        self.tombstone = tombstone


def locked_customer(customer_id: UUID) -> Customer:
    """The customer as they stand now, held for the present write transaction.

    Raises:
        NotFound: `customer_not_found`.
    """
    query = select(Customer).where(Customer.id == customer_id).with_for_update()
    customer = db.session.scalar(query)
    if customer is None:
        raise missing(customer_id)
    return customer


def missing(customer_id: UUID) -> NotFound:
    """Why there is no such customer."""
    tombstone = find_tombstone(customer_id)
    if tombstone:
        return CustomerDeleted(tombstone)
    return NotFound("customer_not_found", "There is no customer with this id")


def find_tombstone(customer_id: UUID) -> Tombstone | None:
    return db.session.scalar(select(Tombstone).where(Tombstone.customer_id == customer_id))


def write_down(
    customer: Customer,
    kind: str,
    *,
    by: Actor,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    based_on: int | None = None,
) -> None:
    """Count a change of a locked customer and append it to their history, in the present write transaction.

    Args:
        kind: What happened, such as `changed`.
        based_on: The version that the person who did it had seen, if they said.
    """
    customer.version += 1
    customer.updated_at = _later_than(customer.updated_at)
    db.session.flush()
    event = Event(
        kind=kind, at=customer.updated_at, by=by, version=customer.version, based_on=based_on, old=old, new=new
    )
    history.record(customer.subject, event)


def _later_than(moment: datetime) -> datetime:
    """Now, or `moment` where a clock was set back, so that times never run against versions."""
    return max(clock.now(), moment)
