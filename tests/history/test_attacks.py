"""Somebody with the database, and somebody who has the history key besides."""

import random

import pytest

from tests.history.test_anchors import KEY, use
from tests.support.forging import alter, forge, take_back
from tests.support.histories import faults_of_everybody
from tests.support.tampering import ROW_TAMPERINGS, tampering
from webapp.history.proofs import anchors, roots

PAIRS = 60
# These hide what else is wrong about the same subject.
HIDING = ("has 0 of", "has 2 of", "has 1 of", "is missing", "vanished", "no history")


def test_random_pairs_of_tamperings_are_named(book, everything):
    dice = random.Random(17)
    tried = 0
    for _ in range(PAIRS):
        pair = dice.sample(sorted(ROW_TAMPERINGS), 2)
        with tampering(book) as sql:
            changed = [_do(sql, ROW_TAMPERINGS[name][0], everything) for name in pair]
            sentences = [one.what for one in faults_of_everybody()]
        wanted = [ROW_TAMPERINGS[name][1] for name in pair]
        named = [any(what in sentence for sentence in sentences) for what in wanted]
        assert any(named), (pair, sentences)
        if all(changed) and not any(hiding in what for what in wanted for hiding in HIDING):
            assert all(named), (pair, sentences)
            tried += 1
    assert tried > PAIRS / 3, tried
    assert faults_of_everybody() == []


def _do(sql, statement, values):
    wanted = {key: value for key, value in values.items() if f":{key}" in statement}
    return sql(statement, **wanted).rowcount


def a_customer_removed_whole(sql, kofi, ada):
    take_back(sql, "customer", ada)
    for table in ("resemblance WHERE other_seq", "customer WHERE seq"):
        sql(f"DELETE FROM {table} = :ada", ada=ada)


def a_deletion_without_a_trace(sql, kofi, ada):
    gone = sql("SELECT customer_seq FROM tombstone").scalar()
    take_back(sql, "customer", gone)
    sql("DELETE FROM tombstone")


def a_blacklisting_taken_back(sql, kofi, ada):
    take_back(sql, "customer", kofi, after=1)
    sql("DELETE FROM case_identifier")
    sql("DELETE FROM review")
    sql("DELETE FROM blacklisting WHERE customer_seq = :kofi", kofi=kofi)
    sql("UPDATE customer SET version = 1, blacklisted = false, waits_from = NULL,"
        " updated_at = created_at WHERE seq = :kofi", kofi=kofi)  # fmt: skip


def a_review_taken_back(sql, kofi, ada):
    take_back(sql, "customer", kofi, after=2)
    sql("DELETE FROM review")
    sql("UPDATE blacklisting SET reviewed_at = NULL, reviewed_by_id = NULL,"
        " reviewed_by_name = NULL, review_note = NULL, review_by = opened_at + 7776000000"
        " WHERE customer_seq = :kofi", kofi=kofi)  # fmt: skip
    sql("UPDATE customer SET version = 2, updated_at = (SELECT at FROM history_entry WHERE"
        " subject = 'customer' AND subject_seq = :kofi AND number = 2) WHERE seq = :kofi",
        kofi=kofi)  # fmt: skip


def another_name_from_the_beginning(sql, kofi, ada):
    alter("customer", ada, 1, first_name="Eve")
    sql("UPDATE customer SET first_name = 'Eve' WHERE seq = :ada", ada=ada)


def another_reason(sql, kofi, ada):
    alter("customer", kofi, 2, reason="abuse")
    sql("UPDATE blacklisting SET reason = 'abuse' WHERE customer_seq = :kofi", kofi=kofi)


def somebody_else_opened_it(sql, kofi, ada):
    sql("UPDATE history_entry SET actor_name = 'Eve' WHERE kind = 'blacklisted'"
        " AND subject_seq = :kofi", kofi=kofi)  # fmt: skip
    sql("UPDATE blacklisting SET opened_by_name = 'Eve' WHERE customer_seq = :kofi", kofi=kofi)


def an_agent_who_was_always_an_admin(sql, kofi, ada):
    esi = sql("SELECT id FROM staff_member WHERE name = 'Esi'").scalar()
    alter("staff", esi, 1, role="admin")
    sql("UPDATE staff_member SET role = 'admin' WHERE name = 'Esi'")


def a_policy_that_never_was(sql, kofi, ada):
    for (role,) in list(sql("SELECT id FROM role_policy WHERE version > 0")):
        take_back(sql, "role", role)
    sql("UPDATE role_policy SET needs_second_factor = false, version = 0")


def a_key_that_may_write(sql, kofi, ada):
    alter("key", 1, 1, scopes="write")
    sql("UPDATE api_key SET scopes = '[\"write\"]'")


def a_note_that_says_something_else(sql, kofi, ada):
    seq = sql("SELECT customer_seq FROM customer_note").scalar()
    alter("customer", seq, 4, note="Eve.")
    sql("UPDATE customer_note SET text = 'Eve.'")


def an_hour_earlier(sql, kofi, ada):
    sql("UPDATE history_entry SET at = at - 3600000 WHERE subject = 'customer'"
        " AND subject_seq = :ada", ada=ada)  # fmt: skip
    sql("UPDATE customer SET created_at = created_at - 3600000, updated_at = updated_at - 3600000"
        " WHERE seq = :ada", ada=ada)  # fmt: skip


FORGERIES = (
    a_customer_removed_whole,
    a_deletion_without_a_trace,
    a_blacklisting_taken_back,
    a_review_taken_back,
    another_name_from_the_beginning,
    another_reason,
    somebody_else_opened_it,
    an_agent_who_was_always_an_admin,
    a_policy_that_never_was,
    a_key_that_may_write,
    a_note_that_says_something_else,
    an_hour_earlier,
)


@pytest.fixture
def root(everything):
    use(KEY)
    yield roots.sign_root()
    use("")


def test_with_the_key_the_past_is_forged_but_not_its_root(book, everything, root):
    for commit in FORGERIES:
        with tampering(book) as sql:
            before = [line.hash for line in _leaves(sql)]
            commit(sql, everything["kofi"], everything["ada"])
            assert faults_of_everybody(), commit.__name__
            forge(sql)
            assert faults_of_everybody() == [], commit.__name__
            after = [line.hash for line in _leaves(sql)]
            pairs = enumerate(zip(before, after, strict=False))
            first = next(event for event, (one, other) in pairs if one != other)
            (difference,) = anchors.differences([root])
            assert f"first entry that differs is event {first}." in difference, commit.__name__
    assert faults_of_everybody() == []
    assert list(anchors.differences([root])) == []


def _leaves(sql):
    return list(sql("SELECT hash FROM log_leaf ORDER BY event"))
