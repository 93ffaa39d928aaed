"""Look-alikes of blacklisted customers that were found, until somebody decides; and who told two people apart."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Index, Select, String, Text, delete, func, or_, select, text
from sqlalchemy.orm import Mapped, aliased, mapped_column

from webapp import clock
from webapp.customers.lookalikes import WEIGHTS, Lookalike, Sought, lookalikes_of, possible_duplicates
from webapp.customers.models import Customer
from webapp.customers.record import locked_customer, write_down
from webapp.database import Model, Moment, Sequence, db, writing
from webapp.errors import Conflict
from webapp.history import Actor

MOST_FOUND = 20
# A name alone is shown wherever somebody looks at the record; it is too little to make managers decide.
LEAST_WEIGHT = 2
BATCH = 100
UNDECIDED = text("told_apart_at is null")


class Resemblance(Model):
    """Two records that look alike, one of them blacklisted; or that somebody told apart.

    Attributes:
        signals: Why, separated by spaces, strongest first.
        told_apart_at: When somebody said that these are two people.
    """

    __tablename__ = "resemblance"

    one_seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    other_seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False, index=True)
    signals: Mapped[str] = mapped_column(String(40))
    weight: Mapped[int]
    found_at: Mapped[datetime] = mapped_column(Moment)
    told_apart_at: Mapped[datetime | None] = mapped_column(Moment)
    told_apart_by_id: Mapped[int | None]
    told_apart_by_name: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("one_seq < other_seq", name="in_order"),
        Index(
            "ix_resemblance_undecided",
            "weight",
            "found_at",
            sqlite_where=UNDECIDED,
            postgresql_where=UNDECIDED,
        ),
    )


@dataclass(frozen=True)
class Match:
    """A customer in good standing who looks like a blacklisted one."""

    customer: Customer
    blacklisted: Customer
    signals: tuple[str, ...]
    found_at: datetime


def note(customer: Customer) -> None:
    """Write down who looks like a customer that was added, changed or blacklisted, in the present write transaction.

    A good customer is compared with blacklisted ones, a blacklisted one with good ones. What looked alike and does no
    longer is forgotten; what was told apart stays so, unless more speaks for the same person than was known then.
    """
    db.session.flush()
    alike = lookalikes_of(
        [Sought(customer.details, customer.seq)], blacklisted=not customer.blacklisted, most=MOST_FOUND
    )
    known = {_other(row, customer.seq): row for row in db.session.scalars(_rows_of(customer.seq))}
    for lookalike in (one for one in alike[0] if one.weight >= LEAST_WEIGHT):
        _note_one(customer, lookalike, known.pop(lookalike.customer.seq, None))
    for row in known.values():
        if row.told_apart_at is None:
            db.session.delete(row)


def note_all(*, progress: Callable[[int], None]) -> None:
    """Look for the look-alikes of everybody who is blacklisted: after a bulk load, or in an older book.

    Args:
        progress: Called with the number of customers after each batch.
    """
    blacklisted = select(Customer).where(Customer.blacklisted).order_by(Customer.seq)
    after = 0
    while batch := db.session.scalars(blacklisted.where(Customer.seq > after).limit(BATCH)).all():
        with writing():
            for customer in batch:
                note(customer)
        after = batch[-1].seq
        progress(len(batch))


def _rows_of(seq: int) -> Select[Resemblance]:
    return select(Resemblance).where(_is_about(seq))


def _is_about(seq: int) -> ColumnElement[bool]:
    return or_(Resemblance.one_seq == seq, Resemblance.other_seq == seq)


def _other(row: Resemblance, seq: int) -> int:
    return row.other_seq if row.one_seq == seq else row.one_seq


def _note_one(customer: Customer, lookalike: Lookalike, row: Resemblance | None) -> None:
    if row is None:
        db.session.add(_new(customer.seq, lookalike))
        return
    if row.told_apart_at and set(lookalike.signals) - set(row.signals.split()):
        row.told_apart_at = row.told_apart_by_id = row.told_apart_by_name = None
    row.signals, row.weight = " ".join(lookalike.signals), lookalike.weight


def _new(seq: int, lookalike: Lookalike) -> Resemblance:
    one, other = sorted((seq, lookalike.customer.seq))
    return Resemblance(
        one_seq=one,
        other_seq=other,
        signals=" ".join(lookalike.signals),
        weight=lookalike.weight,
        found_at=clock.now(),
    )


def tell_apart(customer_id: UUID, other_id: UUID, *, by: Actor) -> tuple[Customer, Customer]:
    """Say that two records are two people; both histories say so, with who said it.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `told_apart`, somebody said so already, or `not_alike`, nothing speaks for the same person.
    """
    with writing():
        customer, other = _both_locked(customer_id, other_id)
        alike = lookalikes_of([Sought(customer.details, customer.seq)], most=MOST_FOUND)[0]
        found = next((lookalike for lookalike in alike if lookalike.customer.seq == other.seq), None)
        row = db.session.get(Resemblance, tuple(sorted((customer.seq, other.seq))))
        if row and row.told_apart_at:
            raise Conflict("told_apart", f"{row.told_apart_by_name} said already that these are two people")
        if found is None and row is None:
            raise Conflict("not_alike", "These two do not look alike any more")
        if row is None and found:
            row = _new(customer.seq, found)
            db.session.add(row)
        _write_down_apart(row, customer, other, by)
        return customer, other


def _both_locked(customer_id: UUID, other_id: UUID) -> tuple[Customer, Customer]:
    """Both customers, locked in one order whoever asks, so that two who ask at once cannot wait for each other."""
    if customer_id == other_id:
        raise Conflict("not_alike", "This is one record, not two")
    locked = {one: locked_customer(one) for one in sorted((customer_id, other_id))}
    return locked[customer_id], locked[other_id]


def _write_down_apart(row: Any, customer: Customer, other: Customer, by: Actor) -> None:
    for one, another in ((customer, other), (other, customer)):
        write_down(one, "told_apart", by=by, old={}, new={"reference": another.reference})
    row.told_apart_at, row.told_apart_by_id, row.told_apart_by_name = customer.updated_at, by.id, by.name


def duplicates_of(customer: Customer) -> tuple[list[Lookalike], list[tuple[Customer, Resemblance]]]:
    """A customer's possible duplicates, and the records from which somebody told them apart."""
    apart = _rows_of(customer.seq).where(Resemblance.told_apart_at.is_not(None))
    told = {_other(row, customer.seq): row for row in db.session.scalars(apart)}
    alike = possible_duplicates(customer.details, other_than=customer.seq)
    others = db.session.scalars(select(Customer).where(Customer.seq.in_(told))).all() if told else []
    return [one for one in alike if one.customer.seq not in told], [(other, told[other.seq]) for other in others]


