"""Reviews of cases, requests to lift them, evidence; look-alikes; indexes for the queue, the overview and desks.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()
DOMAIN = sa.String(254).with_variant(sa.String(254, collation="C"), "postgresql")
DOMAIN_OF = {
    "sqlite": "substr(email_key, instr(email_key, '@') + 1)",
    "postgresql": "substr(email_key, position('@' in email_key) + 1)",
}
WAITS_FROM = (
    "CASE WHEN reviewed_at IS NULL THEN opened_at WHEN lift_asked_at > reviewed_at THEN lift_asked_at ELSE review_by END"
)
OPEN, CLOSED = sa.text("closed_at is null"), sa.text("closed_at is not null")
BY_STAFF = sa.text("actor_kind = 'staff' and subject = 'customer'")
UNDECIDED = sa.text("told_apart_at is null")
RULES = {
    "four_eyes_of_owner": "outcome is null or outcome = 'undone' or accountable_id is null"
    " or closed_by_kind <> 'staff' or closed_by_id <> accountable_id",
    "four_eyes_of_review": "reviewed_by_id is null or accountable_id is null or reviewed_by_id <> accountable_id",
    "lift_reason_length": "length(lift_reason) <= 2000",
}
COLUMNS = {
    "evidence": sa.JSON(),
    "lift_asked_at": MOMENT,
    "lift_asked_by_id": sa.Integer(),
    "lift_asked_by_name": sa.Text(),
    "lift_reason": sa.Text(),
}


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.Column("case_seq", SEQUENCE, nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("review_by", MOMENT, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.CheckConstraint("decision in ('upheld', 'overturned')", name=op.f("ck_review_decision_known")),
        sa.CheckConstraint(
            "(decision = 'upheld') = (review_by is not null)", name=op.f("ck_review_upheld_is_looked_at_again")
        ),
        sa.CheckConstraint("length(note) <= 2000", name=op.f("ck_review_note_length")),
        sa.ForeignKeyConstraint(["case_seq"], ["blacklisting.seq"], name=op.f("fk_review_case_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_review")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_review_case_seq"), "review", ["case_seq"])
    op.create_index(op.f("ix_review_at"), "review", ["at"])
    op.create_table(
        "resemblance",
        sa.Column("one_seq", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("other_seq", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("signals", sa.String(length=40), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("told_apart_at", MOMENT, nullable=True),
        sa.Column("told_apart_by_id", sa.Integer(), nullable=True),
        sa.Column("told_apart_by_name", sa.Text(), nullable=True),
        sa.CheckConstraint("one_seq < other_seq", name=op.f("ck_resemblance_in_order")),
        sa.PrimaryKeyConstraint("one_seq", "other_seq", name=op.f("pk_resemblance")),
    )
    op.create_index(op.f("ix_resemblance_other_seq"), "resemblance", ["other_seq"])
    op.create_index(
        op.f("ix_resemblance_undecided"),
        "resemblance",
        ["weight", "found_at"],
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    )
    with op.batch_alter_table("blacklisting", table_kwargs={"sqlite_autoincrement": True}) as blacklisting:
        for name, kind in COLUMNS.items():
            blacklisting.add_column(
                sa.Column(name, kind, nullable=name != "evidence", server_default="[]" if name == "evidence" else None)
            )
        for name, rule in RULES.items():
            blacklisting.create_check_constraint(op.f(f"ck_blacklisting_{name}"), rule)
    op.create_index(op.f("ix_blacklisting_opened_at"), "blacklisting", ["opened_at"])
    op.create_index(
        op.f("ix_blacklisting_closed_at"), "blacklisting", ["closed_at"], sqlite_where=CLOSED, postgresql_where=CLOSED
    )
    op.create_index(
        op.f("ix_blacklisting_lift_asked_by_id"), "blacklisting", ["lift_asked_by_id", "lift_asked_at"]
    )
    op.create_index(
        op.f("ix_blacklisting_waits_from"),
        "blacklisting",
        [sa.text(f"({WAITS_FROM})")],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.execute(
        "INSERT INTO review (case_seq, decision, at, by_id, by_name, note, review_by)"
        " SELECT seq, 'upheld', reviewed_at, reviewed_by_id, reviewed_by_name, review_note, review_by"
        " FROM blacklisting WHERE reviewed_at IS NOT NULL ORDER BY seq"
    )
    op.add_column("customer", sa.Column("email_domain", DOMAIN, nullable=False, server_default=""))
    op.execute(f"UPDATE customer SET email_domain = {DOMAIN_OF[op.get_bind().dialect.name]}")
    op.create_index(op.f("ix_customer_email_domain"), "customer", ["email_domain", "name_key"])
    op.create_index(
        op.f("ix_history_entry_actor_id"),
        "history_entry",
        ["actor_id", "at"],
        sqlite_where=BY_STAFF,
        postgresql_where=BY_STAFF,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_history_entry_actor_id"), table_name="history_entry")
    op.drop_index(op.f("ix_customer_email_domain"), table_name="customer")
    op.drop_column("customer", "email_domain")
    for name in ("waits_from", "lift_asked_by_id", "closed_at", "opened_at"):
        op.drop_index(op.f(f"ix_blacklisting_{name}"), table_name="blacklisting")
    op.drop_table("review")
    op.drop_table("resemblance")
    with op.batch_alter_table("blacklisting", table_kwargs={"sqlite_autoincrement": True}) as blacklisting:
        for name in RULES:
            blacklisting.drop_constraint(op.f(f"ck_blacklisting_{name}"), type_="check")
        for name in COLUMNS:
            blacklisting.drop_column(name)
