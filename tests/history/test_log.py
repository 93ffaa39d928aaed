"""The log of all entries: every change is in it, in order, on both engines."""

import pytest
from sqlalchemy import select, text

from tests.support.cast import actor, add, remove
from tests.support.trees import nodes_over
from webapp.blacklist import opening
from webapp.customers import edit
from webapp.history import log
from webapp.history.entries import HistoryEntry
from webapp.history.proofs import merkle
from webapp.kernel.database import db, writing

pytestmark = pytest.mark.usefixtures("staffed")


def whole_log():
    """The leaves in order, once all that was left is added."""
    with writing():
        log.add_pending(db.session.connection(), wait=True)
    return db.session.scalars(select(log.LogLeaf).order_by(log.LogLeaf.event)).all()


def row_of(entry):
    return {column.key: getattr(entry, column.key) for column in HistoryEntry.__table__.columns}


def live():
    kofi = add()
    edit.change(kofi.id, {"first_name": "Kobina"}, by=actor("Esi"))
    opening.open_case(kofi.id, reason="fraud", by=actor("Esi"))
    ada = add(email="ada@example.com", phone=None)
    remove(ada.id)


def test_every_entry_is_a_leaf_with_the_next_event_number():
    live()
    leaves = whole_log()
    entries = db.session.scalars(select(HistoryEntry)).all()
    known = {(one.subject, one.subject_seq, one.number): one for one in leaves}
    assert len(known) == len(entries) >= 5
    for entry in entries:
        leaf = known[entry.subject, entry.subject_seq, entry.number]
        assert leaf.hash == merkle.leaf_hash(log.content_of(row_of(entry)))
    assert [one.event for one in leaves] == list(range(len(leaves)))


def test_the_entries_of_a_chain_are_in_their_order():
    live()
    numbers = {}
    for leaf in whole_log():
        numbers.setdefault((leaf.subject, leaf.subject_seq), []).append(leaf.number)
    assert all(chain == sorted(chain) for chain in numbers.values())


def test_what_is_taken_back_is_in_no_log():
    before = len(whole_log())
    with pytest.raises(ZeroDivisionError), writing():
        add()
        raise ZeroDivisionError
    assert len(whole_log()) == before


def test_a_leaf_holds_nothing_that_must_be_erased():
    kofi = add(first_name="Unmistakable")
    entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.subject == "customer")).one()
    content = log.content_of(row_of(entry))
    assert b"Unmistakable" not in content
    assert kofi.email.encode() not in content


def test_stored_hashes_are_those_of_the_leaves_at_any_size():
    """Roots and proofs from what is stored equal those from the leaves alone."""
    hashes = [merkle.leaf_hash(str(number).encode()) for number in range(70_000)]
    leaves = [
        {"subject": "customer", "subject_seq": 10**6 + n, "number": 1, "hash": one}
        for n, one in enumerate(hashes)
    ]
    with writing():
        connection = db.session.connection()
        db.session.execute(text("DELETE FROM log_leaf"))
        for start, end in ((0, 1), (1, 300), (300, 66_000), (66_000, 70_000)):
            log.extend(connection, leaves[start:end])
        node, alone = log.nodes_of(connection), nodes_over(hashes)
        assert log.size_of(connection) == len(hashes)
        for size in (1, 255, 256, 257, 65_536, 65_537, 70_000):
            assert merkle.root(node, size) == merkle.root(alone, size), size
        for index in (0, 299, 65_535, 65_536, 69_999):
            proof = merkle.inclusion_proof(node, index, 70_000)
            assert merkle.is_included(
                hashes[index], index, 70_000, proof, merkle.root(alone, 70_000)
            )
        db.session.rollback()
