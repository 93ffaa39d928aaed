"""What the book knows about itself: by which rules its keys were made,
and by which key its history is sealed.
"""

from contextlib import suppress

from sqlalchemy import String, Text, inspect, select
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from webapp.history.entries import FIRST_SEAL, HistoryEntry, entry_seal
from webapp.kernel import crypto
from webapp.kernel.database import Model, db, write_if_free


class BookFact(Model):
    """One fact, such as the version of the rules of folding."""

    __tablename__ = "book_fact"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


def find_fact(name: str) -> str | None:
    fact = db.session.get(BookFact, name, populate_existing=True)
    return fact.value if fact else None


def set_fact(name: str, value: str) -> None:
    """Write a fact down, in the present write transaction."""
    db.session.merge(BookFact(name=name, value=value))


def forget_fact(name: str) -> None:
    fact = db.session.get(BookFact, name)
    if fact:
        db.session.delete(fact)


HISTORY_KEY = "history_key"


class WrongHistoryKey(SystemExit):
    """This process has another history key than the one by
    which the book is sealed; its message says what to do.
    """


def refuse_another_history_key() -> None:
    """Refuse to serve a book whose history this process could neither prove nor go on with.

    A book that does not know its key yet learns it, if its newest entry is sealed by this one. When
    the database cannot be asked, nothing is refused: it will be asked again by the next process.

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
            write_if_free(lambda: set_fact(HISTORY_KEY, ours))


def _seals_the_history() -> bool:
    """Whether a first entry, which follows no other,
    has the seal that this process would give it.
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
