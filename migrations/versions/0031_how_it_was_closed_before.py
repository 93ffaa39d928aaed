"""A review that opened a case again says how the case was closed before, so that the past shows it.

Revision ID: 0031
Revises: 0030
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

COLUMNS = {"closed_at": sa.BigInteger, "closed_outcome": sa.String(12), "closed_by_name": sa.Text}
CLOSED = sa.text("closed_at is not null")
# Entries by which cases were opened again, with what closed this or an earlier one of the customer.
OPENED_AGAIN = """
    SELECT again.subject_seq, again.number, again_values.new AS again, closing.kind, closing.at,
           closing.number AS closing_number, closing.actor_name AS closed_by_name,
           closing_values.new AS closing
    FROM history_entry again
    JOIN history_values again_values USING (subject, subject_seq, number)
    JOIN history_entry closing ON closing.subject = again.subject
         AND closing.subject_seq = again.subject_seq AND closing.number < again.number
         AND closing.kind IN ('lifted', 'ended')
    JOIN history_values closing_values ON closing_values.subject = closing.subject
         AND closing_values.subject_seq = closing.subject_seq
         AND closing_values.number = closing.number
    WHERE again.subject = 'customer' AND again.kind = 'reopened' AND again.subject_seq IN
          (SELECT customer_seq FROM blacklisting JOIN review ON review.case_seq = blacklisting.seq)
    ORDER BY again.subject_seq, again.number, closing.number
"""


# The next case of the same customer: what was closed since then is that one.
NEXT_OPENING = """
    SELECT min(entry.number) FROM history_entry entry, blacklisting
    WHERE blacklisting.seq = :case AND entry.subject = 'customer' AND entry.subject_seq = :customer
          AND entry.kind = 'blacklisted' AND entry.at > blacklisting.opened_at
"""
OPENED_AT = "SELECT opened_at FROM blacklisting WHERE seq = :case"


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("review", sa.Column(name, kind, nullable=True))
    told = sa.text(OPENED_AGAIN).columns(again=sa.JSON, closing=sa.JSON)
    for row in op.get_bind().execute(told).all():
        fill(row)
    op.create_index("ix_review_closed_at", "review", ["closed_at"], sqlite_where=CLOSED, postgresql_where=CLOSED)


def fill(row: Any) -> None:
    """The last closing of each is written last."""
    number = {"case": row.again.get("case")}
    opened_at = op.get_bind().scalar(sa.text(OPENED_AT), number)
    following = op.get_bind().scalar(sa.text(NEXT_OPENING), number | {"customer": row.subject_seq})
    is_its_own = row.closing_number < (following or row.number) and row.at >= (opened_at or row.at)
    if not (row.again.get("review") and is_its_own):
        return
    ended = row.closing.get("ended_at")
    at = round(datetime.fromisoformat(ended).timestamp() * 1_000) if ended else row.at
    op.get_bind().execute(
        sa.text("UPDATE review SET closed_at = :at, closed_outcome = :kind, closed_by_name = :name WHERE seq = :seq"),
        {"at": at, "kind": row.kind, "name": row.closed_by_name, "seq": row.again["review"]},
    )


def downgrade() -> None:
    op.drop_index("ix_review_closed_at", table_name="review")
    for name in COLUMNS:
        op.drop_column("review", name)
