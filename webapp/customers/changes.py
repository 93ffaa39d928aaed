"""Locking a customer's row for a change, and the refusals when it is gone or has
another version.
"""

from collections.abc import Collection
from contextlib import AbstractContextManager
from functools import partial
from uuid import UUID

from sqlalchemy import bindparam, select

from webapp.customers.merged import find_survivor
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
    """The customer used to be in the book.

    Attributes:
        tombstone: What is left of them.
    """

    page_status = 410
    title = "This customer was deleted"
    sentence = "{by_name} deleted this customer"

    def __init__(self, tombstone: Tombstone) -> None:
        super().__init__(by_name=tombstone.deleted_by_name)
        self.tombstone = tombstone


class CustomerMerged(Conflict):
    """The record was merged into another one since.

    Attributes:
        survivor: The customer it leads to.
    """

    code = "customer_merged"
    sentence = "This record was merged into {reference}; look at that customer first"
    meaning = "This record was merged into another customer; look at that one first"

    def __init__(self, survivor: Customer) -> None:
        super().__init__(reference=survivor.reference)
        self.survivor = survivor


class Outdated(Conflict):
    """The customer's version is not the one requested (RFC 9110 §13.1.1).

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
    """Another customer already has this address or reference.

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


def locked_customer(
    customer_id: UUID,
    *,
    only_versions: Collection[int] | None = None,
    or_survivor: bool = False,
) -> Customer:
    """The customer as they stand now, locked for the present write transaction.

    Args:
        only_versions: Refuse unless the customer has one of these versions.
        or_survivor: The id may be that of a record that was merged into another: then it is
            whoever survived.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `customer_merged`.
        Outdated: the version is another one.
    """
    customer = db.session.scalar(_LOCKED, {"customer_id": customer_id})
    if customer is None:
        survivor = find_survivor("id", customer_id)
        if survivor is None:
            raise missing(customer_id)
        if not or_survivor:
            raise CustomerMerged(survivor)
        return locked_customer(survivor.id, only_versions=only_versions, or_survivor=True)
    refuse_other_versions(customer, only_versions)
    return customer


_LOCKED = (
    select(Customer)
    .where(Customer.id == bindparam("customer_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def refuse_other_versions(customer: Customer, only_versions: Collection[int] | None) -> None:
    """Refuse a customer whose version is not one of `only_versions`; `None` allows any.

    Raises:
        Outdated: it is none of them.
    """
    if only_versions is not None and customer.version not in only_versions:
        raise Outdated(customer)


def missing(customer_id: UUID) -> NotFound:
    """The refusal for a customer who is not there: deleted, or never known."""
    tombstone = find_tombstone(customer_id)
    if tombstone:
        return CustomerDeleted(tombstone)
    return NoCustomerWithId()


def find_tombstone(customer_id: UUID) -> Tombstone | None:
    return db.session.scalar(_TOMBSTONE, {"customer_id": customer_id})


_TOMBSTONE = select(Tombstone).where(Tombstone.customer_id == bindparam("customer_id"))


def changing_customer(
    customer_id: UUID,
    *,
    by: Actor,
    only_versions: Collection[int] | None = None,
    or_survivor: bool = False,
) -> AbstractContextManager[Change[Customer]]:
    """Change an existing customer, using `changing`; raises what `locked_customer` does."""
    hold = partial(
        locked_customer, customer_id, only_versions=only_versions, or_survivor=or_survivor
    )
    return changing(hold, by=by)
