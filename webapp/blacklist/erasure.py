"""What goes and what stays of the cases of a person who is deleted."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select, update

from webapp.blacklist.by_history import WHOLE, whole
from webapp.blacklist.case import cases_of
from webapp.blacklist.models import Blacklisting, Review
from webapp.blacklist.moves import has_moved_cases
from webapp.history.changes import Projection, Values
from webapp.history.entries import Subject
from webapp.history.found import Found
from webapp.kernel import clock
from webapp.kernel.database import db


class CaseNotes(Projection):
    def what_stays(self, subject: Subject) -> Values:
        stays: dict[str, Any] = {"cases": what_stays([subject.seq]).get(subject.seq, [])}
        cases = cases_of(subject.seq)
        if has_moved_cases(subject.seq) or any(case.until for case in cases):
            stays[WHOLE] = whole(cases, is_erased=True)
        return stays

    def forget(self, subject: Subject) -> None:
        its_own = Blacklisting.customer_seq == subject.seq
        written = dict.fromkeys(["note", "review_note", "lift_reason", "closed_note"])
        db.session.execute(update(Blacklisting).where(its_own).values(evidence=[], **written))
        its_cases = select(Blacklisting.seq).where(its_own)
        db.session.execute(update(Review).where(Review.case_seq.in_(its_cases)).values(note=None))


def look(customer_seqs: Collection[int]) -> Found:
    """What entries of before the log do not say of cases."""
    stays = what_stays(customer_seqs)
    return {seq: {"cases": cases} for seq, cases in stays.items()}


def what_stays(customer_seqs: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """What entries must say of the cases of customers before their values are erased, or because
    they were written before the log; by customer, in the order of cases.
    """
    case, review = Blacklisting, Review
    cases = db.session.execute(
        select(case.customer_seq, case.seq, case.reason, case.accountable_id, case.to_check)
        .where(case.customer_seq.in_(customer_seqs))
        .order_by(case.seq)
    ).all()
    reviews = db.session.execute(
        select(review.case_seq, review.seq, review.review_by)
        .where(review.case_seq.in_([one.seq for one in cases]))
        .order_by(review.seq)
    ).all()
    stays: dict[int, list[dict[str, Any]]] = {}
    for one in cases:
        about = {
            "case": one.seq,
            "reason": one.reason,
            "accountable_id": one.accountable_id,
            "to_check": one.to_check,
            "reviews": [
                [row.seq, row.review_by and clock.in_iso(row.review_by)]
                for row in reviews
                if row.case_seq == one.seq
            ],
        }
        stays.setdefault(one.customer_seq, []).append(about)
    return stays
