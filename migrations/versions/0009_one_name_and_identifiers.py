"""One name is enough; what rings the same phone; by what a blacklisted person is known; facts about the book.

What is derived from details is made anew by `flask --app wsgi book check --repair`, in batches while people work.

Revision ID: 0009
Revises: 0008
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

NAMES = ("first_name", "last_name")
OLD, NEW = "length({0}) between 1 and 100", "length({0}) <= 100"


def upgrade() -> None:
    op.create_table(
        "book_fact",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_book_fact")),
    )
    key = sa.String(520).with_variant(sa.String(520, collation="C"), "postgresql")
    op.create_table(
        "case_identifier",
        sa.Column("case_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("key", key, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_seq"], ["blacklisting.seq"], name=op.f("fk_case_identifier_case_seq")),
        sa.PrimaryKeyConstraint("case_seq", "kind", "key", name=op.f("pk_case_identifier")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_identifier_key", "case_identifier", ["kind", "key"])
    op.add_column("customer", sa.Column("phone_person", phone(), nullable=True))
    few = sa.text("phone_person is not null")
    op.create_index("ix_customer_phone_person", "customer", ["phone_person"], sqlite_where=few, postgresql_where=few)
    change_checks({OLD.format(name): NEW.format(name) for name in NAMES})
    if not op.get_bind().scalar(sa.text("SELECT 1 FROM customer LIMIT 1")):
        rules = sa.text("INSERT INTO book_fact (name, value) VALUES ('key_rules', :rules)")
        op.get_bind().execute(rules, {"rules": f"2 of Unicode {unicodedata.unidata_version}"})


def phone() -> sa.String:
    return sa.String(16).with_variant(sa.String(16, collation="C"), "postgresql")


def change_checks(changes: dict[str, str]) -> None:
    """Another condition of a constraint of `customer`, without writing any of its rows again.

    PostgreSQL looks at the rows there are in 0010, in another transaction, so that nobody waits for that. SQLite has no
    statement for it: its documentation (lang_altertable.html §7) changes the text of the schema.
    """
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        for name, new in zip(NAMES, changes.values(), strict=True):
            constraint = f"ck_customer_{name}_length"
            op.execute(f"ALTER TABLE customer DROP CONSTRAINT {constraint}")
            op.execute(f"ALTER TABLE customer ADD CONSTRAINT {constraint} CHECK ({new}) NOT VALID")
        return
    schema = bind.scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'customer'"))
    for old, new in changes.items():
        schema, times = re.subn(re.escape(old), new, schema)
        assert times == 1, f"the table of customers has no constraint {old}"
    version = bind.scalar(sa.text("PRAGMA schema_version"))
    op.execute("PRAGMA writable_schema = ON")
    changed = sa.text("UPDATE sqlite_master SET sql = :schema WHERE type = 'table' AND name = 'customer'")
    bind.execute(changed, {"schema": schema})
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")


def downgrade() -> None:
    """Whoever has one name only keeps it, and a dot for the other."""
    for name in NAMES:
        op.execute(f"UPDATE customer SET {name} = '.' WHERE {name} = ''")
    change_checks({NEW.format(name): OLD.format(name) for name in NAMES})
    op.drop_index("ix_customer_phone_person", table_name="customer")
    op.drop_column("customer", "phone_person")
    op.drop_table("case_identifier")
    op.drop_table("book_fact")
