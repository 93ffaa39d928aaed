"""On SQLite the search index merges its segments when the application says so, a few pages at a time.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"

BY_ITSELF = 4


def upgrade() -> None:
    merge_by_itself_from(0)


def downgrade() -> None:
    merge_by_itself_from(BY_ITSELF)


def merge_by_itself_from(segments: int) -> None:
    """From so many segments of a level on; never for 0."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO customer_search (customer_search, rank) VALUES ('automerge', {segments})")
