"""The blacklist in figures: open cases, events week by week, waiting times, share overturned.

Every count is the length of a list that `listing` returns for a `CaseFilter`, and can be recounted
from the history.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from statistics import median
from typing import Any

from sqlalchemy import case, func, literal, select

from webapp.blacklist.filters import NO_DIAL_CODE, CaseFilter, Opener, Which
from webapp.blacklist.listing import along_the_queue, count, last_of_several, openers
from webapp.blacklist.models import REASONS, Blacklisting, Decision, Review, State
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.search.filters import start_of_day, start_of_next_day

WEEKS = 12
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """A week from Monday to Sunday: how many cases were opened, upheld, overturned and lifted."""

    first: date
    counts: Counter[str]

    @property
    def last(self) -> date:
        return self.first + WEEK - timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """How many cases are open, wait for review, and are overdue."""

    open: int
    waiting: int
    overdue: int


@dataclass(frozen=True)
class Overview(Standing):
    """The figures at one moment; `weeks` are the last twelve, the present one last, and `since` is
    the first day of the first.

    Attributes:
        reviewed: Cases with a review since then that stands.
        overturned: Those among them that were overturned.
        median_wait: Median time from opening to first review, of cases first reviewed since then.
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
        """The share of reviewed cases that were overturned, from 0 to 1."""
        return self.overturned / self.reviewed if self.reviewed else None


def standing() -> Standing:
    """The figures of the present moment only."""
    open_now, waiting, overdue = (
        count(CaseFilter(which=which)) for which in (Which.OPEN, Which.WAITING, Which.OVERDUE)
    )
    return Standing(open_now, waiting, overdue)


def overview(zone: tzinfo = UTC) -> Overview:
    """All figures, as of now.

    Args:
        zone: The time zone in which weeks begin and end.
    """
    weeks = _weeks(zone)
    since = start_of_day(weeks[0].first, zone)
    _count_into(weeks, zone, literal("opened"), Blacklisting.opened_at, Blacklisting.seq)
    lifted = Blacklisting.outcome == State.LIFTED.value
    _count_into(weeks, zone, literal("lifted"), Blacklisting.closed_at, Blacklisting.seq, lifted)
    stands = Review.undone_at.is_(None)
    _count_into(weeks, zone, Review.decision, Review.at, Review.case_seq, stands)
    waits = _waits(since)
    return Overview(
        **asdict(standing()),
        weeks=weeks,
        by_reason=_by_reason(),
        by_person=openers(CaseFilter(which=Which.OPEN)),
        by_dial_code=_by_dial_code(),
        reviewed=_reviewed(since),
        overturned=_reviewed(since, Review.decision == Decision.OVERTURNED.value),
        median_wait=timedelta(seconds=median(waits)) if waits else None,
        again=db.session.scalar(select(func.count()).select_from(last_of_several().subquery()))
        or 0,
    )


def _weeks(zone: tzinfo) -> list[Week]:
    today = clock.now().astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    return [Week(monday - WEEK * back, Counter()) for back in reversed(range(WEEKS))]


def _count_into(
    weeks: Sequence[Week], zone: tzinfo, what: Any, moment: Any, case_seq: Any, *conditions: Any
) -> None:
    """Add to each week the number of cases to which something happened; each counts once a week."""
    ends = [start_of_next_day(week.last, zone) for week in weeks]
    week = case(*((moment < end, number) for number, end in enumerate(ends)))
    query = select(week, what, func.count(case_seq.distinct())).group_by(week, what)
    lately = (moment >= start_of_day(weeks[0].first, zone)) & (moment < ends[-1])
    for number, name, cases in db.session.execute(query.where(lately, *conditions)):
        weeks[number].counts[name] += cases


def _reviewed(since: datetime, *conditions: Any) -> int:
    """How many cases have a review since a moment that stands."""
    query = select(func.count(Review.case_seq.distinct())).where(
        Review.at >= since, Review.undone_at.is_(None)
    )
    return db.session.scalar(query.where(*conditions)) or 0


def _waits(since: datetime) -> list[float]:
    """The seconds from opening to first review, for each case first reviewed since a moment."""
    lately = select(Review.case_seq).where(Review.at >= since)
    first = func.min(Review.at)
    standing = select(Blacklisting.opened_at, first).join(
        Review, Review.case_seq == Blacklisting.seq
    )
    standing = standing.where(Review.undone_at.is_(None), Blacklisting.seq.in_(lately))
    query = standing.group_by(Blacklisting.seq, Blacklisting.opened_at).having(first >= since)
    return [(reviewed - opened).total_seconds() for opened, reviewed in db.session.execute(query)]


def _by_reason() -> list[tuple[str, int]]:
    query = select(Blacklisting.reason, func.count()).where(Blacklisting.closed_at.is_(None))
    query = along_the_queue(query, CaseFilter(which=Which.OPEN))
    counts = dict(db.session.execute(query.group_by(Blacklisting.reason)).all())
    return sorted(
        ((reason, counts[reason]) for reason in REASONS if reason in counts),
        key=lambda pair: -pair[1],
    )


def _by_dial_code() -> list[tuple[str, int]]:
    number = func.count().label("number")
    blacklisted = Customer.waits_from.is_not(None)
    query = select(Customer.dial_code, number).where(blacklisted).group_by(Customer.dial_code)
    query = query.with_hint(Customer, "INDEXED BY ix_customer_waits", "sqlite")
    rows = db.session.execute(query.order_by(number.desc(), Customer.dial_code))
    return [(dial_code or NO_DIAL_CODE, number) for dial_code, number in rows]
