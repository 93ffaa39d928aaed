"""Programs: API keys, answers kept for retries, who answers for a case, and four eyes held by the database.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()
RULES = {
    "review_note_length": "length(review_note) <= 2000",
    "closed_note_length": "length(closed_note) <= 2000",
    "four_eyes": "outcome is null or opened_by_kind <> 'staff' or closed_by_kind is null or closed_by_kind <> 'staff'"
    " or (outcome = 'undone') = (opened_by_id = closed_by_id)",
}


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", SEQUENCE, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hint", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("owner_id", SEQUENCE, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["staff_member.id"], name=op.f("fk_api_key_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_api_key_secret_hash")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "kept_answer",
        sa.Column("api_key_id", SEQUENCE, nullable=False),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.Column("question", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("customer_seq", SEQUENCE, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_key.id"], name=op.f("fk_kept_answer_api_key_id")),
        sa.PrimaryKeyConstraint("api_key_id", "mark", name=op.f("pk_kept_answer")),
    )
    op.create_index(op.f("ix_kept_answer_at"), "kept_answer", ["at"], unique=False)
    op.create_index(op.f("ix_kept_answer_customer_seq"), "kept_answer", ["customer_seq"], unique=False)
    with op.batch_alter_table("blacklisting", table_kwargs={"sqlite_autoincrement": True}) as blacklisting:
        blacklisting.add_column(sa.Column("accountable_id", sa.Integer(), nullable=True))
        for name, rule in RULES.items():
            blacklisting.create_check_constraint(op.f(f"ck_blacklisting_{name}"), rule)
    op.execute("UPDATE blacklisting SET accountable_id = opened_by_id WHERE opened_by_kind = 'staff'")


def downgrade() -> None:
    with op.batch_alter_table("blacklisting", table_kwargs={"sqlite_autoincrement": True}) as blacklisting:
        for name in RULES:
            blacklisting.drop_constraint(op.f(f"ck_blacklisting_{name}"), type_="check")
        blacklisting.drop_column("accountable_id")
    op.drop_table("kept_answer")
    op.drop_table("api_key")
