"""Webhooks: endpoints, and what is or was sent to them.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WAITS, DONE = sa.text("next_at is not null"), sa.text("next_at is null")
GIVEN_UP = sa.text("next_at is null and delivered_at is null")


def upgrade() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", SEQ, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("kinds", sa.JSON, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("old_secret", sa.Text, nullable=True),
        sa.Column("old_secret_until", sa.BigInteger, nullable=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("off_since", sa.BigInteger, nullable=True),
        sa.Column("off_why", sa.String(8), nullable=True),
        sa.Column("removed_at", sa.BigInteger, nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("read_to", sa.BigInteger, nullable=False),
        sa.Column("failing_since", sa.BigInteger, nullable=True),
        sa.Column("failed_at", sa.BigInteger, nullable=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("paused_until", sa.BigInteger, nullable=True),
        sa.Column("lease", sa.String(32), nullable=True),
        sa.Column("leased_until", sa.BigInteger, nullable=True),
        sa.CheckConstraint(
            "off_why is null or off_why in ('by hand', 'gone', 'failing')",
            name=op.f("ck_webhook_endpoint_off_why_known"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_endpoint"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("endpoint_id", SEQ, nullable=False),
        sa.Column("event", sa.BigInteger, nullable=True),
        sa.Column("customer_seq", SEQ, nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("message_id", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("next_at", sa.BigInteger, nullable=True),
        sa.Column("by_hand", sa.Boolean, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("delivered_at", sa.BigInteger, nullable=True),
        sa.Column("tried_at", sa.BigInteger, nullable=True),
        sa.Column("status", sa.Integer, nullable=True),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("milliseconds", sa.Integer, nullable=True),
        sa.Column("problem", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["webhook_endpoint.id"],
            name="fk_webhook_delivery_endpoint_id_webhook_endpoint",
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_webhook_delivery"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhook_delivery_customer_seq", "webhook_delivery", ["customer_seq"])
    op.create_index(
        "uq_webhook_delivery_endpoint_id_event",
        "webhook_delivery",
        ["endpoint_id", "event"],
        unique=True,
    )
    op.create_index(
        "ix_webhook_delivery_waits",
        "webhook_delivery",
        ["endpoint_id", "customer_seq", "event"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.create_index(
        "ix_webhook_delivery_due",
        "webhook_delivery",
        ["endpoint_id", "next_at"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
    op.create_index(
        "ix_webhook_delivery_given_up",
        "webhook_delivery",
        ["endpoint_id", "seq"],
        sqlite_where=GIVEN_UP,
        postgresql_where=GIVEN_UP,
    )
    op.create_index(
        "ix_webhook_delivery_old",
        "webhook_delivery",
        ["at"],
        sqlite_where=DONE,
        postgresql_where=DONE,
    )
    op.create_index(
        "ix_webhook_delivery_endpoint_id_seq", "webhook_delivery", ["endpoint_id", "seq"]
    )


def downgrade() -> None:
    op.drop_table("webhook_delivery")
    op.drop_table("webhook_endpoint")
