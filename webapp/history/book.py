"""Facts that the book stores about itself: which rules made its keys, and which key seals its
history.
"""

from contextlib import suppress

from sqlalchemy import String, Text, inspect, select
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from webapp.history.entries import FIRST_SEAL, HistoryEntry, entry_seal
from webapp.kernel import crypto
from webapp.kernel.database import Model, db, write_if_free


class BookFact(Model):
    """One fact, such as the version of the folding rules."""

    __tablename__ = "book_fact"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


def find_fact(name: str) -> str | None:
    fact = db.session.get(BookFact, name, populate_existing=True)
    return fact.value if fact else None


def set_fact(name: str, value: str) -> None:
    """Store a fact, in the present write transaction."""
    db.session.merge(BookFact(name=name, value=value))


def forget_fact(name: str) -> None:
    fact = db.session.get(BookFact, name)
    if fact:
        db.session.delete(fact)


HISTORY_KEY = "history_key"


class WrongHistoryKey(SystemExit):
    """This process has a different history key from the one that seals the book; the message says
    what to do.
    """


def refuse_another_history_key() -> None:
    """Refuse to serve a book whose history this process could neither verify nor continue.

    A book that does not know its key yet stores it, if its history is sealed with this one. If the
    database cannot be reached, nothing is refused; the next process will check again.

    Raises:
        WrongHistoryKey: the key is another one.
    """
    with suppress(OperationalError):
        if not inspect(db.session.connection()).has_table(BookFact.__tablename__):
            return
        ours, known = crypto.history_key_mark(), find_fact(HISTORY_KEY)
        if known != ours and (known is not None or not _seals_the_history()):
            raise WrongHistoryKey(
                "GATEBOOK_HISTORY_KEY is not the key of this book: its history was sealed "
                "by another one. "
                "Set the key that was used when the book was made."
            )
        if known is None:
            _store_key(ours)


def _store_key(ours: str) -> None:
    """Store the key; if another process that starts at this moment was first, compare with its."""
    try:
        write_if_free(lambda: set_fact(HISTORY_KEY, ours))
    except IntegrityError:
        db.session.rollback()
        refuse_another_history_key()


def _seals_the_history() -> bool:
    """Whether a chain's first entry, which has no predecessor, has the seal that this process would
    compute.
    """
    query = select(HistoryEntry).where(HistoryEntry.number == 1).limit(1)
    try:
        entry = db.session.scalar(query)
    except DatabaseError:
        return True
    if entry is None:
        return True
    row = {column.key: getattr(entry, column.key) for column in HistoryEntry.__table__.columns}
    return entry_seal(row, FIRST_SEAL) == entry.seal
