"""Standing and staff: tombstones, erasable notes, second factors, and sessions that say where they are.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()
IDENTIFIER = sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql")
REFERENCE = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")

# Values may be erased when a person must be forgotten, but never altered.
NEVER_ALTERED = {
    "sqlite": """
        CREATE TRIGGER history_values_not_update BEFORE UPDATE ON history_values
        BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END
        """,
    "postgresql": """
        CREATE TRIGGER history_values_not_update BEFORE UPDATE ON history_values
        FOR EACH ROW EXECUTE FUNCTION refuse_history_change()
        """,
}


def upgrade() -> None:
    op.create_table(
        "tombstone",
        sa.Column("customer_seq", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("customer_id", IDENTIFIER, nullable=False),
        sa.Column("reference", REFERENCE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=False),
        sa.Column("deleted_by_kind", sa.String(length=8), nullable=False),
        sa.Column("deleted_by_id", sa.Integer(), nullable=True),
        sa.Column("deleted_by_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_seq", name=op.f("pk_tombstone")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_tombstone_customer_id")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("staff_id", SEQUENCE, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_recovery_code_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "role_policy",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("needs_second_factor", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("role in ('viewer', 'agent', 'manager', 'admin')", name=op.f("ck_role_policy_role_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_policy")),
        sa.UniqueConstraint("role", name=op.f("uq_role_policy_role")),
    )
    op.add_column("staff_member", sa.Column("totp_secret", sa.Text(), nullable=True))
    op.add_column("staff_member", sa.Column("totp_step", sa.BigInteger(), nullable=True))
    # What sessions carried in the clear (messages, forms on their way past sign-in) goes: it is sealed from now on.
    with op.batch_alter_table("staff_session") as session:
        session.drop_column("carried")
        session.add_column(sa.Column("carried", sa.Text(), nullable=False, server_default=""))
        session.add_column(sa.Column("address", sa.String(length=45), nullable=False, server_default=""))
        session.add_column(sa.Column("browser", sa.String(length=40), nullable=False, server_default=""))
    with op.batch_alter_table("blacklisting", table_kwargs={"sqlite_autoincrement": True}) as blacklisting:
        blacklisting.alter_column("note", existing_type=sa.Text(), nullable=True)
    op.execute(NEVER_ALTERED[op.get_bind().dialect.name])


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.execute("DROP TRIGGER history_values_not_update" + (" ON history_values" if dialect == "postgresql" else ""))
    op.execute("UPDATE blacklisting SET note = '(erased)' WHERE note IS NULL")
    with op.batch_alter_table("blacklisting", table_kwargs={"sqlite_autoincrement": True}) as blacklisting:
        blacklisting.alter_column("note", existing_type=sa.Text(), nullable=False)
    with op.batch_alter_table("staff_session") as session:
        session.drop_column("browser")
        session.drop_column("address")
        session.drop_column("carried")
        session.add_column(sa.Column("carried", sa.JSON(), nullable=False, server_default="{}"))
    op.drop_column("staff_member", "totp_step")
    op.drop_column("staff_member", "totp_secret")
    op.drop_table("role_policy")
    op.drop_table("recovery_code")
    op.drop_table("tombstone")
