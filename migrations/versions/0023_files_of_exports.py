"""Files of long exports, kept for a day for the one who asked.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "export_file",
        sa.Column("seq", KEY, nullable=False),
        sa.Column("by_id", sa.Integer, nullable=False),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("listed", sa.JSON, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("file", sa.String(64), nullable=True),
        sa.Column("number", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_export_file"),
    )
    op.create_index("ix_export_file_asked_at", "export_file", ["asked_at"])


def downgrade() -> None:
    op.drop_table("export_file")
