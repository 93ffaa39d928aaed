"""Rows are proved, not only entries: whatever is other than the history says is named."""

import pytest

from tests.support.cast import SOMEBODY, actor, add, remove
from tests.support.histories import faults_in_histories, faults_of_everybody
from tests.support.lives import Lives, start
from tests.support.tampering import tampering
from webapp.blacklist import opening
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review, review_undo
from webapp.kernel.database import db
from webapp.programs import api_keys
from webapp.staff import members, second_factor

# By what is done to a row: the statement, and what is said.
TAMPERINGS = {
    "a name": ("UPDATE customer SET first_name = 'Eve' WHERE seq = :kofi", "another first_name"),
    "an e-mail": ("UPDATE customer SET email = 'e@example.com' WHERE seq = :kofi", "another email"),
    "a phone": ("UPDATE customer SET phone = '+233209999999' WHERE seq = :kofi", "another phone"),
    "a reference": ("UPDATE customer SET reference = 'X' WHERE seq = :kofi", "another reference"),
    "a day of creation": (
        "UPDATE customer SET created_at = created_at - 1 WHERE seq = :kofi",
        "another created_at in details",
    ),
    "the flag of somebody blacklisted": (
        "UPDATE customer SET blacklisted = false, waits_from = NULL WHERE seq = :kofi",
        "another blacklisted in details",
    ),
    "the flag of somebody who is not": (
        "UPDATE customer SET blacklisted = true, waits_from = 0 WHERE seq = :ada",
        "another blacklisted in details",
    ),
    "a reason": ("UPDATE blacklisting SET reason = 'abuse'", "another reason in case"),
    "a note": ("UPDATE blacklisting SET note = 'Nothing.'", "another note in case"),
    "evidence": ("UPDATE blacklisting SET evidence = '[]'", "another evidence in case"),
    "an opener": ("UPDATE blacklisting SET opened_by_name = 'Eve'", "another opened_by_name"),
    "who opened it, by number": (
        "UPDATE blacklisting SET opened_by_id = 999",
        "another opened_by_id",
    ),
    "who reviewed it": ("UPDATE blacklisting SET reviewed_by_name = 'Eve'", "reviewed_by_name"),
    "a due date": ("UPDATE blacklisting SET review_by = review_by + 1", "another review_by"),
    "what the review says": ("UPDATE blacklisting SET review_note = 'No.'", "another review_note"),
    "a case that is gone": ("DELETE FROM blacklisting", "has 0 of case, where the history says 1"),
    "a case without an entry": (
        "UPDATE blacklisting SET customer_seq = :ada",
        "has 1 of case, where the history says 0",
    ),
    "a case of nobody": ("UPDATE blacklisting SET customer_seq = 99", "has case, but no history"),
    "a role": ("UPDATE staff_member SET role = 'admin' WHERE name = 'Yaa'", "another role"),
    "a member's name": ("UPDATE staff_member SET name = 'Eve' WHERE name = 'Yaa'", "another name"),
    "a member who was deactivated": (
        "UPDATE staff_member SET active = true WHERE name = 'Yaa'",
        "another active in account",
    ),
    "a policy": ("UPDATE role_policy SET needs_second_factor = false", "needs_second_factor"),
    "the scopes of a key": ("UPDATE api_key SET scopes = '[\"write\"]'", "another scopes in key"),
    "the name of a key": ("UPDATE api_key SET name = 'Eve'", "another name in key"),
    "the owner of a key": (
        "UPDATE api_key SET owner_id = (SELECT id FROM staff_member WHERE name = 'Yaa')",
        "another owner_id in key",
    ),
    "a key that was revoked": ("UPDATE api_key SET revoked_at = NULL", "another revoked_at in key"),
    "who deleted somebody": ("UPDATE tombstone SET deleted_by_name = 'Eve'", "deleted_by_name"),
    "when somebody was deleted": (
        "UPDATE tombstone SET deleted_at = deleted_at - 1",
        "another deleted_at",
    ),
}


@pytest.fixture
def lives(inside):
    """Somebody who is blacklisted and kept so, somebody who is not, and somebody deleted; members,
    a policy and a key, all with a history.
    """
    for name, role in (("Adwoa", "admin"), ("Ama", "manager"), ("Esi", "agent"), ("Yaa", "agent")):
        email = f"{name.lower()}@example.com"
        members.add_member(email=email, name=name, role=role, by=SOMEBODY)
    kofi, ada = add(), add(email="ada@example.com", phone=None)
    link = "https://evidence.example.com/1"
    case = opening.open_case(
        kofi.id, reason="fraud", note="Two cards.", evidence=link, by=actor("Esi")
    ).case
    review.decide(case.seq, Decision.UPHELD, note="Yes.", by=actor("Ama"))
    remove_one()
    members.set_active(member_id("Yaa"), active=False, by=actor("Adwoa"))
    second_factor.require_for(["manager"], by=actor("Adwoa"))
    key, _ = api_keys.create_key(name="Shop", scopes=["read"], by=actor("Adwoa"))
    api_keys.revoke_key(key.id, by=actor("Adwoa"))
    return {"kofi": kofi.seq, "ada": ada.seq}


def remove_one():
    remove(add(email="gone@example.com", phone=None).id)


def member_id(name):
    return actor(name).id


def test_what_is_as_it_was_done_has_no_fault(lives):
    assert faults_of_everybody() == []


def test_each_row_that_is_other_than_the_history_says_is_named(book, lives):
    """All of them in one test, because the book takes longer to make than they do to be found."""
    for name, (statement, what) in TAMPERINGS.items():
        with tampering(book) as sql:
            wanted = {key: value for key, value in lives.items() if f":{key}" in statement}
            assert sql(statement, **wanted).rowcount, name
            sentences = [one.what for one in faults_of_everybody()]
            assert any(what in sentence for sentence in sentences), (name, sentences)
    assert faults_of_everybody() == []


def test_honest_lives_pass_at_every_step(staffed, the_clock):
    start(the_clock, weeks_ago=30)
    for number, _ in enumerate(Lives(the_clock, 5, customers=20).go_on(200)):
        if number % 5 == 0:
            assert faults_in_histories() == []
    assert faults_in_histories() == []


def test_a_review_that_was_undone_and_a_removal_that_was_reopened_pass(staffed):
    kofi = add()
    case = opening.open_case(kofi.id, reason="fraud", by=actor("Esi")).case
    first = review.decide(case.seq, Decision.OVERTURNED, note="Hers.", by=actor("Ama"))
    review_undo.undo_review(first.seq, by=actor("Ama"))
    assert faults_in_histories() == []
    db.session.rollback()
