"""What must follow every write, checked against the rows themselves, whichever
projections are installed.
"""

from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy import select

from tests.support.brute import Everybody
from webapp.batches.models import ChangeRow
from webapp.blacklist import screening
from webapp.blacklist.case import ReviewClock
from webapp.blacklist.case_counts import CaseCounts
from webapp.blacklist.entries.matching import customers_about
from webapp.blacklist.entries.models import BlacklistEntry, EntryMatch
from webapp.blacklist.entries.values import value_of
from webapp.blacklist.models import Blacklisting, Review
from webapp.customers.models import Customer, Tombstone
from webapp.customers.notes import CustomerNote
from webapp.kernel.database import db
from webapp.lookalikes import name_words
from webapp.lookalikes.matches import matches
from webapp.lookalikes.models import LookalikePair
from webapp.lookalikes.name_words import NameWord
from webapp.merging.models import MergeRequest
from webapp.programs.idempotency import IdempotencyRecord
from webapp.programs.webhooks.models import WebhookDelivery
from webapp.search.projection import PageCounts, SearchIndex
from webapp.staff.unread import UnreadDecision

# Each e-mail address and phone that a customer's record has had while it was blacklisted.
Known = Mapping[UUID, set[str]]


def differences(known: Known, *, seed: int) -> Iterator[str]:
    """Everything that does not match the rows, one sentence each."""
    for projection in (ReviewClock(), CaseCounts(), PageCounts(), SearchIndex()):
        yield from projection.faults()
    db.session.rollback()
    yield from _unindexed_words()
    everybody = Everybody()
    if everybody.people:
        for search in [*everybody.some_lists(2, seed), *everybody.some_searches(1, seed)]:
            yield from everybody.differences(search)
    yield from _unrecognised(known)
    yield from _wrong_pairs(everybody.people, known)
    yield from _wrong_matches()
    yield from _left_behind()


def _unindexed_words() -> Iterator[str]:
    for customers in name_words.everybody():
        for _, seq in name_words.missing(name_words.rows_of(customers)):
            yield f"a word of the name of customer {seq} is not indexed"


def _unrecognised(known: Known) -> Iterator[str]:
    for details in known.values():
        for one in details:
            kind = "email" if "@" in one else "phone"
            if screening.check({kind: one}).answer == "allow":
                yield f"somebody blacklisted is not recognised by the {kind} {one}"


def _wrong_pairs(people: list[Customer], known: Known) -> Iterator[str]:
    """A blacklisted customer and another one who share a mailbox or a phone must be
    shown to managers.
    """
    good = [(one, {_shared(one.email), one.phone}) for one in people if not one.blacklisted]
    bad = [(one, set(map(_shared, known[one.id]))) for one in people if one.blacklisted]
    expected = {
        (one.id, other.id) for one, his in good for other, hers in bad if (his & hers) - {None}
    }
    shown = {(match.customer.id, match.blacklisted.id) for match in matches(limit=10_000)}
    if shown != expected:
        yield f"{len(expected - shown)} look-alikes are not shown, {len(shown - expected)} are none"


def _wrong_matches() -> Iterator[str]:
    """Each customer who matches an entry that stands must be kept with it."""
    entries = db.session.scalars(select(BlacklistEntry).where(BlacklistEntry.closed_at.is_(None)))
    expected = {
        (one.seq, entry.seq)
        for entry in entries
        for one in customers_about(value_of(entry.kind, entry.value), limit=100)
    }
    rows = db.session.execute(select(EntryMatch.customer_seq, EntryMatch.entry_seq))
    if {tuple(row) for row in rows} != expected:
        yield "customers who match an entry are not known"


def _shared(detail: str) -> str:
    """Two addresses that differ only after the plus are one mailbox."""
    return detail.partition("+")[0] or detail


def _left_behind() -> Iterator[str]:
    """What is still stored about deleted customers."""
    deleted = select(Tombstone.customer_seq)
    case = Blacklisting.customer_seq.in_(deleted)
    written = select(Blacklisting.note).where(case, Blacklisting.note.is_not(None))
    reviewed = select(Review.note).join(Blacklisting, Blacklisting.seq == Review.case_seq)
    places = {
        "a note of a case": written,
        "a note of a review": reviewed.where(case, Review.note.is_not(None)),
        "a note of a customer": select(CustomerNote).where(CustomerNote.customer_seq.in_(deleted)),
        "an unread decision": select(UnreadDecision).where(
            UnreadDecision.case_seq.in_(select(Blacklisting.seq).where(case))
        ),
        "a look-alike": select(LookalikePair).where(
            LookalikePair.one_seq.in_(deleted) | LookalikePair.other_seq.in_(deleted)
        ),
        "a word of a name": select(NameWord).where(NameWord.customer_seq.in_(deleted)),
        "what a set proposed": select(ChangeRow).where(
            ChangeRow.customer_seq.in_(deleted), ChangeRow.proposed.is_not(None)
        ),
        "a merge that waits": select(MergeRequest).where(
            MergeRequest.survivor_seq.in_(deleted) | MergeRequest.other_seq.in_(deleted)
        ),
        "what a webhook answered": select(WebhookDelivery).where(
            WebhookDelivery.customer_seq.in_(deleted), WebhookDelivery.answer != ""
        ),
        "a kept answer": select(IdempotencyRecord).where(
            IdempotencyRecord.customer_seq.in_(deleted)
        ),
    }
    for place, left in places.items():
        if db.session.execute(left).first():
            yield f"{place} is left of somebody who was deleted"
