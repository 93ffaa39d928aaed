"""An index of the words of names, each with the initial of the word beside it, and the beginning of
each with the birthday: it finds names with one word in common, and says how many have a word.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any

from sqlalchemy import delete, func, select, text, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from webapp.customers.models import Customer
from webapp.history.changes import Change, Projection, Values
from webapp.kernel.database import Model, byte_ordered, db
from webapp.kernel.database import Sequence as Key
from webapp.kernel.prepared import asked
from webapp.lookalikes.close import words_of

MAX_LENGTH = 40
MAX_WORDS = 6
BEGINNING = 2
BATCH, MANY = 200, 5_000
INDEXED = ("first_name", "last_name", "birthday")


class NameWord(Model):
    """A word of a customer's name.

    Attributes:
        key: See `keys_of_name` and `keys_of_birthday`.
    """

    __tablename__ = "name_word"

    key: Mapped[str] = mapped_column(byte_ordered(MAX_LENGTH + 2), primary_key=True)
    customer_seq: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)

    __table_args__ = ({"sqlite_with_rowid": False},)


def keys_of_name(first_name: str | None, last_name: str | None) -> list[str]:
    """Each word, a space, and the initial of the word after it; after the last comes the first."""
    words = [word[:MAX_LENGTH] for word in words_of(first_name, last_name) if word][:MAX_WORDS]
    beside = words[1:] + words[:1] if len(words) > 1 else [""]
    return sorted({f"{word} {other[:1]}" for word, other in zip(words, beside, strict=bool(words))})


def keys_of_birthday(
    first_name: str | None, last_name: str | None, birthday: str | None
) -> list[str]:
    """The beginning of each word, a bar, and the birthday: far fewer share these than the birthday
    alone, and typing errors seldom stand at the beginning.
    """
    words = words_of(first_name, last_name)[:MAX_WORDS]
    return sorted({f"{word[:BEGINNING]}|{birthday}" for word in words}) if birthday else []


class NameWords(Projection):
    """Keeps the words in step with the names; `derived_keys` reports those that are not."""

    def follow(self, change: Change[Any]) -> None:
        if not isinstance(change.row, Customer) or not change.altered(*INDEXED):
            return
        before, after = (_keys_in(values) for values in (change.before, change.after))
        _remove(change.subject.seq, before - after)
        _add((key, change.subject.seq) for key in sorted(after - before))

    def rebuild(self) -> None:
        forget_all()
        for customers in _names_of_all():
            rows = sorted(rows_of(customers))
            values = [{"key": key, "customer_seq": seq} for key, seq in rows]
            if values:
                db.session.execute(_UNLESS_THERE, values)


# Others may add people meanwhile, with their words.
_UNLESS_THERE = text(
    "INSERT INTO name_word (key, customer_seq) VALUES (:key, :customer_seq) ON CONFLICT DO NOTHING"
)


def _names_of_all() -> Iterator[Sequence[Any]]:
    """What is indexed of everybody, without entities, which take ten times as long to read."""
    after, columns = 0, [getattr(Customer, name) for name in INDEXED]
    query = select(Customer.seq, *columns).order_by(Customer.seq).limit(MANY)
    while rows := db.session.execute(query.where(Customer.seq > after)).all():
        after = rows[-1].seq
        yield rows


def forget_all() -> None:
    """Empty the index, in the present write transaction."""
    db.session.execute(delete(NameWord))


def index(customers: Sequence[Customer]) -> None:
    """Add the words of these names that are missing, in the present write transaction."""
    _add(sorted(missing(rows_of(customers))))


def missing(rows: Set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of some rows that the index lacks."""
    place = tuple_(NameWord.key, NameWord.customer_seq)
    query = select(NameWord.key, NameWord.customer_seq).where(place.in_(sorted(rows)))
    return (
        set(rows) - {(row.key, row.customer_seq) for row in db.session.execute(query)}
        if rows
        else set()
    )


def number_indexed() -> int:
    """How many rows the index has."""
    return db.session.scalar(select(func.count()).select_from(NameWord)) or 0


def rows_of(customers: Sequence[Any]) -> set[tuple[str, int]]:
    """The keys of some customers' names, each with the `seq` of the customer.

    Args:
        customers: Customers, or rows of what is indexed of them.
    """
    return {(key, one.seq) for one in customers for key in _keys_of(one)}


def everybody(after: int = 0) -> Iterator[Sequence[Customer]]:
    """All customers by `seq`, in batches, each read only when it is needed."""
    while batch := db.session.scalars(
        select(Customer).where(Customer.seq > after).order_by(Customer.seq).limit(BATCH)
    ).all():
        after = batch[-1].seq
        yield batch


def _keys_of(customer: Any) -> set[str]:
    return _keys_in({name: getattr(customer, name) for name in INDEXED})


def _keys_in(values: Values | None) -> set[str]:
    if not values:
        return set()
    name = (values["first_name"], values["last_name"])
    return {*keys_of_name(*name), *keys_of_birthday(*name, values["birthday"])}


def _remove(seq: int, keys: Iterable[str]) -> None:
    """In the driver's words, as in `_add`, because everybody who is saved needs it."""
    values: dict[str, Any] = {f"k{n}": key for n, key in enumerate(sorted(keys))}
    if values:
        places = ", ".join(f":{name}" for name in values)
        statement = f"DELETE FROM name_word WHERE customer_seq = :seq AND key IN ({places})"  # noqa: S608 - our own words
        asked(db.session.connection(), statement, seq=seq, **values)


def _add(rows: Iterable[tuple[str, int]]) -> None:
    values = {
        f"{name}{n}": value
        for n, row in enumerate(rows)
        for name, value in zip("ks", row, strict=True)
    }
    if values:
        places = ", ".join(f"(:k{n}, :s{n})" for n in range(len(values) // 2))
        statement = f"INSERT INTO name_word (key, customer_seq) VALUES {places}"  # noqa: S608 - our own words
        asked(db.session.connection(), statement, **values)
