"""Entries that may wait for a manager are found by an index: each page of a manager counts them.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

MAY_WAIT = sa.text(
    "closed_at is null and (list_seq is null or removal_asked_at is not null or stirred_at is not null)"
)


def upgrade() -> None:
    op.create_index(
        "ix_blacklist_entry_may_wait",
        "blacklist_entry",
        ["seq"],
        sqlite_where=MAY_WAIT,
        postgresql_where=MAY_WAIT,
    )


def downgrade() -> None:
    op.drop_index("ix_blacklist_entry_may_wait", table_name="blacklist_entry")
