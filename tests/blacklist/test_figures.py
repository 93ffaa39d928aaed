"""Every figure of the overview equals a recount from the history, and the length of
the list it links to.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from tests.support.cast import actor, add
from tests.support.lives import Lives, start
from tests.support.proofs import rounds
from webapp.blacklist import listing, opening
from webapp.blacklist.figures import WEEKS_OFFERED, overview
from webapp.blacklist.filters import NO_DIAL_CODE, CaseEvent, CaseFilter, Which
from webapp.blacklist.models import REVIEW_AFTER, Decision
from webapp.blacklist.reviewing import review
from webapp.history.entries import HistoryEntry
from webapp.kernel import clock
from webapp.kernel.database import db

WEEK = timedelta(days=7)


@dataclass
class Told:
    """A case as the history describes it."""

    customer: int
    opened_at: datetime
    opener: tuple
    reason: str | None
    reviews: list = field(default_factory=list)  # (decision, at, review_by)
    asked_at: datetime | None = None
    closed: str | None = None
    closed_at: datetime | None = None

    def go_on(self, entry):
        if entry.kind == "lift_asked":
            self.asked_at = entry.at
        elif entry.kind == "upheld":
            review_by = (
                datetime.fromisoformat(entry.new("review_by")) if entry.values else clock.EPOCH
            )
            self.reviews.append(("upheld", entry.at, review_by))
        elif entry.kind == "review_undone":
            self.reviews.pop()
            self.closed = self.closed_at = None
        elif entry.kind in ("overturned", "lifted", "undone"):
            self.closed, self.closed_at = entry.kind, entry.at
            if entry.kind == "overturned":
                self.reviews.append(("overturned", entry.at, None))

    def waits(self, now):
        if self.closed:
            return False
        last = self.reviews[-1][1] if self.reviews else None
        return last is None or (self.asked_at and self.asked_at > last) or self.is_overdue(now)

    def is_overdue(self, now):
        upheld = [review_by for decision, _, review_by in self.reviews if decision == "upheld"]
        return not self.closed and (upheld[-1] if upheld else self.opened_at + REVIEW_AFTER) <= now


def cases_by_history():
    """All cases, and every customer's dial code, from history entries alone."""
    cases, codes = [], {}
    entries = db.session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.subject == "customer")
        .order_by(HistoryEntry.subject_seq, HistoryEntry.number)
    )
    for entry in entries:
        seq = entry.subject_seq
        if "dial_code" in entry.fields and entry.values:
            codes[seq] = entry.new("dial_code")
        if entry.kind == "blacklisted":
            opener = (entry.actor_kind, entry.actor_id, entry.actor_name)
            cases.append(Told(seq, entry.at, opener, entry.new("reason")))
        mine = next((case for case in reversed(cases) if case.customer == seq), None)
        if mine:
            mine.go_on(entry)
    return cases, codes


def recounted(zone):
    """The figures, counted from the history."""
    now, (cases, codes) = clock.now(), cases_by_history()
    today = now.astimezone(zone).date()
    first = today - timedelta(days=today.weekday()) - WEEK * (WEEKS_OFFERED[0] - 1)
    since = datetime.combine(first, datetime.min.time(), zone)
    return (
        figures_now(cases, codes, now)
        | figures_of_reviews(cases, since)
        | {"weeks": figures_by_week(cases, since, first, zone)}
    )


def figures_now(cases, codes, now):
    standing = [case for case in cases if not case.closed]
    again = Counter(case.customer for case in cases if case.closed != "undone")
    return {
        "open": len(standing),
        "waiting": sum(bool(case.waits(now)) for case in cases),
        "overdue": sum(case.is_overdue(now) for case in standing),
        "by_reason": Counter(case.reason for case in standing),
        "by_person": Counter(case.opener[:2] for case in standing),
        "by_dial_code": Counter(codes.get(case.customer) or NO_DIAL_CODE for case in standing),
        "again": sum(number > 1 for number in again.values()),
    }


def figures_of_reviews(cases, since):
    """How many cases were reviewed since then, and with which decision."""
    lately = [case for case in cases if any(at >= since for _, at, _ in case.reviews)]
    wrong = [
        case
        for case in lately
        if any(d == "overturned" and at >= since for d, at, _ in case.reviews)
    ]
    waits = [case.reviews[0][1] - case.opened_at for case in lately if case.reviews[0][1] >= since]
    return {
        "reviewed": len(lately),
        "overturned": len(wrong),
        "median_wait": median(waits) if waits else None,
    }


