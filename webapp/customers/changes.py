"""A customer's row while it changes: found, held,
and why it is not there or not the one that was seen.
"""

from collections.abc import Collection
from contextlib import AbstractContextManager
from functools import partial
from uuid import UUID

from sqlalchemy import select

from webapp.customers.models import Customer, Tombstone
from webapp.history.changes import Change, changing
from webapp.history.entries import Actor
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict, Invalid, NotFound, Problems


class NoSuchCustomer(NotFound):
    code = "customer_not_found"
    sentence = "There is no such customer"


class NoCustomerWithId(NoSuchCustomer):
    sentence = "There is no customer with this id"


class CustomerDeleted(NoSuchCustomer):
    """The customer was in the book once.

    Attributes:
        tombstone: What is left of them.
    """

    page_status = 410
    title = "This customer was deleted"
    sentence = "{by_name} deleted this customer"

    def __init__(self, tombstone: Tombstone) -> None:
        super().__init__(by_name=tombstone.deleted_by_name)
        self.tombstone = tombstone


class Outdated(Conflict):
    """The customer has another version than the one that was asked for (RFC 9110 §13.1.1).

    Attributes:
        customer: As they stand now.
    """

    code = "changed_meanwhile"
    status = 412
    page_status = 409
    sentence = "The customer has changed since this version; read it and try again"

    def __init__(self, customer: Customer) -> None:
        super().__init__()
        self.customer = customer


class Taken(Invalid):
    """Somebody in the book has this address or reference already.

    Attributes:
        customer_id: Who.
    """

    def __init__(self, problems: Problems, customer_id: UUID) -> None:
        super().__init__(problems)
        self.customer_id = customer_id


class EmailTaken(Taken):
    code = "email_taken"
    sentence = "A customer with this e-mail address is in the book already"


class ReferenceTaken(Taken):
    code = "reference_taken"
    sentence = "This reference is taken"


def locked_customer(customer_id: UUID, *, only_versions: Collection[int] | None = None) -> Customer:
    """The customer as they stand now, held for the present write transaction.

    Args:
        only_versions: For whoever wants to change one of these and no other.

    Raises:
        NotFound: `customer_not_found`.
        Outdated: the version is another one.
    """
    query = select(Customer).where(Customer.id == customer_id).with_for_update()
    customer = db.session.scalar(query.execution_options(populate_existing=True))
    if customer is None:
        raise missing(customer_id)
    refuse_other_versions(customer, only_versions)
    return customer


def refuse_other_versions(customer: Customer, only_versions: Collection[int] | None) -> None:
    """Hold a customer to the versions that somebody wants.

    Raises:
        Outdated: it is none of them.
    """
    if only_versions is not None and customer.version not in only_versions:
        raise Outdated(customer)


def missing(customer_id: UUID) -> NotFound:
    """Why there is no such customer."""
    tombstone = find_tombstone(customer_id)
    if tombstone:
        return CustomerDeleted(tombstone)
    return NoCustomerWithId()


def find_tombstone(customer_id: UUID) -> Tombstone | None:
    return db.session.scalar(select(Tombstone).where(Tombstone.customer_id == customer_id))


def changing_customer(
    customer_id: UUID, *, by: Actor, only_versions: Collection[int] | None = None
) -> AbstractContextManager[Change[Customer]]:
    """Change a customer who is there, as `changing` has it; raises what `locked_customer` does."""
    return changing(partial(locked_customer, customer_id, only_versions=only_versions), by=by)
