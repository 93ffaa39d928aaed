"""What the history says of the rows of cases and reviews: a customer's chain, told once more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.blacklist.case import first_review_by, reviews_of
from webapp.blacklist.models import Blacklisting, Decision, Review, State
from webapp.history.rows import FOUND, RowsOf, Telling
from webapp.kernel import clock

COLUMNS = (
    "seq", "reason", "note", "evidence",
    "opened_at", "opened_by_kind", "opened_by_id", "opened_by_name", "accountable_id",
    "also_accountable", "until", "review_by",
    "reviewed_at", "reviewed_by_id", "reviewed_by_name", "review_note",
    "lift_asked_at", "lift_asked_by_id", "lift_asked_by_name", "lift_reason",
    "closed_at", "closed_by_kind", "closed_by_id", "closed_by_name", "closed_note", "outcome",
    "to_check",
)  # fmt: skip
OF_REVIEW = ("seq", "case_seq", "decision", "at", "by_id", "by_name", "note", "review_by")
# How a case was closed before a review opened it again; entries of before 0031 do not say.
REOPENED = ("closed_at", "closed_outcome", "closed_by_name")
# What entries of before the log do not say; erased entries say no more of it either.
ONCE_UNTOLD = ("seq", "accountable_id", "to_check")
# A removal through these waits until a manager has looked at it.
UNSEEN_DOORS = ("api", "command")
WRITTEN = ("note", "review_note", "lift_reason", "closed_note")
# In entries about merged records: all cases of the customer as they are from then on.
WHOLE = "whole_cases"
MOMENTS = ("_at", "review_by", "until")
OF_WHOLE_REVIEW = (*OF_REVIEW, "undone_at", *REOPENED)


@dataclass
class ToldReview:
    """A review, as far as it has been told."""

    row: dict[str, Any]

    @property
    def stands(self) -> bool:
        return self.row["undone_at"] is None


@dataclass
class ToldCase:
    """A case, as far as it has been told.

    Attributes:
        reviews: All, oldest first.
    """

    row: dict[str, Any]
    reviews: list[ToldReview] = field(default_factory=list)

    def close(self, entry: Telling, outcome: str) -> None:
        self.row |= {"outcome": outcome, "closed_at": entry.at} | entry.who("closed_by")

    def reopen(self) -> None:
        names = ("outcome", "closed_at", "closed_by_kind", "closed_by_id", "closed_by_name")
        self.row |= dict.fromkeys((*names, "closed_note")) | {"to_check": False}

    def review(self, entry: Telling, decision: Decision) -> None:
        row = {
            "seq": entry.value("review"),
            "case_seq": self.row["seq"],
            "decision": decision.value,
            "at": entry.at,
            "by_id": entry.actor_id,
            "by_name": entry.actor_name,
            "note": entry.value("note", ""),
            "review_by": clock.from_iso(entry.value("review_by")),
            "undone_at": None,
            **_with_moments({name: entry.value(name) for name in REOPENED}),
        }
        self.reviews.append(ToldReview(row))


def tell(entries: Sequence[Telling]) -> list[ToldCase]:
    """The cases of a customer, oldest first."""
    cases: list[ToldCase] = []
    for entry in entries:
        if entry.value(WHOLE) is not None:
            cases = [_read_whole(one) for one in entry.value(WHOLE)]
        elif entry.kind == "blacklisted":
            cases.append(_opened(entry))
        elif entry.kind in (FOUND, "deleted"):
            _take_what_was_found(cases, entry)
        elif entry.kind in DEEDS and cases:
            DEEDS[entry.kind](_case_meant(cases, entry), entry)
    return cases


def whole(cases: Sequence[Blacklisting], *, is_erased: bool = False) -> list[dict[str, Any]]:
    """Cases with their reviews, oldest first, for an entry that tells of them once more.

    Args:
        is_erased: Leave out what people have written.
    """
    ordered = sorted(cases, key=lambda case: case.seq)
    reviews = reviews_of(ordered) if ordered else ()
    return [
        _written(case, COLUMNS, is_erased=is_erased)
        | {
            "reviews": [
                _written(review, OF_WHOLE_REVIEW, is_erased=is_erased)
                for review in reviews
                if review.case_seq == case.seq
            ]
        }
        for case in ordered
    ]


def _written(row: Any, names: Sequence[str], *, is_erased: bool) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    if is_erased:
        values |= {name: None for name in WRITTEN if name in values}
        values |= {"evidence": []} if "evidence" in values else {}
    return {
        name: clock.in_iso(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _read_whole(case: Mapping[str, Any]) -> ToldCase:
    reviews = [ToldReview(_with_moments(review)) for review in case["reviews"]]
    return ToldCase(_with_moments({name: case[name] for name in COLUMNS}), reviews)


def _with_moments(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: clock.from_iso(value) if name == "at" or name.endswith(MOMENTS) else value
        for name, value in row.items()
    }


def _case_meant(cases: Sequence[ToldCase], entry: Telling) -> ToldCase:
    """The case that an entry names; else the open one, or the last."""
    number = entry.value("case")
    named = (case for case in cases if number and case.row["seq"] == number)
    is_open = (case for case in cases if case.row["closed_at"] is None)
    return next(named, None) or next(is_open, cases[-1])


def _opened(entry: Telling) -> ToldCase:
    row = dict.fromkeys(COLUMNS) | {
        "seq": entry.value("case"),
        "reason": entry.value("reason"),
        "note": entry.value("note", ""),
        "evidence": entry.value("evidence", []),
        "opened_at": entry.at,
        "accountable_id": entry.value("accountable_id"),
        "until": clock.from_iso(entry.value("until")),
        "to_check": False,
    }
    return ToldCase(row | entry.who("opened_by"))


def _overturned(case: ToldCase, entry: Telling) -> None:
    case.close(entry, State.OVERTURNED.value)
    case.review(entry, Decision.OVERTURNED)


def _lifted(case: ToldCase, entry: Telling) -> None:
    case.close(entry, State.LIFTED.value)
    case.row |= {"closed_note": entry.value("note"), "to_check": entry.door in UNSEEN_DOORS}


def _lift_asked(case: ToldCase, entry: Telling) -> None:
    case.row |= {
        "lift_asked_at": entry.at,
        "lift_asked_by_id": entry.value("accountable_id", entry.actor_id),
        "lift_asked_by_name": entry.actor_name,
        "lift_reason": entry.value("note"),
    }
    if entry.new is None and entry.actor_kind == "key":  # erased: who answers for it is not said
        del case.row["lift_asked_by_id"]


def _review_undone(case: ToldCase, entry: Telling) -> None:
    standing = [review for review in case.reviews if review.stands]
    for review in standing[-1:]:
        review.row["undone_at"] = entry.at
    case.reopen()


def _ended(case: ToldCase, entry: Telling) -> None:
    case.close(entry, State.ENDED.value)
    at, to_check = clock.from_iso(entry.value("ended_at")), entry.value("to_check", False)
    case.row |= {"closed_at": at, "to_check": to_check}


def _reopened(case: ToldCase, entry: Telling) -> None:
    if case.row["until"] and case.row["until"] <= entry.at:
        case.row["until"] = None
    case.reopen()
    case.review(entry, Decision.UPHELD)
    for name in REOPENED if entry.value("closed_at") is None else ():
        del case.reviews[-1].row[name]


DEEDS: dict[str, Callable[[ToldCase, Telling], None]] = {
    "upheld": lambda case, entry: case.review(entry, Decision.UPHELD),
    "overturned": _overturned,
    "lifted": _lifted,
    "undone": lambda case, entry: case.close(entry, State.UNDONE.value),
    "ended": _ended,
    "end_set": lambda case, entry: case.row.update(until=clock.from_iso(entry.value("until"))),
    "lift_asked": _lift_asked,
    "review_undone": _review_undone,
    "removal_agreed": lambda case, _: case.row.update(to_check=False),
    "reopened": _reopened,
}


def _take_what_was_found(cases: Sequence[ToldCase], entry: Telling) -> None:
    """Only what entries did not say: what they did must not be overruled."""
    for case, about in zip(cases, entry.value("cases", []), strict=False):
        if case.row["seq"] is None:
            names = ("accountable_id", "to_check")
            case.row |= {name: about[name] for name in names} | {"seq": about["case"]}
        if case.row["reason"] is None:
            case.row["reason"] = about["reason"]
        for review, (number, due) in zip(case.reviews, about["reviews"], strict=False):
            review.row["case_seq"] = case.row["seq"]
            if review.row["seq"] is None:
                review.row["seq"] = number
            if review.row["review_by"] is None:
                review.row["review_by"] = clock.from_iso(due)


def _cases(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    is_erased = any(entry.kind == "deleted" for entry in entries)
    return [_row_of(case, is_erased=is_erased) for case in tell(entries)]


def _row_of(case: ToldCase, *, is_erased: bool) -> dict[str, Any]:
    standing = [review.row for review in case.reviews if review.stands]
    last = standing[-1] if standing else dict.fromkeys(OF_REVIEW)
    upheld = [one["review_by"] for one in standing if one["decision"] == Decision.UPHELD]
    row = case.row | {
        "reviewed_at": last["at"],
        "reviewed_by_id": last["by_id"],
        "reviewed_by_name": last["by_name"],
        "review_note": last["note"],
        "review_by": upheld[-1] if upheld else first_review_by(case.row["opened_at"]),
    }
    if is_erased:
        row |= dict.fromkeys(WRITTEN) | {"evidence": []}
    untold = {name for name in ("reason", "review_by") if row[name] is None}
    untold.update(ONCE_UNTOLD if row["seq"] is None else ())
    return {name: value for name, value in row.items() if name not in untold}


def _reviews(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    is_erased = any(entry.kind == "deleted" for entry in entries)
    rows = [review.row for case in tell(entries) for review in case.reviews]
    if all(row["seq"] for row in rows):
        rows.sort(key=lambda row: row["seq"])  # cases that moved may have been reviewed by turns
    return [_told_of_review(row, is_erased=is_erased) for row in rows]


def _told_of_review(row: Mapping[str, Any], *, is_erased: bool) -> Mapping[str, Any]:
    review = dict(row) | ({"note": None} if is_erased else {})
    untold = ("seq", "case_seq", "review_by") if row["seq"] is None else ()
    if row["case_seq"] is None:
        untold = (*untold, "case_seq")
    return {name: value for name, value in review.items() if name not in untold}


ROWS = (
    RowsOf(
        "case",
        Blacklisting.__table__,
        "customer_seq",
        select(
            Blacklisting.customer_seq, *(getattr(Blacklisting, name) for name in COLUMNS)
        ).order_by(Blacklisting.customer_seq, Blacklisting.seq),
        _cases,
    ),
    RowsOf(
        "review",
        Review.__table__,
        None,
        select(
            Blacklisting.customer_seq,
            *(getattr(Review, name) for name in OF_WHOLE_REVIEW),
        )
        .join(Blacklisting, Blacklisting.seq == Review.case_seq)
        .order_by(Blacklisting.customer_seq, Review.seq),
        _reviews,
    ),
)
