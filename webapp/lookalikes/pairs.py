"""Pairs of look-alikes, one of them blacklisted, and pairs that somebody has marked distinct."""

import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from webapp.customers.changes import locked_customer
from webapp.customers.fields import Details
from webapp.customers.merged import MERGED_INTO, find_record, merged_into
from webapp.customers.models import Customer
from webapp.history.changes import Change, Projection
from webapp.history.entries import Subject
from webapp.kernel import clock
from webapp.kernel.database import Moment, Sequence, db, writing
from webapp.kernel.dialects import advisory_lock
from webapp.kernel.prepared import Prepared
from webapp.kernel.refusals import NotFound
from webapp.lookalikes import known_identifiers
from webapp.lookalikes.candidates import MAX_COMPARED, Candidate, shared_keys
from webapp.lookalikes.known_identifiers import DETAILS, details_in
from webapp.lookalikes.models import MARK, LookalikePair
from webapp.lookalikes.signals import (
    Lookalike,
    compare,
    in_order,
    lookalikes_of,
    news,
    strongest,
    weight_of,
)

MAX_FOUND = 100
# Namespace of this module in `pg_advisory_xact_lock(int, int)`.
LOCK_NAMESPACE = 4
# A match by name alone is shown with the record, but is too weak to ask managers for a decision.
MIN_WEIGHT = 2
BATCH = 100


class LookalikePairs(Projection):
    """Compares a customer with those of the other standing whenever details or standing change.

    To process a whole book, run `flask blacklist find-lookalikes`, which does not block other work.
    There is no `faults` or `rebuild`, because a check would take just as long.
    """

    def follow(self, change: Change[Any]) -> None:
        if not isinstance(change.row, Customer):
            return
        if change.kind == MERGED_INTO:
            undecided = _is_about(change.subject.seq) & LookalikePair.told_apart_at.is_(None)
            db.session.execute(delete(LookalikePair).where(undecided))
        elif change.after and change.altered("blacklisted", "also_known", *DETAILS):
            note(
                change.row,
                was=details_in(change.before) if change.before else None,
                is_new=change.is_new and not change.is_back,
                has_a_past=change.kind != "blacklisted",
            )

    def forget(self, subject: Subject) -> None:
        record = find_record(subject.seq)
        _wait_for_others(record.details if record else None)
        db.session.execute(delete(LookalikePair).where(_is_about(subject.seq)))


def note(
    customer: Customer, *, was: Details | None = None, is_new: bool = False, has_a_past: bool = True
) -> None:
    """Store the look-alikes of a customer who was added, changed, blacklisted or cleared, in the
    present transaction.

    A good customer is compared with blacklisted ones, a blacklisted one with good ones. Pairs that
    no longer look alike are deleted; pairs marked distinct stay so, unless there are signals that
    were not known then. A mark that nobody has agreed to waits while one of the two is blacklisted.

    Args:
        was: Their details before a change.
        is_new: They were just added, so no pairs are stored yet.
        has_a_past: Their open case may have known identifiers that differ from today's details.
    """
    _wait_for_others(customer.details, was)
    alike = alike_of(customer, has_a_past=has_a_past and customer.blacklisted)
    rows: Iterable[Any] = [] if is_new else db.session.execute(_PAIRS_ABOUT, {"seq": customer.seq})
    known = {_other(row, customer.seq): row for row in rows}
    is_marked = any(row.told_apart_at for row in known.values())
    for lookalike in alike:
        _note_one(customer.seq, lookalike, known.pop(lookalike.customer.seq, None))
    if len(alike) < MAX_FOUND:
        undecided = [row for row in known.values() if row.told_apart_at is None]
        _forget_pairs(row for row in undecided if not _is_kept(customer, row))
    if is_marked:
        _wait_where_one_is_blacklisted(customer)


def _is_kept(customer: Customer, row: Any) -> bool:
    """Whether a pair that was not found is alike all the same: of many namesakes, a look-up reads
    only some.
    """
    other = db.session.get_one(Customer, _other(row, customer.seq))
    if other.blacklisted == customer.blacklisted:
        return False
    return weight_of(likeness(customer, other)) >= MIN_WEIGHT


def likeness(customer: Customer, other: Customer, *, is_shown: bool = False) -> set[str]:
    """Why either of two customers is held up for the other, or shown with them, looked up from both
    sides.
    """
    signals: set[str] = set()
    for mine, theirs in ((customer, other), (other, customer)):
        standing = None if is_shown else theirs.blacklisted
        person = Candidate(mine.details, mine.seq)
        alike = lookalikes_of([person], blacklisted=standing, most=MAX_COMPARED)[0]
        signals.update(*(one.signals for one in alike if one.customer.seq == theirs.seq))
    return strongest(signals)


def alike_of(customer: Customer, *, has_a_past: bool) -> list[Lookalike]:
    """The look-alikes of a customer of the other standing, as `note` stores them, those of records
    merged into it among them; with a past, also those of their former details.
    """
    known = [customer.details, *(record.details for record in merged_into(customer))]
    known += known_identifiers.former_details(customer) if has_a_past else ()
    people = [Candidate(details, customer.seq) for details in known]
    other = not customer.blacklisted
    lookalikes: dict[int, Lookalike] = {}
    present, *former = lookalikes_of(
        people, blacklisted=other, most=MAX_FOUND, least_weight=MIN_WEIGHT
    )
    for one in (*present, *(_exactly(one) for some in former for one in some)):
        before = lookalikes.get(one.customer.seq)
        signals = strongest({*one.signals, *(before.signals if before else ())})
        if signals:
            lookalikes[one.customer.seq] = Lookalike(one.customer, in_order(signals))
    return sorted(lookalikes.values(), key=lambda one: (-one.weight, -one.customer.seq))[:MAX_FOUND]


