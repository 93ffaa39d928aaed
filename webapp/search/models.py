"""The table behind page numbers and counts."""

from sqlalchemy.orm import Mapped, mapped_column

from webapp.customers.models import MAX_KEY_LENGTH
from webapp.kernel.database import Model, Sequence, byte_ordered


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
