"""The tables of sets of changes: what somebody proposes for many customers, and what came of it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.customers.models import MAX_KEY_LENGTH
from webapp.history.entries import Actor
from webapp.kernel.database import Model, Moment, Sequence

# Stands in the history entries of a set, in place of the id of a request; see `set_of`.
REQUEST_PREFIX = "set-"


class Kind(StrEnum):
    """What a set does to each of its customers."""

    IMPORT = "import"
    BLACKLIST = "blacklist"
    ASK_TO_LIFT = "ask_to_lift"
    DELETE = "delete"
    DECIDE = "decide"
    UNDO = "undo"


class State(StrEnum):
    """Where a set is. `undone` follows `applied`; the others follow in this order."""

    DRAFTED = "drafted"
    CHECKED = "checked"
    APPLIED = "applied"
    ABANDONED = "abandoned"
    UNDONE = "undone"


class Verdict(StrEnum):
    """What a check says of a row: what would come of it."""

    NEW = "new"
    CHANGE = "change"
    SAME = "same"
    REFUSED = "refused"
    HELD = "held"


class Outcome(StrEnum):
    """What came of a row when its set was applied.

    `asked` is a deletion that waits for a second person; `discarded`, a row that was held back and
    then not wanted.
    """

    DONE = "done"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    ASKED = "asked"
    DISCARDED = "discarded"


# In the counts of a set: how many rows put somebody on the blacklist, where not all of them do.
OPENING = "opening"
# Only these are applied.
TO_APPLY = (Verdict.NEW, Verdict.CHANGE)


class ChangeSet(Model):
    """A set of proposed changes.

    Attributes:
        origin: Where its rows come from, such as the name of a file or a filter in words.
        note: Why, in the words of whoever proposed it.
        arguments: What applies to all rows, such as a reason code or the columns of a file.
        total: How many rows there are; of a file, as far as it has been read.
        position: The number of the last row that the present phase has dealt with.
        counts: How many rows have each verdict, and each outcome.
        began_at: When the present phase, checking or applying, began; `None` between them.
        is_stopped: Somebody stopped it; it goes on when somebody says so.
        problem: Why it can go no further, in a sentence.
        agreed_by_id: The second person, where one is needed.
        undoes_seq: The set that this one takes back.
        forgotten_at: When the proposed values were erased, so that only counts are left.
    """

    __tablename__ = "change_set"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    by_kind: Mapped[str] = mapped_column(String(8))
    by_id: Mapped[int | None]
    by_name: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int | None]
    door: Mapped[str] = mapped_column(String(8))
    origin: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    total: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    began_at: Mapped[datetime | None] = mapped_column(Moment)
    is_stopped: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[str | None] = mapped_column(Text)
    agreed_by_id: Mapped[int | None]
    agreed_by_name: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    undoes_seq: Mapped[int | None] = mapped_column(ForeignKey("change_set.seq"), index=True)
    forgotten_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index("ix_change_set_by", "by_kind", "by_id"),
        {"sqlite_autoincrement": True},
    )

    @property
    def actor(self) -> Actor:
        """Whoever proposed it, in whose name its rows are applied."""
        return Actor(
            kind=self.by_kind,
            id=self.by_id,
            name=self.by_name,
            door=self.door,
            request_id=f"{REQUEST_PREFIX}{self.seq}",
            owner_id=self.owner_id,
        )

    @property
    def is_at_work(self) -> bool:
        """Whether the worker is to check or apply it."""
        return self.began_at is not None and not self.is_stopped and not self.problem

    @property
    def number_to_apply(self) -> int:
        return sum(self.counts.get(verdict, 0) for verdict in TO_APPLY)

    @property
    def number_done(self) -> int:
        return self.counts.get(Outcome.DONE, 0)


class ChangeRow(Model):
    """A row of a set: one customer, and what is proposed for them.

    Attributes:
        number: Of the row, from 1; of a file with a line of headings, as a spreadsheet counts.
        customer_seq: `None` while there is no such customer.
        based_on: The customer's version when the row was checked.
        key: What other rows of the set for the same person have too.
        proposed: Values as for the service that will be called.
        problems: Sentences, each with the column that it is about, or "".
        cells: The row of the file, of rows that may have to be corrected or decided by hand.
        version: The customer's version after the row was applied.
    """

    __tablename__ = "change_row"

    set_seq: Mapped[int] = mapped_column(
        ForeignKey("change_set.seq"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    customer_seq: Mapped[int | None] = mapped_column(Sequence, index=True)
    based_on: Mapped[int | None]
    key: Mapped[str | None] = mapped_column(String(MAX_KEY_LENGTH + 2))
    proposed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    verdict: Mapped[str | None] = mapped_column(String(8))
    outcome: Mapped[str | None] = mapped_column(String(9))
    problems: Mapped[list[list[str]] | None] = mapped_column(JSON(none_as_null=True))
    cells: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int | None]

    __table_args__ = (
        Index("ix_change_row_key", "key", "set_seq"),
        Index("ix_change_row_verdict", "set_seq", "verdict", "number"),
        {"sqlite_with_rowid": False},
    )


def set_of(request_id: str | None) -> int | None:
    """The number of the set that a history entry belongs to, by the id of its request."""
    number = (request_id or "").removeprefix(REQUEST_PREFIX)
    return int(number) if number != request_id and number.isdecimal() else None


def counted(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Both counts together."""
    return {name: counts.get(name, 0) + more.get(name, 0) for name in (*counts, *more)}