def _exactly(lookalike: Lookalike) -> Lookalike:
    """What a former detail is matched by: from the other side, too, nothing less is looked up."""
    return Lookalike(lookalike.customer, in_order({"phone", "email"} & {*lookalike.signals}))


def _wait_for_others(*known: Details | None) -> None:
    """Wait for transactions that write the same phone, address or domain, to see their result."""
    keys = {
        f"{signal} {key}" for details in known if details for signal, key in shared_keys(details)
    }
    advisory_lock(LOCK_NAMESPACE, (zlib.crc32(key.encode()) - 2**31 for key in keys))


def wait_for_all(people: Iterable[Details]) -> None:
    """Take at once what noting all of these will take: whoever took it one after the other, while
    others hold some of it, could wait for them in a circle.
    """
    _wait_for_others(*people)


def note_all(*, progress: Callable[[int], None]) -> None:
    """Find the look-alikes of every blacklisted customer, after a bulk load or in an older book.

    Args:
        progress: Called with the number of customers after each batch.
    """
    after = 0
    while ids := db.session.execute(_BLACKLISTED.where(Customer.seq > after).limit(BATCH)).all():
        for row in ids:
            with suppress(NotFound), writing():
                note(locked_customer(row.id))
        after = ids[-1].seq
        progress(len(ids))


_BLACKLISTED = select(Customer.seq, Customer.id).where(Customer.blacklisted).order_by(Customer.seq)


def _is_about(seq: int | BindParameter[int]) -> ColumnElement[bool]:
    return or_(LookalikePair.one_seq == seq, LookalikePair.other_seq == seq)


_PAIRS_ABOUT = select(LookalikePair.__table__).where(_is_about(bindparam("seq", type_=Sequence)))


def _wait_where_one_is_blacklisted(customer: Customer) -> None:
    pair = LookalikePair
    other = pair.one_seq + pair.other_seq - customer.seq
    is_guarded = exists().where(Customer.seq == other, Customer.blacklisted != customer.blacklisted)
    now = literal(clock.now(), Moment)
    waits_from = case((is_guarded, func.coalesce(pair.waits_from, now)), else_=None)
    unagreed = pair.told_apart_at.is_not(None) & pair.agreed_at.is_(None)
    db.session.execute(
        update(pair).where(_is_about(customer.seq), unagreed).values(waits_from=waits_from)
    )


_MARKED_DISTINCT = Prepared(_PAIRS_ABOUT.where(LookalikePair.told_apart_at.is_not(None)))


def _other(row: Any, seq: int) -> int:
    return int(row.other_seq if row.one_seq == seq else row.one_seq)


def _note_one(seq: int, lookalike: Lookalike, row: Any) -> None:
    values = {"signals": " ".join(lookalike.signals), "weight": lookalike.weight}
    if row is None:
        one, other = sorted((seq, lookalike.customer.seq))
        made = {"one_seq": one, "other_seq": other, "found_at": clock.now()}
        db.session.execute(insert(LookalikePair).values(made | values))
    elif row.told_apart_at is None and values == {"signals": row.signals, "weight": row.weight}:
        return
    elif row.told_apart_at is None:
        db.session.execute(_same_pair(update(LookalikePair), row).values(values))
    elif news(lookalike.signals, row.signals.split()):
        unmarked = dict.fromkeys(MARK)
        db.session.execute(_same_pair(update(LookalikePair), row).values(values | unmarked))


def _same_pair(statement: Any, row: Any) -> Any:
    return statement.where(
        LookalikePair.one_seq == row.one_seq, LookalikePair.other_seq == row.other_seq
    )


def _forget_pairs(rows: Iterable[Any]) -> None:
    for row in rows:
        db.session.execute(_same_pair(delete(LookalikePair), row))


def marked_apart(seq: int) -> dict[int, set[str]]:
    """Whom somebody has marked as different people from a customer, whether or not a second person
    has agreed, with the signals that were known at the time.
    """
    return {other: set(row.signals.split()) for other, row in _marks_of(seq).items()}


def _marks_of(seq: int) -> dict[int, Any]:
    marked = _MARKED_DISTINCT.all(db.session.connection(), seq=seq)
    return {_other(row, seq): row for row in marked}


@dataclass(frozen=True)
class Duplicates:
    """A customer's possible duplicates.

    Attributes:
        alike: The most similar first.
        shared: How many customers share the phone or mailbox, by signal, where that says nothing.
        told_apart: The records marked as different people, each with the row of the pair; whoever
            is marked, but waits for a manager, is among those alike too.
    """

    alike: list[Lookalike]
    shared: dict[str, int]
    told_apart: list[tuple[Customer, LookalikePair]]

    @property
    def marked(self) -> list[UUID]:
        """Those whose mark waits for a manager."""
        return [other.id for other, pair in self.told_apart if pair.waits_from]


def duplicates_of(customer: Customer) -> Duplicates:
    """A customer's possible duplicates, and who was marked as somebody else."""
    rows = _marks_of(customer.seq)
    apart = {seq: set(row.signals.split()) for seq, row in rows.items() if row.waits_from is None}
    alike, shared = compare(Candidate(customer.details, customer.seq, apart))
    others = (
        db.session.scalars(select(Customer).where(Customer.seq.in_(rows))).all() if rows else []
    )
    return Duplicates(alike, shared, [(other, rows[other.seq]) for other in others])
