"""On SQLite the search index and the block counts; on both, since when a customer waits for review.

Revision ID: 0005
Revises: 0004
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WAITS_FROM = (
    "CASE WHEN reviewed_at IS NULL THEN opened_at WHEN lift_asked_at > reviewed_at THEN lift_asked_at ELSE review_by END"
)
INDEXES = {
    "ix_customer_waits": ["waits_from", "dial_code", "created_at"],
    "ix_customer_waits_created": ["created_at", "seq", "waits_from", "dial_code"],
    "ix_customer_waits_updated": ["updated_at", "seq", "waits_from", "dial_code"],
    "ix_customer_waits_name": ["name_key", "seq", "waits_from", "dial_code", "created_at"],
}
WIDER = {
    "ix_blacklisting_customer_seq": ("blacklisting", ["customer_seq", "outcome"], ["customer_seq"]),
    "ix_review_at": ("review", ["at", "undone_at", "case_seq", "decision"], ["at"]),
}
OF_OPEN_CASES = {
    "ix_blacklisting_queue": [
        "opened_at", "seq", "review_by", "reviewed_at", "lift_asked_at", "reason", "opened_by_kind", "opened_by_id",
        "opened_by_name", "accountable_id", "customer_seq", "closed_at",
    ],
    "ix_blacklisting_review_by": ["review_by"],
}  # fmt: skip
OPEN = sa.text("closed_at is null")
LISTED = sa.text("waits_from is not null")
# What is indexed: the searched text, a mark of the dial code, and one of the blacklist.
ON_SQLITE = (
    "CREATE VIEW customer_searched AS SELECT seq, search"
    " || CASE WHEN dial_code IS NULL THEN '' ELSE '  ' || char(57344 + CAST(substr(dial_code, 2) AS INTEGER)) END"
    " || CASE WHEN blacklisted THEN '  ' || char(61440) ELSE '' END AS search FROM customer",
    "CREATE VIRTUAL TABLE customer_search USING fts5(search, content='customer_searched', content_rowid='seq', columnsize=0,"
    " detail=none, tokenize='trigram case_sensitive 1')",
    "CREATE TABLE page_block (sort TEXT NOT NULL, dial_code TEXT NOT NULL, key NOT NULL, seq INTEGER NOT NULL,"
    " customers INTEGER NOT NULL, blacklisted INTEGER NOT NULL, PRIMARY KEY (sort, dial_code, key, seq)) WITHOUT ROWID",
)
# As `webapp.kernel.folding` had it when this was written.
INNER_START = re.compile(
    r"[^\w]|[_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
BATCH, BLOCK = 10_000, 4_096
FIRST = {"created": "-1", "updated": "-1", "name": "''"}
KEYS = {"created": "created_at", "updated": "updated_at", "name": "name_key"}


def upgrade() -> None:
    op.add_column("customer", sa.Column("waits_from", sa.BigInteger(), nullable=True))
    op.execute(
        f"UPDATE customer SET waits_from = (SELECT {WAITS_FROM} FROM blacklisting"
        " WHERE customer_seq = customer.seq AND closed_at IS NULL) WHERE blacklisted"
    )
    for name, columns in INDEXES.items():
        op.create_index(op.f(name), "customer", columns, sqlite_where=LISTED, postgresql_where=LISTED)
    op.drop_index(op.f("ix_customer_blacklisted"), table_name="customer")
    for name, (table, columns, _) in WIDER.items():
        op.drop_index(op.f(name), table_name=table)
        op.create_index(op.f(name), table, columns)
    for name, columns in OF_OPEN_CASES.items():
        op.create_index(op.f(name), "blacklisting", columns, sqlite_where=OPEN, postgresql_where=OPEN)
    add_pieces()
    if op.get_bind().dialect.name == "sqlite":
        for statement in ON_SQLITE:
            op.execute(statement)
        op.execute("INSERT INTO customer_search(customer_search) VALUES ('rebuild')")
        for sort, key in KEYS.items():
            op.execute(count_blocks(sort, key))


def add_pieces() -> None:
    """Let each sign, and each character of a script without spaces, begin a piece of the searched text."""
    after, bind = 0, op.get_bind()
    while rows := bind.execute(
        sa.text("SELECT seq, search FROM customer WHERE seq > :after ORDER BY seq LIMIT :most"),
        {"after": after, "most": BATCH},
    ).all():
        changed = [{"seq": seq, "search": search + pieces} for seq, search in rows if (pieces := pieces_of(search))]
        if changed:
            bind.execute(sa.text("UPDATE customer SET search = :search WHERE seq = :seq"), changed)
        after = rows[-1].seq


def pieces_of(search: str) -> str:
    words = search.split()
    pieces = {word[at.start() : at.start() + 2]: None for word in words for at in INNER_START.finditer(word, 1)}
    return "".join("  " + piece for piece in pieces)


def count_blocks(sort: str, key: str) -> str:
    """Runs of 4,096 customers in one order, and how many of each run are whose, for all and for each dial code."""
    return f"""
        WITH placed AS (
            SELECT {key} AS key, seq, dial_code, blacklisted,
                (row_number() OVER (ORDER BY {key}, seq) - 1) / {BLOCK} AS run
            FROM customer
        ), starts AS (
            SELECT run, key, seq FROM (
                SELECT run, key, seq, row_number() OVER (PARTITION BY run ORDER BY key, seq) AS place FROM placed
            ) WHERE place = 1
        ), counted AS (
            SELECT run, '' AS dial_code, count(*) AS customers, sum(blacklisted) AS blacklisted FROM placed GROUP BY run
            UNION ALL
            SELECT run, dial_code, count(*), sum(blacklisted) FROM placed
            WHERE dial_code IS NOT NULL GROUP BY run, dial_code
        )
        INSERT INTO page_block (sort, dial_code, key, seq, customers, blacklisted)
        SELECT '{sort}', dial_code, CASE run WHEN 0 THEN {FIRST[sort]} ELSE key END, CASE run WHEN 0 THEN 0 ELSE seq END,
            customers, blacklisted
        FROM counted JOIN starts USING (run)
    """


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE page_block")
        op.execute("DROP TABLE customer_search")
        op.execute("DROP VIEW customer_searched")
    op.create_index(op.f("ix_customer_blacklisted"), "customer", ["blacklisted"])
    for name in OF_OPEN_CASES:
        op.drop_index(op.f(name), table_name="blacklisting")
    for name, (table, _, columns) in WIDER.items():
        op.drop_index(op.f(name), table_name=table)
        op.create_index(op.f(name), table, columns)
    for name in INDEXES:
        op.drop_index(op.f(name), table_name="customer")
    op.drop_column("customer", "waits_from")
