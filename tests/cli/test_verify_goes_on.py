"""A verify of what is new takes only that, and one that was broken off goes on."""

from threading import Thread

import pytest
from sqlalchemy import select, text

from tests.support.cast import PASSWORD, SOMEBODY, add
from tests.support.commands import run
from tests.support.desks import at_desk
from tests.support.tampering import tampering
from webapp import proving
from webapp.customers import edit
from webapp.history.book import BookFact
from webapp.history.log import catch_up
from webapp.history.proofs import proved
from webapp.kernel.clock import in_iso
from webapp.kernel.database import db
from webapp.staff import members
from webapp.transfer.samples.load import load_people

SIZE = 400


@pytest.fixture
def filled(inside):
    members.add_member(
        email="ama@example.com", name="Ama", role="admin", password=PASSWORD, by=SOMEBODY
    )
    load_people(SIZE, seed=5, progress=lambda _: None)
    db.session.rollback()
    return inside


def verify(book, *more):
    db.session.rollback()
    return run(book, "history", "verify", *more)


def test_only_what_is_new_is_checked(filled):
    assert verify(filled)[0] == 0
    first = proved.find_proof()
    kofi, ada = add(), add(email="ada@example.com", phone=None)
    edit.change(kofi.id, {"first_name": "Kobina"}, by=SOMEBODY)
    status, output = verify(filled, "--new")
    assert (status, output) == (0, "3 entries about 2 subjects: all are as they were written.\n")
    last = proved.find_proof()
    assert (last.size, last.whole_at) == (first.size + 3, first.whole_at)
    assert last.at > first.at
    assert verify(filled, "--new")[1].startswith("0 entries about 0 subjects")
    last = proved.find_proof()
    edit.change(ada.id, {"first_name": "Ada"}, by=SOMEBODY)
    db.session.execute(
        text("UPDATE customer SET first_name = 'Eve' WHERE seq = :seq"), {"seq": ada.seq}
    )
    db.session.commit()
    status, output = verify(filled, "--new")
    assert status == 1
    assert output.startswith(f"Customer {ada.id} has another first_name in details")
    assert proved.find_proof() == last


def test_without_a_proof_everything_is_new(filled):
    assert "401 subjects" in verify(filled, "--new")[1]
    assert proved.find_proof().size > SIZE


def test_a_past_that_changed_since_the_proof_is_named(filled):
    assert verify(filled)[0] == 0
    with tampering(filled) as sql:
        sql(
            "UPDATE log_leaf SET hash = (SELECT hash FROM log_leaf WHERE event = 3) WHERE event = 2"
        )
        sql("DELETE FROM log_node")
        db.session.commit()
    status, output = verify(filled, "--new")
    assert status == 1
    assert "The log does not go on from what was proved on " in output


@pytest.mark.parametrize("name", ["proved", "verifying"])
def test_nobody_claims_a_proof_without_the_key(filled, name):
    size, root = proved.present_root()
    proved.note_proof(size, root, is_whole=True)
    proved.note_run(
        proved.Run(proved.clock.now(), size, root, proved.Subject("staff", 10**6), 0, 0)
    )
    fact = db.session.scalar(select(BookFact.value).where(BookFact.name == name))
    forged = fact.replace('"size":', '"size":1')
    assert forged != fact
    db.session.execute(
        text("UPDATE book_fact SET value = :value WHERE name = :name"),
        {"value": forged, "name": name},
    )
    db.session.commit()
    assert (proved.find_proof() is None) == (name == "proved")
    assert (proved.find_run() is None) == (name == "verifying")


class BrokenOff(Exception):
    pass


def break_off(monkeypatch, *, after):
    """Have a run stop after so many notes."""
    monkeypatch.setattr(proving, "SECONDS_TO_A_NOTE", 0)
    note, times = proved.note_run, iter(range(after))

    def note_or_stop(run):
        note(run)
        if next(times, None) is None:
            raise BrokenOff

    monkeypatch.setattr(proved, "note_run", note_or_stop)


@pytest.mark.parametrize("faulty", [False, True])
def test_a_run_that_was_broken_off_goes_on(filled, monkeypatch, faulty):
    if faulty:
        db.session.execute(text("UPDATE customer SET first_name = 'Eve' WHERE seq IN (3, 390)"))
        db.session.commit()
    with monkeypatch.context() as patch:
        break_off(patch, after=100)
        with pytest.raises(BrokenOff):
            verify(filled)
    kofi = add()
    catch_up()
    status, output = verify(filled)
    assert output.startswith("Going on after customer ")
    if faulty:
        assert output.count("has another first_name") == 2
        assert status == 1
        assert proved.find_run() is None
    else:
        assert status == 0, output
        assert "402 subjects" in output
        assert proved.find_proof().size < proved.present_root()[0]  # what came meanwhile is new
        assert "1 entries about 1 subjects" in verify(filled, "--new")[1]
    assert kofi.seq == SIZE + 1


def test_anew_begins_at_the_beginning_and_so_does_the_next_day(filled, monkeypatch, the_clock):
    with monkeypatch.context() as patch:
        break_off(patch, after=10)
        with pytest.raises(BrokenOff):
            verify(filled)
    db.session.rollback()
    assert proved.find_run()
    the_clock.forward(days=2)
    assert proved.find_run() is None
    assert verify(filled, "--anew")[1].startswith(("4", "5", "6"))


def test_what_is_changed_during_a_check_is_left_to_the_next(inside):
    """By the worker, which reads something before."""
    members.add_member(email="ama@example.com", name="Ama", role="admin", by=SOMEBODY)
    people = [add(email=f"p{number}@example.com", phone=None) for number in range(5)]
    left = [people[4].id, people[0].id]

    def change():
        with inside.app.app_context():
            edit.change(left.pop(), {"first_name": "Kobina"}, by=SOMEBODY)
            db.session.remove()

    def meanwhile():
        if left:
            other = Thread(target=change)
            other.start()
            other.join()

    inside.app.extensions["duties"]["prove"].do({}, meanwhile)
    assert left == []
    assert proved.find_faults() == []
    assert verify(inside, "--new") == (
        0,
        "4 entries about 2 subjects: all are as they were written.\n",
    )


def test_what_was_proved_is_told_to_monitoring_and_to_admins(filled):
    desk = at_desk(filled, "Ama")
    assert "Nobody has checked the history yet." in desk.open("/staff").text
    assert verify(filled)[0] == 0
    proof = proved.find_proof()
    ready = desk.client.get("/readyz").json
    assert ready["historyProvedAt"] == ready["historyProvedWholeAt"] == in_iso(proof.at)
    page = desk.open("/staff").text
    assert f"{proof.size:,} entries so far" in page
    assert f'datetime="{in_iso(proof.at)}"' in page
