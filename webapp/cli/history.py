"""The command that verifies the history."""

import click
from flask.cli import AppGroup
from sqlalchemy import Executable, select

from webapp.customers.models import Customer, Tombstone
from webapp.history import verify
from webapp.history.entries import Subject
from webapp.kernel.database import db
from webapp.staff.models import ApiKey, RolePolicy, StaffMember

history = AppGroup("history", help="What happened, and whether it still stands as it was written.")


@history.command("verify")
def verify_history() -> None:
    """Check every entry of the history; name the first that was altered,
    moved or lost, with exit status 1.
    """
    report = verify.verify(everybody())
    if report.fault:
        subject = report.fault.subject
        raise click.ClickException(
            f"Entry {report.fault.number} of {subject.kind} {_public_name(subject)} "
            f"{report.fault.what}."
        )
    click.echo(
        f"{report.entries:,} entries about {report.subjects:,} subjects: "
        "all are as they were written."
    )


def everybody() -> dict[str, Executable]:
    """All subjects of the history, by kind, ordered by key, with their versions."""
    gone = select(Tombstone.customer_seq, Tombstone.version)
    return {
        "customer": select(Customer.seq, Customer.version).union_all(gone).order_by("seq"),
        "key": select(ApiKey.id, ApiKey.version).order_by(ApiKey.id),
        "role": select(RolePolicy.id, RolePolicy.version).order_by(RolePolicy.id),
        "staff": select(StaffMember.id, StaffMember.version).order_by(StaffMember.id),
    }


def _public_name(subject: Subject) -> str:
    """The number that people know a subject by; for a customer, the id in addresses."""
    if subject.kind != "customer":
        return str(subject.seq)
    known = select(Customer.id).where(Customer.seq == subject.seq)
    gone = select(Tombstone.customer_id).where(Tombstone.customer_seq == subject.seq)
    return str(db.session.scalar(known) or db.session.scalar(gone) or subject.seq)
