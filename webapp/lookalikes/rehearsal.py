"""What the present rules would change about the pairs that are stored, before they count."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.lookalikes.matches import ONE, OTHER, between_standings
from webapp.lookalikes.models import LookalikePair
from webapp.lookalikes.pairs import alike_of

BATCH = 100


@dataclass(frozen=True)
class RehearsalPair:
    """A customer in good standing, and the blacklisted one that they are like."""

    customer_id: UUID
    blacklisted_id: UUID
    signals: tuple[str, ...]


@dataclass(frozen=True)
class Rehearsal:
    """Pairs that the rules find and nobody has stored, and stored ones that they do not find."""

    added: list[RehearsalPair]
    let_go: list[RehearsalPair]


def rehearse() -> Rehearsal:
    """Compare everybody who is blacklisted by the present rules; nothing is written."""
    present = {(one.customer_id, one.blacklisted_id): one for one in _found()}
    stored, marked = _stored()
    added = [one for key, one in present.items() if key not in stored and key not in marked]
    let_go = [one for key, one in stored.items() if key not in present]
    return Rehearsal(added, let_go)


def _found() -> Iterator[RehearsalPair]:
    after = 0
    blacklisted = select(Customer).where(Customer.blacklisted).order_by(Customer.seq).limit(BATCH)
    while customers := db.session.scalars(blacklisted.where(Customer.seq > after)).all():
        for customer in customers:
            for alike in alike_of(customer, has_a_past=True):
                yield RehearsalPair(alike.customer.id, customer.id, alike.signals)
        after = customers[-1].seq
        db.session.expunge_all()


Pairs = Mapping[tuple[UUID, UUID], RehearsalPair]


def _stored() -> tuple[Pairs, Pairs]:
    """The pairs that wait for managers, and those that are marked as different people."""
    pair = LookalikePair
    columns = (pair.signals, pair.told_apart_at, ONE.id, ONE.blacklisted, OTHER.id)
    undecided: dict[tuple[UUID, UUID], RehearsalPair] = {}
    marked: dict[tuple[UUID, UUID], RehearsalPair] = {}
    for signals, marked_at, first, is_first_bad, second in db.session.execute(
        between_standings(*columns)
    ):
        good, bad = (second, first) if is_first_bad else (first, second)
        place = marked if marked_at else undecided
        place[good, bad] = RehearsalPair(good, bad, tuple(signals.split()))
    return undecided, marked
