"""The counts of cases stay right whoever writes, and change at midnight by themselves."""

from datetime import timedelta
from random import Random
from threading import Thread

import pytest

from tests.support.at_once import at_once
from tests.support.brute import faults
from tests.support.cast import actor, add
from tests.support.proofs import rounds
from webapp.blacklist import case_counts, opening
from webapp.blacklist.case import find_open
from webapp.blacklist.case_counts import CaseCounts
from webapp.blacklist.filters import CaseFilter, Which
from webapp.blacklist.listing import count, page_of
from webapp.blacklist.models import REVIEW_AFTER
from webapp.blacklist.reviewing import review
from webapp.customers import edit, finding
from webapp.kernel import clock
from webapp.kernel.database import writing
from webapp.search.paging import page_blocks
from webapp.search.projection import PageCounts

pytestmark = pytest.mark.usefixtures("staffed")
WHICH = (Which.OPEN, Which.WAITING, Which.OVERDUE)


def people(number, first=0):
    return [
        add(email=f"c{first + n}@example.com", phone=None, country=("GH", "NG", None)[n % 3]).id
        for n in range(number)
    ]


def blacklist(one, reason="fraud"):
    opening.open_case(one, reason=reason, note="Seen.", by=actor("Esi"))


def lift(one):
    case = find_open(finding.get_customer(one))
    review.lift(one, case_seq=case.seq, note="Paid.", by=actor("Ama"))


def open_and_lift(seed):
    def work():
        random = Random(seed)
        for number, one in enumerate(people(5, first=100 * seed)):
            blacklist(one, random.choice(["fraud", "abuse"]))
            edit.change(one, {"country": random.choice(["GH", "NG"])}, by=actor("Esi"))
            if number % 2:
                lift(one)
                blacklist(one, "terms")

    return work


def repair():
    for _ in range(25):
        with writing():
            case_counts.CaseCounts().rebuild()


@pytest.mark.parametrize("beside", [(), (repair,)], ids=["alone", "beside a repair"])
def test_four_at_once_leave_counts_that_are_right(staffed, monkeypatch, beside):
    monkeypatch.setattr(case_counts, "CHANGES_TO_A_SUM", 3)
    for round_ in range(rounds(1, 20)):
        at_once(staffed, *(open_and_lift(4 * round_ + n) for n in range(1, 5)), *beside)
        assert faults() == []
    number = 20 * (round_ + 1)
    assert (case_counts.number_open(), count(CaseFilter(which=Which.OPEN))) == (number, number)
    assert case_counts.number_again() == 8 * (round_ + 1)


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize(
    ("projection", "reader"), [(CaseCounts(), case_counts), (PageCounts(), page_blocks)]
)
def test_who_writes_waits_for_a_repair_that_has_begun(staffed, monkeypatch, projection, reader):
    """Or what they add would be counted, and added once more."""
    one = people(1)[0]

    def write():
        with staffed.app.app_context():
            blacklist(one)

    writer, read = Thread(target=write), reader._everybody

    def read_after_another_tried_to_write(*which):
        if not writer.ident:
            writer.start()
            writer.join(0.5)
        return read(*which)

    with monkeypatch.context() as patch, writing():
        patch.setattr(reader, "_everybody", read_after_another_tried_to_write)
        projection.rebuild()
    writer.join()
    assert faults() == []


def test_what_waits_and_what_is_due_is_counted_to_the_millisecond(the_clock):
    the_clock.moment = clock.now()
    for number, one in enumerate(people(12)):
        the_clock.forward(hours=5 * number)
        blacklist(one)
    start = the_clock.moment
    for moment in (start, start + REVIEW_AFTER - timedelta(days=2), start + REVIEW_AFTER):
        for hour in range(0, 30, 3):
            the_clock.moment = moment + timedelta(hours=hour)
            for which in WHICH:
                rows = page_of(CaseFilter(which=which)).rows
                assert (which, count(CaseFilter(which=which))) == (which, len(rows))
