"""Cases are counted by figure, and the blacklisted by reference.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

DAY = 86_400_000
WAITS_FROM = (
    "CASE WHEN reviewed_at IS NULL THEN opened_at WHEN lift_asked_at > reviewed_at THEN lift_asked_at ELSE review_by END"
)
OPENER = "opened_by_kind || ':' || coalesce(CAST(opened_by_id AS TEXT), '') || ':' || opened_by_name"
FIGURES = ("reason", "opener", "dial_code", "waits", "due")
REFERENCES = "ix_customer_waits_reference"


def upgrade() -> None:
    sequence = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "counted_cases",
        sa.Column("customer_seq", sequence, autoincrement=False, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(16), nullable=True),
        sa.Column("opener", sa.Text(), nullable=True),
        sa.Column("dial_code", sa.String(5), nullable=True),
        sa.Column("waits", text_of(6), nullable=True),
        sa.Column("due", text_of(6), nullable=True),
        sa.PrimaryKeyConstraint("customer_seq", name=op.f("pk_counted_cases")),
    )
    op.create_table(
        "case_tally",
        sa.Column("id", sequence, nullable=False),
        sa.Column("figure", text_of(12), nullable=False),
        sa.Column("whose", text_of(400), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_tally")),
    )
    op.execute(counted())
    for figure in FIGURES:
        op.execute(
            f"INSERT INTO case_tally (figure, whose, number) SELECT '{figure}', {figure}, count(*) FROM counted_cases "
            f"WHERE {figure} IS NOT NULL GROUP BY {figure}"
        )
    op.execute(
        "INSERT INTO case_tally (figure, whose, number) SELECT 'again', '', count(*) FROM counted_cases "
        "WHERE times > 1 HAVING count(*) > 0"
    )
    op.create_index("ix_case_tally_figure", "case_tally", ["figure", "whose", "number"])
    listed = sa.text("waits_from is not null")
    op.create_index(
        REFERENCES, "customer", [sa.text("lower(reference)"), "seq"], sqlite_where=listed, postgresql_where=listed
    )


def text_of(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def counted() -> str:
    """One row for each customer with a case that was not undone."""
    day = "lpad(CAST({0} / {1} AS TEXT), 6, '0')" if is_postgresql() else "printf('%06d', {0} / {1})"

    def of_open(what: str) -> str:
        return f"max(CASE WHEN closed_at IS NULL THEN {what} END)"

    return f"""
        INSERT INTO counted_cases (customer_seq, times, reason, opener, dial_code, waits, due)
        SELECT customer_seq, sum(CASE WHEN outcome = 'undone' THEN 0 ELSE 1 END), {of_open("reason")},
            {of_open(OPENER)}, {of_open("coalesce(dial_code, 'none')")},
            {of_open(day.format(f"({WAITS_FROM})", DAY))}, {of_open(day.format("review_by", DAY))}
        FROM blacklisting LEFT JOIN customer ON customer.seq = customer_seq
        GROUP BY customer_seq HAVING sum(CASE WHEN outcome = 'undone' THEN 0 ELSE 1 END) > 0
    """


def is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def downgrade() -> None:
    op.drop_index(REFERENCES, table_name="customer")
    op.drop_table("case_tally")
    op.drop_table("counted_cases")
