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