def figures_by_week(cases, since, first, zone):
    weeks = defaultdict(set)

    def count(what, case, at):
        if at >= since:
            weeks[what, (at.astimezone(zone).date() - first) // WEEK].add(id(case))

    for case in cases:
        count("opened", case, case.opened_at)
        if case.closed == "lifted":
            count("lifted", case, case.closed_at)
        for decision, at, _ in case.reviews:
            count(decision, case, at)
    return [
        {what: len(weeks[what, number]) for what in ("opened", "upheld", "overturned", "lifted")}
        for number in range(WEEKS_OFFERED[0])
    ]


def as_plain(figures):
    whats = ("opened", "upheld", "overturned", "lifted")
    return {
        **{
            name: getattr(figures, name)
            for name in ("open", "waiting", "overdue", "reviewed", "overturned", "again")
        },
        "weeks": [{what: week.counts[what] for what in whats} for week in figures.weeks],
        "by_reason": dict(figures.by_reason),
        "by_person": {(opener.kind, opener.id): number for opener, number in figures.by_person},
        "by_dial_code": dict(figures.by_dial_code),
        "median_wait": figures.median_wait,
    }


def lists_behind(figures, zone):
    """Each figure with the list that it links to."""
    period = {"first": figures.since, "last": figures.until}
    yield figures.open, CaseFilter(which=Which.OPEN)
    yield figures.waiting, CaseFilter(which=Which.WAITING)
    yield figures.overdue, CaseFilter(which=Which.OVERDUE)
    yield figures.reviewed, CaseFilter(happened=CaseEvent.REVIEWED, **period)
    yield figures.overturned, CaseFilter(happened=CaseEvent.OVERTURNED, **period)
    yield figures.again, CaseFilter(again=True)
    for week in figures.weeks:
        for happened in (
            CaseEvent.OPENED,
            CaseEvent.UPHELD,
            CaseEvent.OVERTURNED,
            CaseEvent.LIFTED,
        ):
            yield (
                week.counts[happened],
                CaseFilter(happened=happened, first=week.first, last=week.last),
            )
    for reason, number in figures.by_reason:
        yield number, CaseFilter(which=Which.OPEN, reason=reason)
    for opener, number in figures.by_person:
        yield number, CaseFilter(which=Which.OPEN, opener=opener)
    for code, number in figures.by_dial_code:
        yield number, CaseFilter(which=Which.OPEN, dial_code=code)


@pytest.mark.parametrize("seed", range(1, rounds(1, 3) + 1))
def test_every_figure_equals_a_recount_and_its_list(staffed, the_clock, seed, figure):
    start(the_clock, weeks_ago=40)
    lives = Lives(the_clock, seed, customers=40)
    for _ in lives.go_on(500):
        pass
    for zone in (UTC, ZoneInfo("Pacific/Auckland")):
        figures = held_to_a_recount_and_lists(zone)
    figure(
        f"overview of seed {seed} on {staffed.kind}: equal to the history, {figures.open} "
        "open, each list as long"
    )


def held_to_a_recount_and_lists(zone):
    figures = overview(zone)
    assert as_plain(figures) == recounted(zone)
    for number, wanted in lists_behind(figures, zone):
        page = listing.page_of(wanted, zone)
        assert (listing.count(wanted, zone), page.total) == (number, number), wanted
        assert len(page.rows) == min(number, listing.ROWS)
    assert figures.overturned, "something happened"
    assert figures.again
    return figures


def test_an_empty_book_has_figures_too(staffed):
    figures = overview()
    assert (figures.open, figures.waiting, figures.reviewed, figures.again) == (0, 0, 0, 0)
    assert figures.median_wait is None
    assert figures.share_overturned is None
    assert [len(figures.by_reason), len(figures.by_person), len(figures.by_dial_code)] == [0, 0, 0]


def test_the_share_of_what_was_wrong(staffed, the_clock):
    start(the_clock, weeks_ago=1)
    for number, decision in enumerate(
        [Decision.UPHELD, Decision.UPHELD, Decision.UPHELD, Decision.OVERTURNED]
    ):
        case = opening.open_case(
            add(email=f"{number}@example.com").id, reason="fraud", by=actor("Esi")
        ).case
        the_clock.forward(hours=number + 1)
        review.decide(case.seq, decision, note="Why.", by=actor("Ama"))
    figures = overview()
    assert figures.share_overturned == 0.25
    assert abs(figures.median_wait - timedelta(hours=2.5)) < timedelta(seconds=1)
