"""Deleting a customer: personal data goes, the record of what happened stays."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from webapp.customers.cases import is_unchecked
from webapp.customers.changes import changing_customer
from webapp.customers.merged import MergedCustomer, merged_into
from webapp.customers.models import Customer, DeletionRequest, Tombstone
from webapp.history.changes import Change, changing, forget, what_stays
from webapp.history.entries import Actor
from webapp.history.eyes import OwnDecision, eyes_of
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.dialects import advisory_lock
from webapp.kernel.refusals import Conflict, refuse

BUDGET_SPAN = timedelta(hours=24)
# Namespace of this module in `pg_advisory_xact_lock(int, int)`.
LOCK_NAMESPACE = 5


class StillBlacklisted(Conflict):
    code = "blacklisted_customer"
    sentence = "A blacklisted customer cannot be deleted; remove the blacklisting first"


class RemovalUnchecked(StillBlacklisted):
    sentence = "A manager must review the removal of the blacklisting first"


class OwnDeletion(OwnDecision):
    sentence = "You asked for it, or count as the one who did; another manager must agree"


class DeletionNotAsked(Conflict):
    code = "not_asked"
    sentence = "Nobody asks any more for this customer to be deleted"


@dataclass(frozen=True)
class WaitingDeletion:
    """A deletion that waits for a second person."""

    request: DeletionRequest
    customer: Customer


def delete_customer(
    customer_id: UUID,
    *,
    by: Actor,
    only_versions: Collection[int] | None = None,
    daily_budget: int | None = None,
) -> Tombstone | DeletionRequest:
    """Delete a customer, with all records that were merged into them: their details, the values in
    their history, and what was written about them in cases.

    What stays: id and reference, who did what and when, and each case with its reason code, people
    and times.

    Args:
        daily_budget: How many customers one person may delete in 24 hours, by hand and with all of
            their keys together. Beyond it a second person must agree, and a request is returned.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `blacklisted_customer`; the blacklisting must be lifted first. Or
            `customer_merged`: whoever deletes a record must know that it is another one now.
        Outdated: the version is none of `only_versions`.
    """
    with changing_customer(customer_id, by=by, only_versions=only_versions) as change:
        refuse(refusal_to_delete(change.row, by=by))
        if daily_budget is not None and _deleted_lately(by) >= daily_budget:
            return _ask(change)
        return _delete(change)


def _deleted_lately(by: Actor) -> int:
    """How many they deleted within the budget's span; locked, so that concurrent requests count one
    after the other.
    """
    advisory_lock(LOCK_NAMESPACE, [by.accountable_id or 0])
    since = Tombstone.deleted_at > clock.now() - BUDGET_SPAN
    theirs = Tombstone.accountable_id.is_not_distinct_from(by.accountable_id)
    return db.session.scalar(select(func.count()).select_from(Tombstone).where(since, theirs)) or 0


def _ask(change: Change[Customer]) -> DeletionRequest:
    request, by = db.session.get(DeletionRequest, change.row.seq), change.by
    if request is None:
        change.record("deletion_asked", new={"accountable_id": by.accountable_id})
        who = {
            "by_kind": by.kind,
            "by_id": by.id,
            "by_name": by.name,
            "accountable_id": by.accountable_id,
        }
        request = DeletionRequest(customer_seq=change.row.seq, at=change.at, **who)
        db.session.add(request)
    return request


def _delete(change: Change[Customer]) -> Tombstone:
    customer = change.row
    stays = {
        "id": str(customer.id),
        "reference": customer.reference,
        "accountable_id": change.by.accountable_id,
        **what_stays(change.subject),
    }
    for record in merged_into(customer):
        _delete_merged(record, by=change.by)
    forget(change.subject)
    db.session.execute(delete(DeletionRequest).where(DeletionRequest.customer_seq == customer.seq))
    change.record("deleted", new=stays)
    tombstone = _tombstone(customer, change.by)
    db.session.add(tombstone)
    db.session.delete(customer)
    return tombstone


def _delete_merged(record: MergedCustomer, *, by: Actor) -> None:
    with changing(lambda: record, by=by) as change:
        stays = {"id": str(record.id), "reference": record.reference, **what_stays(record.subject)}
        forget(record.subject)
        change.record("deleted", new={**stays, "accountable_id": by.accountable_id})
        db.session.add(_tombstone(record, by))
        db.session.delete(record)


def waiting_deletions(*, limit: int, offset: int = 0) -> list[WaitingDeletion]:
    """Deletions that wait for a second person, oldest first."""
    query = select(DeletionRequest, Customer).join(
        Customer, Customer.seq == DeletionRequest.customer_seq
    )
    oldest = (
        query.order_by(DeletionRequest.at, DeletionRequest.customer_seq).limit(limit).offset(offset)
    )
    return [WaitingDeletion(*row) for row in db.session.execute(oldest)]


def count_deletions(*, cap: int) -> int:
    """How many deletions wait, counting no further than `cap`."""
    some = select(DeletionRequest.customer_seq).limit(cap).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def agree_to_deletion(customer_id: UUID, *, by: Actor) -> Tombstone:
    """Delete a customer whose deletion somebody else asked for.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `not_asked`, `own_decision` or `blacklisted_customer`.
    """
    with changing_customer(customer_id, by=by) as change:
        request = _request_for(change.row)
        if request.accountable_id in eyes_of(by.accountable_id) or by.accountable_id is None:
            raise OwnDeletion
        refuse(refusal_to_delete(change.row, by=by))
        return _delete(change)


def refuse_deletion(customer_id: UUID, *, by: Actor) -> Customer:
    """Keep a customer whose deletion was asked for; whoever asked may withdraw the request this way
    too.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `not_asked`.
    """
    with changing_customer(customer_id, by=by) as change:
        db.session.delete(_request_for(change.row))
        change.record("deletion_refused")
        return change.row


def _request_for(customer: Customer) -> DeletionRequest:
    request = db.session.get(DeletionRequest, customer.seq, populate_existing=True)
    if request is None:
        raise DeletionNotAsked
    return request


def refusal_to_delete(customer: Customer, *, by: Actor) -> Conflict | None:
    """Why this customer may not be deleted; `None` if they may."""
    if customer.blacklisted:
        return StillBlacklisted()
    if is_unchecked(customer, by=by):
        return RemovalUnchecked()
    return None


def _tombstone(customer: Customer | MergedCustomer, by: Actor) -> Tombstone:
    return Tombstone(
        customer_seq=customer.seq,
        customer_id=customer.id,
        reference=customer.reference,
        version=customer.version,
        deleted_at=customer.updated_at,
        deleted_by_kind=by.kind,
        deleted_by_id=by.id,
        deleted_by_name=by.name,
        accountable_id=by.accountable_id,
    )
