"""What the book knows about itself: by which rules its keys were made, and whose history it is."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Model, db


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
