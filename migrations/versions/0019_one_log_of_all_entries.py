"""One log over all entries of the history.

Entries that are in the book already get their places by `flask --app wsgi book renew-keys`, while people work.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    sequence = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    leaf = [
        ("subject", sa.String(8)),
        ("subject_seq", sequence),
        ("number", sa.Integer()),
        ("hash", sa.LargeBinary(32)),
    ]
    op.create_table(
        "log_leaf",
        sa.Column("event", sequence, autoincrement=False, nullable=False),
        *(sa.Column(name, kind, nullable=False) for name, kind in leaf),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_log_leaf")),
    )
    op.create_index("uq_log_leaf_entry", "log_leaf", ["subject", "subject_seq", "number"], unique=True)
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sequence, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_log_node")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_pending",
        sa.Column("id", sequence, nullable=False),
        *(sa.Column(name, kind, nullable=False) for name, kind in leaf),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_pending")),
    )
    if op.get_bind().scalar(sa.text("SELECT 1 FROM history_entry LIMIT 1")):
        op.execute("INSERT INTO book_fact (name, value) VALUES ('unlogged', '')")


def downgrade() -> None:
    for table in ("log_pending", "log_node", "log_leaf"):
        op.drop_table(table)
    op.execute("DELETE FROM book_fact WHERE name = 'unlogged'")