def told_apart_from(seqs: Collection[int]) -> dict[int, set[int]]:
    """For each of these customers, the customers from whom somebody told them apart."""
    about = or_(Resemblance.one_seq.in_(seqs), Resemblance.other_seq.in_(seqs))
    found: dict[int, set[int]] = {seq: set() for seq in seqs}
    for row in db.session.scalars(select(Resemblance).where(about, Resemblance.told_apart_at.is_not(None))):
        for one, other in ((row.one_seq, row.other_seq), (row.other_seq, row.one_seq)):
            if one in found:
                found[one].add(other)
    return found


def matches(*, limit: int, offset: int = 0) -> list[Match]:
    """Good customers who look like blacklisted ones and are not told apart: the most similar first, then the oldest."""
    one, other = aliased(Customer), aliased(Customer)
    query = _undecided(select(Resemblance, one, other), one, other)
    ordered = query.order_by(
        Resemblance.weight.desc(), Resemblance.found_at, Resemblance.one_seq, Resemblance.other_seq
    )
    rows = db.session.execute(ordered.limit(limit).offset(offset))
    return [_match(*row) for row in rows]


def _match(row: Resemblance, one: Customer, other: Customer) -> Match:
    good, bad = (other, one) if one.blacklisted else (one, other)
    signals = tuple(signal for signal in WEIGHTS if signal in row.signals.split())
    return Match(good, bad, signals, row.found_at)


def count_matches(*, cap: int) -> int:
    """How many wait, counted up to a cap."""
    one, other = aliased(Customer), aliased(Customer)
    some = _undecided(select(Resemblance.one_seq), one, other).limit(cap).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _undecided(query: Any, one: Any, other: Any) -> Any:
    both = query.join(one, one.seq == Resemblance.one_seq).join(other, other.seq == Resemblance.other_seq)
    return both.where(Resemblance.told_apart_at.is_(None), one.blacklisted != other.blacklisted)


def forget(customer_seq: int) -> None:
    """Forget whom a customer looked like, in the present write transaction."""
    db.session.execute(delete(Resemblance).where(_is_about(customer_seq)))
