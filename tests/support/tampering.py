"""What somebody with the database's password can do to the history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from tests.support.books import Book
from webapp.kernel.database import db

APPEND_ONLY = ("entry_not_update", "entry_not_delete", "values_not_update")


@contextmanager
def tampering(book: Book) -> Iterator[Callable[..., Any]]:
    """Runs statements past every guard; their changes are undone afterwards."""
    db.session.rollback()
    if book.kind == "sqlite":
        db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
        for name in APPEND_ONLY:
            db.session.execute(text(f"DROP TRIGGER history_{name}"))
    else:
        db.session.execute(text("SET LOCAL session_replication_role = replica"))
    yield lambda statement, **values: db.session.execute(text(statement), values)
    db.session.rollback()


# What is done to a row of each kind that a history tells of: the statement, and what is said.
ROW_TAMPERINGS = {
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
        "UPDATE blacklisting SET customer_seq = :ada WHERE reason = 'fraud'",
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
    "another id": ("UPDATE customer SET id = :id WHERE seq = :ada", "another id in details"),
    "a version": ("UPDATE customer SET version = 2 WHERE seq = :ada", "is missing"),
    "a moment of change": (
        "UPDATE customer SET updated_at = updated_at + 1 WHERE seq = :ada",
        "another updated_at",
    ),
    "a number of a case": (
        "UPDATE blacklisting SET seq = 77 WHERE reason = 'fraud'",
        "another seq",
    ),
    "who is accountable": (
        "UPDATE blacklisting SET accountable_id = 999",
        "accountable_id in case",
    ),
    "a case that needs a look": (
        "UPDATE blacklisting SET to_check = true WHERE reason = 'fraud'",
        "another to_check",
    ),
    "a removal nobody looked at": (
        "UPDATE blacklisting SET to_check = false WHERE closed_note = 'Paid.'",
        "another to_check",
    ),
    "why it was removed": (
        "UPDATE blacklisting SET closed_note = 'Eve.' WHERE closed_note = 'Paid.'",
        "another closed_note",
    ),
    "a decision": (
        "UPDATE review SET decision = 'overturned', review_by = NULL",
        "another decision in review",
    ),
    "who decided": ("UPDATE review SET by_name = 'Eve'", "another by_name in review"),
    "who decided, by number": ("UPDATE review SET by_id = 999", "another by_id in review"),
    "when it was decided": ("UPDATE review SET at = at - 1", "another at in review"),
    "what was said of it": ("UPDATE review SET note = 'Eve.'", "another note in review"),
    "when it is due again": ("UPDATE review SET review_by = review_by + 1", "another review_by"),
    "a review that was undone": ("UPDATE review SET undone_at = at", "another undone_at in review"),
    "a review that is gone": ("DELETE FROM review", "has 0 of review, where the history says 1"),
    "a review too many": (
        "INSERT INTO review (case_seq, decision, at, by_id, by_name, note) "
        "SELECT case_seq, 'overturned', at, by_id, by_name, note FROM review",
        "has 2 of review, where the history says 1",
    ),
    "the text of a note": ("UPDATE customer_note SET text = 'Eve.'", "another text in note"),
    "the author of a note": ("UPDATE customer_note SET written_by_name = 'Eve'", "written_by_name"),
    "a note that is not pinned": (
        "UPDATE customer_note SET is_pinned = false",
        "is_pinned in note",
    ),
    "a note that was never edited": (
        "UPDATE customer_note SET edited_at = NULL",
        "edited_at in note",
    ),
    "a note that is gone": ("DELETE FROM customer_note", "has 0 of note, where the history says 1"),
    "two people marked as different": (
        "UPDATE resemblance SET told_apart_at = 0, told_apart_by_name = 'Eve'"
        " WHERE one_seq = :kofi AND other_seq = :ada",
        "another mark in different people",
    ),
    "who marked two people": ("UPDATE resemblance SET told_apart_by_name = 'Eve'", "another mark"),
    "a request to delete": ("DELETE FROM deletion_request", "has 0 of request to delete"),
    "who asked to delete": (
        "UPDATE deletion_request SET by_name = 'Eve'",
        "another by_name in request",
    ),
    "the reference of a tombstone": ("UPDATE tombstone SET reference = 'X'", "another reference"),
    "the id of a tombstone": ("UPDATE tombstone SET customer_id = :id", "another customer_id"),
    "who answers for a deletion": ("UPDATE tombstone SET accountable_id = 999", "accountable_id"),
    "the hint of a key": ("UPDATE api_key SET hint = 'gatebook_eve'", "another hint in key"),
    "the end of a key": ("UPDATE api_key SET expires_at = 0", "another expires_at in key"),
    "a member by hand": (
        "INSERT INTO staff_member (email, email_key, name, role, active, version, password_hash,"
        " must_change_password, theme, density, single_keys, wants_digest, created_at)"
        " SELECT 'e@example.com', 'e@example.com', 'Eve', 'admin', true, 1, '', false, 'system',"
        " 'comfortable', true, true, created_at FROM staff_member WHERE name = 'Yaa'",
        "is missing",
    ),
    "a key by hand": (
        "INSERT INTO api_key (secret_hash, hint, name, scopes, owner_id, created_at, version)"
        " SELECT :id, 'e', 'Eve', scopes, owner_id, created_at, 1 FROM api_key",
        "is missing",
    ),
    "a member who is gone": ("DELETE FROM staff_member WHERE name = 'Kojo'", "vanished"),
}
