"""Customers of a dial code in the order of their names: a few among many stand far apart in the order of all names.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"

BEFORE = ("ix_customer_dial_code", "dial_code, blacklisted")
NOW = ("ix_customer_dial_code_name", "dial_code, name_key, seq, blacklisted")


def upgrade() -> None:
    _replace(BEFORE, NOW)


def downgrade() -> None:
    _replace(NOW, BEFORE)


def _replace(old: tuple[str, str], new: tuple[str, str]) -> None:
    """On PostgreSQL while others write."""
    concurrently = "CONCURRENTLY" if op.get_bind().dialect.name == "postgresql" else ""
    with op.get_context().autocommit_block():
        op.execute(f"DROP INDEX {concurrently} IF EXISTS {new[0]}")
        op.execute(f"CREATE INDEX {concurrently} {new[0]} ON customer ({new[1]})")
        op.execute(f"DROP INDEX {concurrently} IF EXISTS {old[0]}")
