"""The projections match the customers after any write; lists and searches equal
those from a scan of every row.
"""

import time

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import func, literal, select, update
from sqlalchemy.exc import IntegrityError

from tests.support.books import in_one_process, own_book
from tests.support.brute import Everybody, faults
from tests.support.cast import actor, add
from tests.support.lives import Lives, start
from tests.support.proofs import rounds
from tests.support.writes import Writes, live_once
from webapp.blacklist import opening
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review
from webapp.customers.models import Customer
from webapp.history import changes
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.projections import PROJECTIONS
from webapp.search import fts5, postgresql, timeout
from webapp.search.filters import CustomerFilter, Standing
from webapp.search.paging import page_counts
from webapp.search.projection import PageCounts
from webapp.search.results import page_of
from webapp.search.timeout import SearchTooWide
from webapp.transfer.samples.load import load_people

FEW = settings(
    max_examples=rounds(6, 12),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
LISTS, SEARCHES = rounds(120, 250), rounds(160, 400)


def test_projections_follow_every_write(on_sqlite, small_blocks):
    Writes.book = on_sqlite
    run_state_machine_as_test(Writes, settings=FEW)


# By projection: the first difference the machine above reports without it.
SEEN_WITHOUT = {
    "MergedRecords": "a merge that waits is left",
    "ReviewClock": "waits for review since another time",
    "CaseCounts": "are counted as others",
    "SearchIndex": "the search index does not hold",
    "NameWords": "is not indexed",
    "KnownIdentifiers": "is not recognised by",
    "LookalikePairs": "look-alikes are not shown",
    "EntryMatches": "customers who match an entry are not known",
    "CaseNotes": "a note of a case is left",
    "CustomerNotes": "a note of a customer is left",
    "UnreadDecisions": "an unread decision is left",
    "IdempotencyRecords": "a kept answer is left",
    "WebhookAnswers": "what a webhook answered is left",
    "ProposedValues": "what a set proposed is left",
    "PageCounts": "the block of created",
}


def test_each_projection_is_known_here():
    assert [*SEEN_WITHOUT] == [type(one).__name__ for one in PROJECTIONS]


@pytest.fixture
def without(on_sqlite, small_blocks, request):
    """The book with one projection left out."""
    Writes.book = on_sqlite
    changes.install([one for one in PROJECTIONS if type(one).__name__ != request.param])
    yield request.param
    changes.install(PROJECTIONS)
    db.session.rollback()


@pytest.mark.parametrize("without", SEEN_WITHOUT, indirect=True)
def test_without_any_one_of_them_something_differs(without):
    with pytest.raises((AssertionError, IntegrityError), match=SEEN_WITHOUT[without]):
        live_once(Writes())


if rounds(0, 1):

    @pytest.mark.parametrize("without", SEEN_WITHOUT, indirect=True)
    def test_without_any_one_of_them_any_life_differs(without):
        tried = settings(
            FEW, max_examples=100, derandomize=True, database=None, phases=[Phase.generate]
        )
        with pytest.raises((AssertionError, IntegrityError), match=SEEN_WITHOUT[without]):
            run_state_machine_as_test(Writes, settings=tried)


def test_with_all_of_them_nothing_differs(on_sqlite, small_blocks):
    Writes.book = on_sqlite
    live_once(Writes())


def test_lives_of_cases_keep_what_is_derived_in_step(on_sqlite, the_clock, small_blocks):
    start(the_clock, weeks_ago=30)
    lives = Lives(the_clock, 5, customers=40)
    for _ in lives.go_on(150):
        assert faults() == []
    the_clock.forward(days=200)
    everybody = Everybody()
    wrong = [
        line
        for search in everybody.some_lists(60, seed=1)
        for line in everybody.differences(search)
    ]
    assert wrong == []


@pytest.fixture(scope="module", params=in_one_process("sqlite", "postgresql"))
def big_book(request, tmp_path_factory):
    """Large enough for every plan; small limits give it many blocks, and make few
    customers the newest.
    """
    folder = tmp_path_factory.mktemp("big")
    with own_book(request.param, folder), pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_counts, "RUN", 64)
        patch.setattr(postgresql, "LOOKED_THROUGH", 100)
        patch.setattr(postgresql, "MOST_LOOKED_THROUGH", 1_000)
        patch.setattr(
            timeout, "SECONDS", 10
        )  # these tests check results, on a machine that may be busy
        load_people(4_000, seed=3, progress=lambda _: None)
        yield Everybody()


def test_lists_are_those_of_every_row(big_book, figure):
    some = big_book.some_lists(LISTS, seed=2)
    assert [line for search in some for line in big_book.differences(search)] == []
    figure(
        f"{LISTS} random lists of 4,000 customers equal those from every row on "
        f"{db.engine.dialect.name}"
    )


def test_a_list_may_be_empty_although_the_book_is_large(on_sqlite):
    load_people(500, seed=3, progress=lambda _: None)
    with writing():
        db.session.execute(update(Customer).values(blacklisted=True, waits_from=clock.now()))
        PageCounts().rebuild()
    assert page_of(CustomerFilter(standing=Standing.GOOD)).total == 0


def test_searches_find_what_every_row_says(big_book, figure):
    some = big_book.some_searches(SEARCHES, seed=4)
    assert [line for search in some for line in big_book.differences(search)] == []
    figure(
        f"{SEARCHES} random searches of 4,000 customers on {db.engine.dialect.name}: no wrong, "
        "missing or misplaced hit"
    )


def test_nobody_is_found_by_the_marks_of_the_search_index(big_book):
    assert page_of(CustomerFilter(text=fts5.dial_code_mark("+234")[-1])).total == 0


def test_a_search_is_stopped_when_its_time_is_over(big_book, monkeypatch):
    monkeypatch.setattr(timeout, "SECONDS", 0)
    with pytest.raises(SearchTooWide):
        page_of(CustomerFilter(text="example"))
    monkeypatch.undo()
    assert page_of(CustomerFilter(text="example")).total == 1_000


def test_a_statement_that_runs_too_long_is_stopped(inside, monkeypatch):
    monkeypatch.setattr(timeout, "SECONDS", 0.05)
    numbers = select(literal(1).label("n")).cte(recursive=True)
    endless = numbers.union_all(select(numbers.c.n + 1))
    with pytest.raises(SearchTooWide), timeout.Deadline().kept():
        db.session.scalar(select(func.count()).select_from(endless))
    assert db.session.scalar(select(1)) == 1


def test_the_time_of_a_search_begins_with_its_first_statement(on_sqlite, monkeypatch):
    """Not earlier, while the index is sampled, which may take longer on a busy machine."""
    monkeypatch.setattr(timeout, "SECONDS", 0.2)
    waiting = timeout.Deadline()
    time.sleep(0.3)
    with waiting.kept():
        assert db.session.scalar(select(1)) == 1


def test_who_waits_again_is_in_the_list_when_the_time_has_come(on_sqlite, the_clock):
    the_clock.moment = clock.now()
    kofi = add()
    the_clock.forward(seconds=1)
    case = opening.open_case(kofi.id, reason="fraud", by=actor("Esi")).case
    waiting = CustomerFilter.read({"standing": "waiting"})
    the_clock.forward(seconds=1)
    assert page_of(waiting).total == 1
    review.decide(case.seq, Decision.UPHELD, look_again_after=90, by=actor("Ama"))
    assert page_of(waiting).total == 0
    the_clock.forward(days=91)
    assert [row.waiting for row in page_of(waiting).rows] == [True]
