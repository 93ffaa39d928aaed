"""An e-mail address and a reference belong to one customer each: who has them, and who lost
a race.
"""

from typing import NoReturn

from sqlalchemy.exc import IntegrityError

from webapp.customers.changes import EmailTaken, ReferenceTaken, Taken
from webapp.customers.finding import find_by_email, find_by_reference
from webapp.customers.models import Customer
from webapp.kernel.dialects import broken_constraint
from webapp.kernel.submission import Submission

TAKEN: dict[str, type[Taken]] = {"email": EmailTaken, "reference": ReferenceTaken}


def note_taken(submission: Submission, *, other_than: Customer | None) -> None:
    """Report a taken reference, or else a taken address, ahead of all other problems.

    Raises:
        Taken: `reference_taken` or `email_taken`, with every problem by field.
    """
    values = submission.values
    email, reference = values.get("email"), values.get("reference")
    by_email = find_by_email(email) if email and "email" not in submission.problems else None
    by_email = None if by_email is other_than else by_email
    by_reference = find_by_reference(reference) if reference else None
    owners = {
        field: owner for field, owner in (("reference", by_reference), ("email", by_email)) if owner
    }
    submission.problems |= {field: [TAKEN[field].sentence] for field in owners}
    for field, owner in owners.items():
        raise TAKEN[field](submission.problems, owner.id)


def refuse_taken(submission: Submission, error: Exception) -> NoReturn:
    """Report a unique violation after a race in the words of `note_taken`, which ran too early to
    see it; any other error is raised as it is.
    """
    if isinstance(error, IntegrityError) and any(
        field in broken_constraint(error) for field in TAKEN
    ):
        note_taken(submission, other_than=None)
    raise error
