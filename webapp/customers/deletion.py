"""Deleting a customer: what is known of the person goes, what happened stays."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, update

from webapp import history
from webapp.customers import answers, identifiers, resemblance
from webapp.customers.cases import Blacklisting, Review
from webapp.customers.models import Customer, Tombstone
from webapp.customers.record import locked_customer, write_down
from webapp.database import db, writing
from webapp.errors import Conflict
from webapp.history import Actor


def delete_customer(customer_id: UUID, *, by: Actor, only_versions: Collection[int] | None = None) -> Tombstone:
    """Forget a person: their details, the values in their history, and what was written about them in cases.

    What stays: id and reference, who did what and when, and each case with its reason code, people and times.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `blacklisted_customer`; the blacklisting must be lifted first.
        Outdated: the version is none of `only_versions`.
    """
    with writing():
        customer = locked_customer(customer_id, only_versions=only_versions)
        refusal = refusal_to_delete(customer)
        if refusal:
            raise refusal
        history.erase_values(customer.subject)
        answers.erase(customer.seq)
        resemblance.forget(customer)
        identifiers.erase(customer.seq)
        _erase_notes(customer)
        write_down(customer, "deleted", by=by, old={}, new={})
        tombstone = _tombstone(customer, by)
        db.session.add(tombstone)
        db.session.delete(customer)
        return tombstone


def refusal_to_delete(customer: Customer) -> Conflict | None:
    """Why this customer may not be deleted; `None` when they may."""
    if customer.blacklisted:
        return Conflict("blacklisted_customer", "A blacklisted customer cannot be deleted; lift the blacklisting first")
    return None


def _erase_notes(customer: Customer) -> None:
    its_own = Blacklisting.customer_seq == customer.seq
    written = dict.fromkeys(["note", "review_note", "lift_reason", "closed_note"])
    db.session.execute(update(Blacklisting).where(its_own).values(evidence=[], **written))
    its_cases = select(Blacklisting.seq).where(its_own)
    db.session.execute(update(Review).where(Review.case_seq.in_(its_cases)).values(note=None))


def _tombstone(customer: Customer, by: Actor) -> Tombstone:
    return Tombstone(
        customer_seq=customer.seq,
        customer_id=customer.id,
        reference=customer.reference,
        version=customer.version,
        deleted_at=customer.updated_at,
        deleted_by_kind=by.kind,
        deleted_by_id=by.id,
        deleted_by_name=by.name,
    )
