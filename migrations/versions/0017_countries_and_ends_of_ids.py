"""The country of a number that shares its dial code with a larger country; the last digits of ids.

The countries of numbers already in the book are filled in by `flask --app wsgi book renew-keys`, while people work.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

ORDERS = {"created": "created_at", "updated": "updated_at", "name": "name_key"}
ID_DIGITS = {"sqlite": "lower(hex(id))", "postgresql": "encode(uuid_send(id), 'hex')"}


def upgrade() -> None:
    code = sa.String(2).with_variant(sa.String(2, collation="C"), "postgresql")
    op.add_column("customer", sa.Column("other_country", code, nullable=True))
    few = sa.text("other_country is not null")
    for order, column in ORDERS.items():
        op.create_index(
            f"ix_customer_country_{order}",
            "customer",
            ["other_country", column, "seq", "blacklisted"],
            sqlite_where=few,
            postgresql_where=few,
        )
    digits = ID_DIGITS[op.get_bind().dialect.name]
    op.create_index("ix_customer_id_end", "customer", [sa.text(f"substr({digits}, 25, 8)")])
    if not op.get_bind().scalar(sa.text("SELECT 1 FROM customer LIMIT 1")):
        change_rules("2", "3")


def change_rules(old: str, new: str) -> None:
    op.execute(
        f"UPDATE book_fact SET value = '{new}' || substr(value, 2) WHERE name = 'key_rules' AND value LIKE '{old} of %'"
    )


def downgrade() -> None:
    change_rules("3", "2")
    op.drop_index("ix_customer_id_end", table_name="customer")
    for order in ORDERS:
        op.drop_index(f"ix_customer_country_{order}", table_name="customer")
    op.drop_column("customer", "other_country")
