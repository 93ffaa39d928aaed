"""Block counts on PostgreSQL too: one table on both engines, with sort keys as text.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

BLOCK = 4_096
KEYS = {"created": "created_at", "updated": "updated_at", "name": "name_key"}
STORED = {
    "created": "lpad(created_at::text, 16, '0')",
    "updated": "lpad(updated_at::text, 16, '0')",
    "name": "name_key",
}
# Blocks of names that start with the name of somebody who has been deleted since.
STARTS_OF_DELETED_CUSTOMERS = (
    "SELECT 1 FROM page_block WHERE sort = 'name' AND dial_code = '' AND key <> '' "
    "AND seq NOT IN (SELECT seq FROM customer) LIMIT 1"
)
COLUMNS = "sort, dial_code, key, seq, customers, blacklisted"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        create_blocks()
        # With the counts in the index, adding up the blocks of an order need not read the table.
        op.execute(
            "ALTER TABLE page_block DROP CONSTRAINT pk_page_block, ADD CONSTRAINT pk_page_block "
            "PRIMARY KEY (sort, dial_code, key, seq) INCLUDE (customers, blacklisted)"
        )
        op.execute(
            "CREATE TABLE page_move (sort VARCHAR(8) COLLATE \"C\" NOT NULL, "
            "key VARCHAR(512) COLLATE \"C\" NOT NULL, seq BIGINT NOT NULL, "
            "dial_code VARCHAR(5) COLLATE \"C\", customers INTEGER NOT NULL, blacklisted INTEGER NOT NULL)"
        )
        op.execute("LOCK TABLE customer IN SHARE MODE")
        for sort in KEYS:
            op.execute(count_blocks(sort))
        op.execute("ANALYZE page_block")
    else:
        op.execute("ALTER TABLE page_block RENAME TO earlier_page_block")
        create_blocks()
        op.execute(
            f"INSERT INTO page_block ({COLUMNS}) SELECT sort, dial_code, CASE "
            "WHEN sort = 'name' THEN key WHEN key < 0 THEN '' ELSE printf('%016d', key) END, seq, customers, "
            "blacklisted FROM earlier_page_block"
        )
        op.execute("DROP TABLE earlier_page_block")
        if op.get_bind().exec_driver_sql(STARTS_OF_DELETED_CUSTOMERS).first():
            op.execute("DELETE FROM page_block WHERE sort = 'name'")
            op.execute(count_blocks("name"))


def create_blocks() -> None:
    op.create_table(
        "page_block",
        sa.Column("sort", text_of(8), nullable=False),
        sa.Column("dial_code", text_of(5), nullable=False),
        sa.Column("key", text_of(512), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("blacklisted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sort", "dial_code", "key", "seq", name=op.f("pk_page_block")),
        sqlite_with_rowid=False,
    )


def text_of(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def count_blocks(sort: str) -> str:
    """Runs of 4,096 customers in one order, and how many of each run are whose, for all and for each dial code."""
    return f"""
        WITH placed AS (
            SELECT {STORED[sort]} AS key, seq, dial_code, CASE WHEN blacklisted THEN 1 ELSE 0 END AS blacklisted,
                row_number() OVER (ORDER BY {KEYS[sort]}, seq) - 1 AS place
            FROM customer
        ), starts AS (
            SELECT place / {BLOCK} AS run, key, seq FROM placed WHERE place % {BLOCK} = 0
        ), counted AS (
            SELECT place / {BLOCK} AS run, '' AS dial_code, count(*) AS customers, sum(blacklisted) AS blacklisted
            FROM placed GROUP BY 1
            UNION ALL
            SELECT place / {BLOCK}, dial_code, count(*), sum(blacklisted) FROM placed
            WHERE dial_code IS NOT NULL GROUP BY 1, 2
        )
        INSERT INTO page_block ({COLUMNS})
        SELECT '{sort}', dial_code, CASE run WHEN 0 THEN '' ELSE key END, CASE run WHEN 0 THEN 0 ELSE seq END,
            customers, blacklisted
        FROM counted JOIN starts USING (run)
    """


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_table("page_move")
        op.drop_table("page_block")
    else:
        op.execute("ALTER TABLE page_block RENAME TO later_page_block")
        op.execute(
            "CREATE TABLE page_block (sort TEXT NOT NULL, dial_code TEXT NOT NULL, key NOT NULL, seq INTEGER NOT NULL,"
            " customers INTEGER NOT NULL, blacklisted INTEGER NOT NULL, PRIMARY KEY (sort, dial_code, key, seq))"
            " WITHOUT ROWID"
        )
        op.execute(
            f"INSERT INTO page_block ({COLUMNS}) SELECT sort, dial_code, CASE WHEN sort = 'name' THEN key "
            "WHEN key = '' THEN -1 ELSE CAST(key AS INTEGER) END, seq, customers, blacklisted FROM later_page_block"
        )
        op.execute("DROP TABLE later_page_block")
