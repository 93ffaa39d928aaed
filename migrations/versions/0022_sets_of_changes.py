"""Sets of changes: what is proposed for many customers, and what came of it.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "change_set",
        sa.Column("seq", KEY, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("proposed_at", sa.BigInteger, nullable=False),
        sa.Column("by_kind", sa.String(8), nullable=False),
        sa.Column("by_id", sa.Integer, nullable=True),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("owner_id", sa.Integer, nullable=True),
        sa.Column("door", sa.String(8), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("arguments", sa.JSON, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("began_at", sa.BigInteger, nullable=True),
        sa.Column("is_stopped", sa.Boolean, nullable=False),
        sa.Column("problem", sa.Text, nullable=True),
        sa.Column("agreed_by_id", sa.Integer, nullable=True),
        sa.Column("agreed_by_name", sa.Text, nullable=True),
        sa.Column("ended_at", sa.BigInteger, nullable=True),
        sa.Column("undoes_seq", KEY, nullable=True),
        sa.Column("forgotten_at", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_change_set"),
        sa.ForeignKeyConstraint(
            ["undoes_seq"], ["change_set.seq"], name="fk_change_set_undoes_seq"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_set_by", "change_set", ["by_kind", "by_id"])
    op.create_index("ix_change_set_undoes_seq", "change_set", ["undoes_seq"])
    op.create_table(
        "change_row",
        sa.Column("set_seq", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("customer_seq", KEY, nullable=True),
        sa.Column("based_on", sa.Integer, nullable=True),
        sa.Column("key", sa.String(514), nullable=True),
        sa.Column("proposed", sa.JSON, nullable=True),
        sa.Column("verdict", sa.String(8), nullable=True),
        sa.Column("outcome", sa.String(9), nullable=True),
        sa.Column("problems", sa.JSON, nullable=True),
        sa.Column("cells", sa.JSON, nullable=True),
        sa.Column("version", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("set_seq", "number", name="pk_change_row"),
        sa.ForeignKeyConstraint(["set_seq"], ["change_set.seq"], name="fk_change_row_set_seq"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_change_row_customer_seq", "change_row", ["customer_seq"])
    op.create_index("ix_change_row_key", "change_row", ["key", "set_seq"])
    op.create_index("ix_change_row_verdict", "change_row", ["set_seq", "verdict", "number"])


def downgrade() -> None:
    op.drop_table("change_row")
    op.drop_table("change_set")
