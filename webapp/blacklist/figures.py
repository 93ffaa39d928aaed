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

from sqlalchemy import BigInteger, func, literal, select, type_coerce, union_all

from webapp.blacklist import case_counts
from webapp.blacklist.filters import CaseFilter, Opener, Which
from webapp.blacklist.listing import count
from webapp.blacklist.models import REASONS, Blacklisting, Decision, Review, State
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.search.filters import start_of_day, start_of_next_day

WEEKS_OFFERED = (12, 26, 52)
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
    """The figures at one moment; `weeks` end with the present one, and `since` is the first day of
    the first.

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


def overview(zone: tzinfo = UTC, number: int = WEEKS_OFFERED[0]) -> Overview:
    """All figures, as of now.

    Args:
        zone: The time zone in which weeks begin and end.
        number: How many weeks.
    """
    weeks = _weeks(zone, number)
    since = start_of_day(weeks[0].first, zone)
    _count_into(weeks, zone, literal("opened"), Blacklisting.opened_at, None)
    lifted = Blacklisting.outcome == State.LIFTED.value
    _count_into(weeks, zone, literal("lifted"), Blacklisting.closed_at, None, lifted)
    stands = Review.undone_at.is_(None)
    _count_into(weeks, zone, Review.decision, Review.at, Review.case_seq, stands)
    waits = _waits(since)
    return Overview(
        **asdict(standing()),
        weeks=weeks,
        by_reason=_by_reason(),
        by_person=case_counts.openers(),
        by_dial_code=_by_dial_code(),
        reviewed=_reviewed(since),
        overturned=_reviewed(since, Review.decision == Decision.OVERTURNED.value),
        median_wait=timedelta(milliseconds=median(waits)) if waits else None,
        again=case_counts.number_again(),
    )


def _weeks(zone: tzinfo, number: int) -> list[Week]:
    today = clock.now().astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    return [Week(monday - WEEK * back, Counter()) for back in reversed(range(number))]


def _count_into(
    weeks: Sequence[Week], zone: tzinfo, what: Any, moment: Any, case_seq: Any, *conditions: Any
) -> None:
    """Add to each week the number of cases to which something happened; each counts once a week.

    A range for each week, because an index counts a range faster than any expression sorts rows
    into weeks.
    """
    number = func.count() if case_seq is None else func.count(case_seq.distinct())
    ranges = [
        select(literal(place), what.label("what"), number)
        .where(
            moment >= start_of_day(week.first, zone),
            moment < start_of_next_day(week.last, zone),
            *conditions,
        )
        .group_by("what")
        for place, week in enumerate(weeks)
    ]
    for place, name, cases in db.session.execute(union_all(*ranges)):
        weeks[place].counts[name] += cases


def _reviewed(since: datetime, *conditions: Any) -> int:
    """How many cases have a review since a moment that stands."""
    query = select(func.count(Review.case_seq.distinct())).where(
        Review.at >= since, Review.undone_at.is_(None)
    )
    return db.session.scalar(query.where(*conditions)) or 0


def _waits(since: datetime) -> list[int]:
    """The milliseconds from opening to first review, of cases first reviewed since a moment."""
    lately = select(Review.case_seq).where(Review.at >= since)
    first = func.min(Review.at)
    wait = type_coerce(first, BigInteger) - type_coerce(Blacklisting.opened_at, BigInteger)
    query = (
        select(wait)
        .join(Review, Review.case_seq == Blacklisting.seq)
        .where(Review.undone_at.is_(None), Blacklisting.seq.in_(lately))
        .group_by(Blacklisting.seq, Blacklisting.opened_at)
        .having(first >= since)
    )
    return list(db.session.scalars(query))


def _by_reason() -> list[tuple[str, int]]:
    counts = case_counts.totals("reason")
    return sorted(
        ((reason, counts[reason]) for reason in REASONS if reason in counts),
        key=lambda pair: -pair[1],
    )


def _by_dial_code() -> list[tuple[str, int]]:
    return sorted(case_counts.totals("dial_code").items(), key=lambda pair: (-pair[1], pair[0]))
