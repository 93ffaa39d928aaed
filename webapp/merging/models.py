"""The table of merges, and of their undoing, that wait for a second person."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.database import Model, Moment, Sequence
from webapp.kernel.fields import MAX_NOTE_LENGTH


class MergeRequest(Model):
    """Somebody wants two records merged, one of them blacklisted, or wants them to be two again.

    Attributes:
        is_undo: They are merged, and should be two again.
        choices: Whose details stay: see `result.Choices`.
    """

    __tablename__ = "merge_request"

    survivor_seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    other_seq: Mapped[int] = mapped_column(
        Sequence, primary_key=True, autoincrement=False, index=True
    )
    is_undo: Mapped[bool]
    choices: Mapped[dict[str, str]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    by_kind: Mapped[str] = mapped_column(String(8))
    by_id: Mapped[int | None]
    by_name: Mapped[str] = mapped_column(Text)
    accountable_id: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("survivor_seq <> other_seq", name="two"),
        CheckConstraint(f"length(note) <= {MAX_NOTE_LENGTH}", name="note_length"),
    )
