"""The tables of lists: what is behind page numbers and counts, and saved views."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.customers.models import MAX_KEY_LENGTH
from webapp.kernel.database import Model, Moment, Sequence, byte_ordered


class PageBlock(Model):
    """The start of a run of customers in one order, and how many are in it; see `page_counts`.

    Attributes:
        dial_code: Whose customers are counted; the empty string for all.
        key: The sort key at which it starts, as `page_places.stored_key` writes it; empty for the
            first.
        seq: The number of the customer who stands or stood there.
    """

    __tablename__ = "page_block"

    sort: Mapped[str] = mapped_column(byte_ordered(8), primary_key=True)
    dial_code: Mapped[str] = mapped_column(byte_ordered(5), primary_key=True)
    key: Mapped[str] = mapped_column(byte_ordered(MAX_KEY_LENGTH), primary_key=True)
    seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    customers: Mapped[int]
    blacklisted: Mapped[int]

    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own name


class SavedView(Model):
    """Filters of the list of customers under a name.

    Attributes:
        filters: As in the address of the list; never a search text, which is personal data.
        is_shared: Everybody sees it; otherwise its owner alone.
    """

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    name: Mapped[str] = mapped_column(String(60))
    filters: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_shared: Mapped[bool]
    saved_at: Mapped[datetime] = mapped_column(Moment)
