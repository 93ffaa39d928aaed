"""Managers are at a case; members are told what was decided; a daily digest can be switched off.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    sequence = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "case_claim",
        sa.Column("case_seq", sequence, nullable=False),
        sa.Column("by_id", sequence, nullable=False),
        sa.Column("by_name", sa.String(100), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_seq"], ["blacklisting.seq"], name=op.f("fk_case_claim_case_seq_blacklisting")),
        sa.ForeignKeyConstraint(["by_id"], ["staff_member.id"], name=op.f("fk_case_claim_by_id_staff_member")),
        sa.PrimaryKeyConstraint("case_seq", name=op.f("pk_case_claim")),
    )
    op.create_index(op.f("ix_case_claim_until"), "case_claim", ["until"])
    op.create_table(
        "unread_decision",
        sa.Column("staff_id", sequence, nullable=False),
        sa.Column("case_seq", sequence, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_unread_decision_staff_id_staff_member")),
        sa.PrimaryKeyConstraint("staff_id", "case_seq", name=op.f("pk_unread_decision")),
    )
    op.create_index(op.f("ix_unread_decision_case_seq"), "unread_decision", ["case_seq"])
    op.add_column("staff_member", sa.Column("wants_digest", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("staff_member", "wants_digest")
    op.drop_table("unread_decision")
    op.drop_table("case_claim")
