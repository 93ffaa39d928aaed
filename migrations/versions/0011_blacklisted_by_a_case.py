"""Whoever is blacklisted waits for a manager, now or later, and nobody else does.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

NAME = "ck_customer_blacklisted_by_a_case"
CONDITION = "blacklisted = (waits_from is not null)"
BEFORE = "CONSTRAINT ck_customer_dial_code_plus CHECK"
OPEN = "SELECT opened_at FROM blacklisting WHERE customer_seq = customer.seq AND closed_at IS NULL"


def upgrade() -> None:
    op.execute(f"UPDATE customer SET waits_from = ({OPEN}) WHERE blacklisted AND waits_from IS NULL")
    op.execute("UPDATE customer SET waits_from = NULL WHERE NOT blacklisted AND waits_from IS NOT NULL")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE customer DROP CONSTRAINT IF EXISTS {NAME}")
        op.execute(f"ALTER TABLE customer ADD CONSTRAINT {NAME} CHECK ({CONDITION}) NOT VALID")
        with op.get_context().autocommit_block():  # so that nobody waits while all rows are looked at
            op.execute(f"ALTER TABLE customer VALIDATE CONSTRAINT {NAME}")
    else:
        change_schema(BEFORE, f"CONSTRAINT {NAME} CHECK ({CONDITION}), \n\t{BEFORE}")


def change_schema(old: str, new: str) -> None:
    """Another text of the table of customers, without writing its rows again, as SQLite's documentation has it (0009)."""
    bind = op.get_bind()
    schema = bind.scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'customer'"))
    assert schema.count(old) == 1, f"the table of customers has no {old}"
    version = bind.scalar(sa.text("PRAGMA schema_version"))
    op.execute("PRAGMA writable_schema = ON")
    changed = sa.text("UPDATE sqlite_master SET sql = :schema WHERE type = 'table' AND name = 'customer'")
    bind.execute(changed, {"schema": schema.replace(old, new)})
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE customer DROP CONSTRAINT {NAME}")
    else:
        change_schema(f"CONSTRAINT {NAME} CHECK ({CONDITION}), \n\t{BEFORE}", BEFORE)
