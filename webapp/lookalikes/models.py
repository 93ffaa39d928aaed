"""The table of pairs that look alike or were marked as different people."""

from collections.abc import Set
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.database import Model, Moment, Sequence
from webapp.kernel.fields import MAX_NOTE_LENGTH

UNDECIDED, WAITING = text("told_apart_at is null"), text("waits_from is not null")


class LookalikePair(Model):
    """Two records that look alike, one of them blacklisted, or that were marked distinct.

    A mark counts at once between two in good standing; where one is blacklisted, only when a second
    person has agreed.

    Attributes:
        signals: Why they look alike, separated by spaces, strongest first; of a marked pair, as
            they were known then.
        told_apart_at: When they were marked as different people.
        told_apart_note: Why; `None` for a mark of before notes were asked for.
        accountable_id: The member who answers for the mark.
        agreed_at: When a second person agreed.
        waits_from: Since when the mark waits for one: nobody has agreed, and one of the two is
            blacklisted.
    """

    __tablename__ = "resemblance"

    one_seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    other_seq: Mapped[int] = mapped_column(
        Sequence, primary_key=True, autoincrement=False, index=True
    )
    signals: Mapped[str] = mapped_column(String(40))
    weight: Mapped[int]
    found_at: Mapped[datetime] = mapped_column(Moment)
    told_apart_at: Mapped[datetime | None] = mapped_column(Moment)
    told_apart_by_id: Mapped[int | None]
    told_apart_by_name: Mapped[str | None] = mapped_column(Text)
    told_apart_note: Mapped[str | None] = mapped_column(Text)
    accountable_id: Mapped[int | None]
    agreed_at: Mapped[datetime | None] = mapped_column(Moment)
    agreed_by_id: Mapped[int | None]
    agreed_by_name: Mapped[str | None] = mapped_column(Text)
    waits_from: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("one_seq < other_seq", name="in_order"),
        CheckConstraint(f"length(told_apart_note) <= {MAX_NOTE_LENGTH}", name="note_length"),
        CheckConstraint(
            "agreed_at is null or (told_apart_at is not null and agreed_by_id is not null)",
            name="agreed_to_a_mark",
        ),
        CheckConstraint("agreed_by_id <> accountable_id", name="four_eyes"),
        CheckConstraint(
            "waits_from is null or (told_apart_at is not null and agreed_at is null)",
            name="waits_while_unagreed",
        ),
        Index(
            "ix_resemblance_undecided",
            "weight",
            "found_at",
            sqlite_where=UNDECIDED,
            postgresql_where=UNDECIDED,
        ),
        Index(
            "ix_resemblance_waits_from",
            "waits_from",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
    )

    def is_answered_for_by(self, eyes: Set[int]) -> bool:
        """Whether one of these members made the mark, so that they cannot agree to it."""
        return self.accountable_id in eyes


# The columns of a mark; all are empty when two are compared again.
MARK = (
    "told_apart_at", "told_apart_by_id", "told_apart_by_name", "told_apart_note", "accountable_id",
    "agreed_at", "agreed_by_id", "agreed_by_name", "waits_from",
)  # fmt: skip
