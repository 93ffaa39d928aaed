"""A fault of the history is explained by one manager and agreed to by another; until then, and
where somebody without the key writes the explanation, the check fails.
"""

import pytest
from sqlalchemy import text

from tests.support.cast import actor, add
from tests.support.commands import run
from tests.support.tampering import tampering
from webapp.history import log, of_book
from webapp.history.entries import HistoryEntry, HistoryValues, values_digest
from webapp.history.eyes import OwnDecision
from webapp.history.of_book import BOOK
from webapp.history.proofs import explained, proved
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict, Invalid, NotFound
from webapp.staff import members

NOTE = "The operator put\nit right by hand."


def verify(book, *more):
    db.session.rollback()
    return run(book, "history", "verify", *more)


@pytest.fixture
def fault(inside, everything):
    """The sentence about Kofi's name, which somebody changed by hand."""
    assert verify(inside)[0] == 0
    db.session.execute(text("UPDATE customer SET first_name = 'Eve' WHERE seq = 1"))
    db.session.commit()
    status, output = verify(inside)
    assert status == 1
    return output.splitlines()[0]


def explain(fault):
    explained.explain(fault, note=NOTE, by=actor("Ama"))
    return explained.explanations()[fault].number


def test_a_fault_that_two_people_explained_fails_no_check(inside, fault):
    before = proved.find_proof()
    number = explain(fault)
    status, output = verify(inside)
    assert (status, output.splitlines()[0]) == (1, fault), "one person is not enough"
    explained.agree(number, by=actor("Adwoa"))
    status, output = verify(inside)
    assert status == 0
    first, last = output.splitlines()
    assert first == f"{fault} Explained by Ama and Adwoa: The operator put it right by hand."
    assert last.endswith("all but 1, which two managers have explained, are as written.")
    assert proved.find_proof().whole_at > before.whole_at
    assert explained.unexplained() == []


def test_the_check_goes_on_being_useful(inside, fault):
    explained.agree(explain(fault), by=actor("Adwoa"))
    ada = add(email="other@example.com")
    db.session.execute(text("UPDATE customer SET phone = NULL WHERE seq = :it"), {"it": ada.seq})
    db.session.commit()
    for more in ((), ("--new",)):
        status, output = verify(inside, *more)
        assert status == 1
        assert "another phone in details" in output
        assert "1 of these are not as they were written" in output
        (only,) = explained.unexplained()
        assert only.startswith(f"Customer {ada.id} has another phone in details than the history")


def test_what_was_put_right_is_named_no_more(inside, fault):
    explain(fault)
    db.session.execute(text("UPDATE customer SET first_name = 'Kofi' WHERE seq = 1"))
    db.session.commit()
    assert verify(inside, "--new")[0] == 0
    assert proved.find_faults(), "a check of what is new does not look again"
    assert verify(inside)[0] == 0
    assert proved.find_faults() == []
    assert fault in explained.explanations(), "the explanation stays"


def test_nobody_agrees_with_themselves(inside, fault):
    number = explain(fault)
    with pytest.raises(OwnDecision):
        explained.agree(number, by=actor("Ama"))
    members.reset_password(actor("Ama").id, by=actor("Adwoa"))
    with pytest.raises(OwnDecision):
        explained.agree(number, by=actor("Adwoa"))


def test_only_what_was_read_is_agreed_to(inside, fault):
    first = explain(fault)
    second = explain(fault)
    for number in (first, second + 1, 0):
        with pytest.raises(Conflict):
            explained.agree(number, by=actor("Adwoa"))
    explained.agree(second, by=actor("Adwoa"))
    for deed in (lambda: explain(fault), lambda: explained.agree(second, by=actor("Adwoa"))):
        with pytest.raises(Conflict):
            deed()


def test_what_was_not_found_is_not_explained(inside, fault):
    with pytest.raises(NotFound):
        explained.explain("Customer 7 is odd.", note=NOTE, by=actor("Ama"))
    for note in ("", " \n", "x" * 2_001, "a\x00b"):
        with pytest.raises(Invalid):
            explained.explain(fault, note=note, by=actor("Ama"))
    assert explained.explanations() == {}


