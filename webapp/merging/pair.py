"""Two records that are merged, or that become two again: locked together, moved, and told of in the
histories of both.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select

from webapp.blacklist.case import mark_closed
from webapp.blacklist.models import Blacklisting, State
from webapp.blacklist.moves import joined_to
from webapp.customers.changes import locked_customer
from webapp.customers.merged import MergedCustomer
from webapp.customers.models import Customer, DeletionRequest
from webapp.history.changes import Change, changing
from webapp.history.entries import Actor
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict
from webapp.lookalikes.distinct import OneRecord
from webapp.merging.models import MergeRequest


class DeletionIsAsked(Conflict):
    code = "deletion_asked"
    sentence = "Somebody asked to delete one of them; decide about that first"


class OtherVersion(Conflict):
    code = "other_version"
    sentence = "One of them has changed since you looked; look at the result again"


@dataclass(frozen=True)
class Merging:
    """What came of a wish to merge two records, or to have them as two again.

    Attributes:
        other: As a record, while it is merged.
        request: It waits for a second person; `None` if it is done.
        stays: The groups of details that did not go back: others have changed them since.
        stays_closed: How many blacklistings stay removed.
    """

    survivor: Customer
    other: Customer | MergedCustomer
    request: MergeRequest | None = None
    stays: Sequence[str] = ()
    stays_closed: int = 0


def locked_pair(survivor_id: UUID, other_id: UUID) -> tuple[Customer, Customer]:
    """Two customers, locked in the same order whoever asks, so that two cannot deadlock.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `not_alike`, it is one record; or `customer_merged`.
    """
    if survivor_id == other_id:
        raise OneRecord
    locked = {one: locked_customer(one) for one in sorted((survivor_id, other_id))}
    return locked[survivor_id], locked[other_id]


def refuse_deletions(*customers: Customer) -> None:
    """Refuse customers whose deletion waits for a second person.

    Raises:
        Conflict: `deletion_asked`.
    """
    seqs = [one.seq for one in customers]
    waits = select(DeletionRequest.customer_seq).where(DeletionRequest.customer_seq.in_(seqs))
    if db.session.scalar(waits.limit(1)):
        raise DeletionIsAsked


def refuse_other_versions(seen: Sequence[int] | None, *rows: Customer | MergedCustomer) -> None:
    """Refuse rows whose versions are not those that somebody saw; `None` allows any.

    Raises:
        Conflict: `other_version`.
    """
    if seen is not None and list(seen) != [row.version for row in rows]:
        raise OtherVersion


@contextmanager
def telling_both(
    survivor: Customer,
    other: Customer | MergedCustomer,
    kind: str,
    new: dict[str, Any],
    *,
    by: Actor,
) -> Iterator[Change[Any]]:
    """Record the same of both, without changing either of them; both rows are locked."""
    with changing(lambda: survivor, by=by) as change:
        with changing(lambda: other, by=by) as another:
            another.at = change.at = max(change.at, another.at)
            yield change
            another.record(kind, new=about(survivor) | new | {"role": "other"})
        change.record(kind, new=about(other) | new | {"role": "survivor"})


def about(other: Customer | MergedCustomer) -> dict[str, Any]:
    """What an entry says of the other record."""
    return {"reference": other.reference, "other": other.seq}


def close_as_joined(case: Blacklisting, stands: Blacklisting, change: Change[Any]) -> None:
    """Close a case because another one stands for both from then on."""
    mark_closed(case, State.JOINED.value, by=change.by, at=change.at)
    answer_for(stands, case)


def answer_for(stands: Blacklisting, *more: Blacklisting) -> None:
    """Let those answer for a case who answer for the cases that are joined with it."""
    joined = {one.seq: one for one in (*joined_to(stands.seq), *more)}.values()
    members = {
        one for case in joined for one in (case.accountable_id, *(case.also_accountable or ()))
    }
    stands.also_accountable = sorted(members - {None, stands.accountable_id}) or None


def drop_requests(seq: int) -> None:
    """Delete what waits for a second person about a customer who is merged or deleted."""
    theirs = or_(MergeRequest.survivor_seq == seq, MergeRequest.other_seq == seq)
    db.session.execute(delete(MergeRequest).where(theirs))
