"""A decision that a member has not read yet says what was decided, and by whom.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

WHAT = "CASE WHEN outcome IS NULL THEN 'upheld' ELSE outcome END"
WHO = "coalesce(closed_by_name, reviewed_by_name, '')"


def upgrade() -> None:
    with op.batch_alter_table("unread_decision") as table:
        table.add_column(sa.Column("decision", sa.String(16), nullable=False, server_default="upheld"))
        table.add_column(sa.Column("by_name", sa.String(100), nullable=False, server_default=""))
    of_case = "FROM blacklisting WHERE blacklisting.seq = case_seq"
    op.execute(
        f"UPDATE unread_decision SET decision = (SELECT {WHAT} {of_case}), by_name = (SELECT {WHO} {of_case}) "
        f"WHERE EXISTS (SELECT 1 {of_case})"
    )
    with op.batch_alter_table("unread_decision") as table:
        table.alter_column("decision", server_default=None)
        table.alter_column("by_name", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("unread_decision") as table:
        table.drop_column("by_name")
        table.drop_column("decision")
