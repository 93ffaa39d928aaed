"""The blacklist in figures: how many stand, what happened week by week, how long reviews take, how often it was wrong.

Every figure is the length of a list that `caseload` gives for a `CaseSearch`, and can be counted anew from the history.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from statistics import median
from typing import Any

from sqlalchemy import func, select

from webapp import clock
from webapp.customers.caseload import along_the_queue, count, last_of_several, openers
from webapp.customers.cases import REASONS, Blacklisting, Decision, Review, State
from webapp.customers.models import Customer
from webapp.customers.wanted import start_of_day
from webapp.customers.wanted_cases import NO_DIAL_CODE, CaseSearch, Opener, Which
from webapp.database import db

WEEKS = 12
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """What happened from a Monday to a Sunday: how many cases were opened, upheld, overturned, lifted."""

    first: date
    counts: Counter[str]

    @property
    def last(self) -> date:
        return self.first + WEEK - timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """How many cases stand, wait for review, and are overdue."""

    open: int
    waiting: int
    overdue: int


@dataclass(frozen=True)
class Overview(Standing):
    """The figures at a moment; `weeks` are the last twelve, the present one last, and `since` is where they begin.

    Attributes:
        reviewed: Cases with a review that stands, since then, and
        overturned: those of them that were overturned.
        median_wait: From the opening of a case to its first review, of the cases first reviewed since then.
        again: Customers who were blacklisted more than once.
    """

    weeks: Sequence[Week]
    by_reason: Sequence[tuple[str, int]]
    by_person: Sequence[tuple[Opener, int]]
    by_dial_code: Sequence[tuple[str, int]]
    reviewed: int
    overturned: int
    median_wait: timedelta | None
    again: int

    @property
    def since(self) -> date:
        return self.weeks[0].first

    @property
    def until(self) -> date:
        return self.weeks[-1].last

    @property
    def share_overturned(self) -> float | None:
        """Of the reviewed cases, from 0 to 1."""
        return self.overturned / self.reviewed if self.reviewed else None


def standing() -> Standing:
    """The figures that do not look back."""
    open_now, waiting, overdue = (
        count(CaseSearch(which=which)) for which in (Which.OPEN, Which.WAITING, Which.OVERDUE)
    )
    return Standing(open_now, waiting, overdue)


def overview(zone: tzinfo = UTC) -> Overview:
    """The figures as they are now.

    Args:
        zone: In which weeks begin and end.
    """
    weeks = _weeks(zone)
    since = start_of_day(weeks[0].first, zone)
    reviews = _reviews_since(since)
    _count_into(weeks, zone, "opened", _times(Blacklisting.opened_at, since))
    _count_into(
        weeks, zone, "lifted", _times(Blacklisting.closed_at, since, Blacklisting.outcome == State.LIFTED.value)
    )
    for decision in Decision:
        _count_into(weeks, zone, decision, [(r.case_seq, r.at) for r in reviews if r.decision == decision])
    waits = _waits(since)
    return Overview(
        **asdict(standing()),
        weeks=weeks,
        by_reason=_by_reason(),
        by_person=openers(CaseSearch(which=Which.OPEN)),
        by_dial_code=_by_dial_code(),
        reviewed=len({review.case_seq for review in reviews}),
        overturned=len({review.case_seq for review in reviews if review.decision == Decision.OVERTURNED}),
        median_wait=timedelta(seconds=median(waits)) if waits else None,
        again=db.session.scalar(select(func.count()).select_from(last_of_several().subquery())) or 0,
    )


def _weeks(zone: tzinfo) -> list[Week]:
    today = clock.now().astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    return [Week(monday - WEEK * back, Counter()) for back in reversed(range(WEEKS))]


def _times(moment: Any, since: datetime, *conditions: Any) -> Sequence[tuple[int, datetime]]:
    query = select(Blacklisting.seq, moment).where(moment >= since, *conditions)
    return db.session.execute(query).all()


def _reviews_since(since: datetime) -> Sequence[Any]:
    query = select(Review.case_seq, Review.decision, Review.at).where(Review.at >= since, Review.undone_at.is_(None))
    return db.session.execute(query).all()


def _count_into(weeks: Sequence[Week], zone: tzinfo, what: str, happened: Iterable[tuple[int, datetime]]) -> None:
    """Count in how many cases something happened in each week; a case counts once a week."""
    days = {(seq, (at.astimezone(zone).date() - weeks[0].first) // WEEK) for seq, at in happened}
    for _, number in days:
        if number < len(weeks):
            weeks[number].counts[what] += 1


def _waits(since: datetime) -> list[float]:
    """The seconds from opening to first review of each case that was first reviewed since a moment."""
    lately = select(Review.case_seq).where(Review.at >= since)
    first = func.min(Review.at)
    standing = select(Blacklisting.opened_at, first).join(Review, Review.case_seq == Blacklisting.seq)
    standing = standing.where(Review.undone_at.is_(None), Blacklisting.seq.in_(lately))
    query = standing.group_by(Blacklisting.seq, Blacklisting.opened_at).having(first >= since)
    return [(reviewed - opened).total_seconds() for opened, reviewed in db.session.execute(query)]


def _by_reason() -> list[tuple[str, int]]:
    query = select(Blacklisting.reason, func.count()).where(Blacklisting.closed_at.is_(None))
    query = along_the_queue(query, CaseSearch(which=Which.OPEN))
    found = dict(db.session.execute(query.group_by(Blacklisting.reason)).all())
    return sorted(((reason, found[reason]) for reason in REASONS if reason in found), key=lambda pair: -pair[1])


def _by_dial_code() -> list[tuple[str, int]]:
    number = func.count().label("number")
    blacklisted = Customer.waits_from.is_not(None)
    query = select(Customer.dial_code, number).where(blacklisted).group_by(Customer.dial_code)
    query = query.with_hint(Customer, "INDEXED BY ix_customer_waits", "sqlite")
    rows = db.session.execute(query.order_by(number.desc(), Customer.dial_code))
    return [(dial_code or NO_DIAL_CODE, number) for dial_code, number in rows]
