"""What people wrote about a customer in cases and reviews goes with the customer; who decided what, and when, stays."""

from sqlalchemy import select, update

from webapp.blacklist.models import Blacklisting, Review
from webapp.history.changes import Projection
from webapp.history.entries import Subject
from webapp.kernel.database import db


class CaseNotes(Projection):
    def forget(self, subject: Subject) -> None:
        its_own = Blacklisting.customer_seq == subject.seq
        written = dict.fromkeys(["note", "review_note", "lift_reason", "closed_note"])
        db.session.execute(update(Blacklisting).where(its_own).values(evidence=[], **written))
        its_cases = select(Blacklisting.seq).where(its_own)
        db.session.execute(update(Review).where(Review.case_seq.in_(its_cases)).values(note=None))
