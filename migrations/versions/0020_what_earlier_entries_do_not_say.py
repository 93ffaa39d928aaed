"""What earlier entries do not say of rows is to be written down as it is found.

`flask --app wsgi book renew-keys` does it, while people work.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    if op.get_bind().scalar(sa.text("SELECT 1 FROM history_entry LIMIT 1")):
        op.execute("INSERT INTO book_fact (name, value) VALUES ('untold', '')")


def downgrade() -> None:
    op.execute("DELETE FROM book_fact WHERE name = 'untold' OR name LIKE 'found %'")