def forge_entry(number, kind, new):
    """An entry as somebody writes it who has the database and not the key."""
    salt = bytes(16)
    key = {"subject": BOOK.kind, "subject_seq": BOOK.seq, "number": number}
    about = {"kind": kind, "at": proved.clock.now(), "version": number, "actor_kind": "staff"}
    who = {"actor_id": number, "actor_name": f"Eve {number}", "door": "page"}
    digest = values_digest(salt, {}, new)
    sealed = {"fields": sorted(new), "digest": digest, "seal": bytes(32)}
    db.session.execute(HistoryEntry.__table__.insert().values(key | about | who | sealed))
    db.session.execute(
        HistoryValues.__table__.insert().values(key | {"salt": salt, "old": {}, "new": new})
    )


def test_the_same_fault_with_another_content_is_another(inside, fault):
    explained.agree(explain(fault), by=actor("Adwoa"))
    assert verify(inside)[0] == 0
    db.session.execute(text("UPDATE customer SET first_name = 'Mallory' WHERE seq = 1"))
    db.session.commit()
    status, output = verify(inside)
    assert status == 1
    assert "another first_name" in output


def test_an_explained_fault_of_an_entry_hides_no_row(inside, everything):
    """The rows of somebody whose chain was altered are compared all the same."""
    assert verify(inside)[0] == 0
    with tampering(inside) as sql:
        sql("UPDATE history_entry SET actor_name = 'Eve' WHERE subject = 'customer'"
            " AND subject_seq = 1 AND number = 1")  # fmt: skip
        db.session.commit()
    status, output = verify(inside)
    assert status == 1
    for fault in output.splitlines()[:-1]:
        explained.agree(explain(fault), by=actor("Adwoa"))
    assert verify(inside)[0] == 0
    db.session.execute(text("UPDATE customer SET phone = NULL WHERE seq = 1"))
    db.session.commit()
    assert "another phone in details" in verify(inside)[1]


@pytest.mark.parametrize("statement", [
    "DELETE FROM log_leaf WHERE event = 3",
    "UPDATE history_entry SET actor_name = 'Eve' WHERE subject = 'book'",
    "UPDATE log_leaf SET hash = (SELECT hash FROM log_leaf WHERE event = 4) WHERE event = 2",
])  # fmt: skip
def test_what_hides_other_faults_is_not_explained(inside, everything, statement):
    of_book.note("repaired", {"number": 1})
    log.catch_up()
    assert verify(inside)[0] == 0
    with tampering(inside) as sql:
        assert sql(statement).rowcount
        sql("DELETE FROM log_node")
        db.session.commit()
    _, output = verify(inside)
    hiding = [
        one for one in output.splitlines() if one.startswith(("Event", "The log")) or "book" in one
    ]
    assert hiding
    for fault in hiding:
        with pytest.raises(Conflict):
            explain(fault)


def test_an_explanation_without_the_key_explains_nothing(inside, fault):
    """Not even itself."""
    own = [f"Entry {number} of book 1 {what}" for number in range(1, 7) for what in (
        "was altered, or moved here from another place.", "is not in the log.")]  # fmt: skip
    with tampering(inside):
        for number, sentence in enumerate([fault, *own]):
            forge_entry(2 * number + 1, "fault_explained", {"fault": sentence, "note": "Fine."})
            forge_entry(2 * number + 2, "fault_agreed", {"explanation": 2 * number + 1})
        db.session.commit()
    status, output = verify(inside)
    assert status == 1
    assert fault in output.splitlines()
    assert "Explained by" not in output


def test_an_odd_entry_of_the_book_stops_no_check(inside, fault):
    with tampering(inside):
        forge_entry(1, "fault_explained", {"fault": fault})
        forge_entry(2, "fault_agreed", {"explanation": [1]})
        forge_entry(3, "fault_explained", {"fault": [1], "note": "x"})
        db.session.commit()
    assert explained.explanations() == {}
    assert verify(inside)[0] == 1
