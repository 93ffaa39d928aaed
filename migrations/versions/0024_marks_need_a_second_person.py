"""Marks of different people need a note and a second person where one of them is blacklisted.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

COLUMNS = (
    sa.Column("told_apart_note", sa.Text, nullable=True),
    sa.Column("accountable_id", sa.Integer, nullable=True),
    sa.Column("agreed_at", sa.BigInteger, nullable=True),
    sa.Column("agreed_by_id", sa.Integer, nullable=True),
    sa.Column("agreed_by_name", sa.Text, nullable=True),
    sa.Column("waits_from", sa.BigInteger, nullable=True),
)
CHECKS = {
    "note_length": "length(told_apart_note) <= 2000",
    "agreed_to_a_mark": "agreed_at is null or (told_apart_at is not null and agreed_by_id is not null)",
    "four_eyes": "agreed_by_id <> accountable_id",
    "waits_while_unagreed": "waits_from is null or (told_apart_at is not null and agreed_at is null)",
}
WAITING = sa.text("waits_from is not null")


def upgrade() -> None:
    with op.batch_alter_table("resemblance") as table:
        for column in COLUMNS:
            table.add_column(column)
        for name, condition in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_resemblance_{name}"), condition)
    # One click made these: where one of the two is blacklisted, a manager must agree first.
    op.execute("UPDATE resemblance SET accountable_id = told_apart_by_id WHERE told_apart_at IS NOT NULL")
    op.execute(
        "UPDATE resemblance SET waits_from = told_apart_at WHERE told_apart_at IS NOT NULL AND "
        "(SELECT blacklisted FROM customer WHERE seq = one_seq) <> "
        "(SELECT blacklisted FROM customer WHERE seq = other_seq)"
    )
    op.create_index(
        "ix_resemblance_waits_from", "resemblance", ["waits_from"], sqlite_where=WAITING, postgresql_where=WAITING
    )


def downgrade() -> None:
    op.drop_index("ix_resemblance_waits_from", table_name="resemblance")
    with op.batch_alter_table("resemblance") as table:
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_resemblance_{name}"), type_="check")
        for column in COLUMNS:
            table.drop_column(column.name)
