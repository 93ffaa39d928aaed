"""On PostgreSQL several write at once: what they leave for the page counts is added up once, and
lists are right before, while and after that.
"""

from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text

from tests.support.at_once import at_once
from tests.support.brute import Everybody, faults
from tests.support.cast import SOMEBODY, actor, add, hire
from tests.support.proofs import rounds
from tests.support.writes import Writes
from webapp.blacklist import opening
from webapp.customers import edit, erase
from webapp.history import changes
from webapp.kernel.database import db, patience, writing
from webapp.search import projection
from webapp.search.filters import CustomerFilter
from webapp.search.paging import page_moves
from webapp.search.results import page_of

pytestmark = pytest.mark.only_on("postgresql")
FEW = settings(
    max_examples=rounds(4, 40),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def soon(small_blocks, monkeypatch):
    """Moves are added up after every third write."""
    monkeypatch.setattr(projection, "WRITES_TO_A_SUM", 3)


def moves():
    with db.engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM page_move"))


def blocks():
    with db.engine.connect() as connection:
        return connection.scalar(
            text("SELECT count(*) FROM page_block WHERE sort = 'created' AND dial_code = ''")
        )


def add_up():
    with writing():
        page_moves.add_up(db.session.connection())


def people(number, first=0):
    return [
        add(email=f"c{first + n}@example.com", phone=None, country=("GH", "NG", None)[n % 3]).id
        for n in range(number)
    ]


def test_lists_follow_every_write(inside, soon):
    Writes.book = inside
    run_state_machine_as_test(Writes, settings=FEW)


def test_moves_count_before_they_are_added_up_and_are_gone_after(staffed, small_blocks):
    ids = people(30)
    opening.open_case(ids[3], reason="fraud", note="Seen.", by=actor("Esi"))
    assert (moves() > 90, blocks(), page_of(CustomerFilter()).total) == (True, 0, 30)
    everybody, before = Everybody(), list(faults())
    lists = list(everybody.some_lists(40, seed=5))
    assert [line for one in lists for line in everybody.differences(one)] == before == []
    db.session.rollback()
    add_up()
    assert (moves(), blocks() > 1, page_of(CustomerFilter()).total) == (0, True, 30)
    assert [line for one in lists for line in everybody.differences(one)] == faults() == []


def test_a_write_that_fails_leaves_no_move(staffed):
    with pytest.raises(ZeroDivisionError), writing():
        people(1)
        raise ZeroDivisionError
    assert (moves(), page_of(CustomerFilter()).total) == (0, 0)


def test_a_book_that_empties_has_no_blocks_left(staffed, soon):
    for one in people(20):
        erase.delete_customer(one, by=SOMEBODY)
    add_up()
    assert (moves(), blocks(), page_of(CustomerFilter()).total, faults()) == (0, 0, 0, [])


def write_some(seed):
    """Random writes by one of several at once; some of a customer whom another one changes too."""

    def write():
        random = Random(seed)
        mine = people(6, first=100 * seed)
        for number in range(12):
            one = random.choice(mine)
            match number % 4:
                case 0:
                    mine += people(1, first=100 * seed + 50 + number)
                case 1:
                    edit.change(one, {"last_name": random.choice("ABCDE")}, by=SOMEBODY)
                case 2:
                    mine.remove(one)
                    erase.delete_customer(one, by=SOMEBODY)
                case _:
                    edit.change(one, {"country": random.choice(["GH", "NG"])}, by=SOMEBODY)

    return write


def repair():
    for _ in range(3):
        with writing():
            changes.rebuild()


@pytest.mark.parametrize("beside", [(), (repair,)], ids=["alone", "beside a repair"])
def test_four_writers_at_once_leave_counts_that_are_right(inside, soon, beside):
    hire()
    people(20, first=9_000)
    db.session.remove()
    for round_ in range(rounds(2, 25)):
        failed = at_once(inside, *(write_some(4 * round_ + n) for n in range(1, 5)), *beside)
        assert [one for one in failed if one] == []
        assert faults() == []
    everybody = Everybody()
    wrong = [
        line for one in everybody.some_lists(40, seed=6) for line in everybody.differences(one)
    ]
    assert wrong == []


def test_who_adds_up_does_not_keep_another_writer_waiting(inside, small_blocks, monkeypatch):
    people(8)
    monkeypatch.setattr(projection, "WRITES_TO_A_SUM", 1)
    monkeypatch.setattr(patience, "seconds", 0.5)
    with db.engine.connect() as other, other.begin():
        page_moves.add_up(other)
        people(4, first=50)
        assert (moves(), page_of(CustomerFilter()).total) == (36, 12)
        db.session.rollback()
    assert (moves(), faults()) == (12, [])


def test_a_block_that_starts_later_still_counts_who_has_just_left_it(
    staffed, small_blocks, monkeypatch
):
    """Somebody is renamed after the moves were added up, and before the block starts anew."""
    ids = [add(last_name=f"Name{n}", email=f"c{n}@gmail.com", phone=None).id for n in range(9)]
    with writing():
        changes.rebuild()
    parts = page_moves._parts

    def parts_after_a_renaming(*where):
        at_once(staffed, lambda: edit.change(ids[5], {"last_name": "Aaron"}, by=SOMEBODY))
        return parts(*where)

    with monkeypatch.context() as patch:
        patch.setattr(page_moves, "_parts", parts_after_a_renaming)
        erase.delete_customer(ids[4], by=SOMEBODY)
    assert faults() == []
    add_up()
    assert faults() == []
