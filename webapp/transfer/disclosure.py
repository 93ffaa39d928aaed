"""Everything about one person, for themselves: what the book holds of them, and who received it
(the right of access, as in GDPR article 15).

Members of staff are not named in it: they are people too. Programs are.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from webapp.blacklist.by_history import WHOLE
from webapp.blacklist.case import cases_of, reviews_of
from webapp.blacklist.models import REASON_NAMES, Blacklisting
from webapp.customers.changes import changing_customer
from webapp.customers.merged import MergedCustomer, as_customer, merged_into
from webapp.customers.models import Customer
from webapp.customers.notes import notes_of
from webapp.history.entries import Actor, HistoryEntry, entries_of
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.database import db
from webapp.kernel.submission import read_note
from webapp.staff.models import ApiKey
from webapp.staff.permissions import Scope
from webapp.transfer.taken import exports_since

# Values that people have written freely, in entries of the history.
FREE_TEXT = ("note", "evidence", "text", "lift_reason")
# What is about other people, or only counts for us.
OF_OTHERS = (
    "accountable_id", "case", "review", "other", "reference", "entry", "role", "choices", "moved",
    WHOLE,
)  # fmt: skip
DISCLOSED = "disclosed"
READERS = {Scope.READ, Scope.EXPORT}
MISSING = "Say why it is withheld"


def disclose(customer_id: UUID, *, withhold: bool, reason: Any = "", by: Actor) -> dict[str, Any]:
    """Gather everything about a customer, and write down that it was given out.

    Args:
        withhold: Leave out what people have written freely; `reason` says why.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, with the problem on `reason`.
    """
    why = read_note(reason, missing=MISSING if withhold else "", field="reason")
    with changing_customer(customer_id, by=by) as change:
        everything = _everything(change.row, withheld=why if withhold else "")
        change.record(DISCLOSED, new={"note": why} if withhold else {})
    return everything


def _everything(customer: Customer, *, withheld: str) -> dict[str, Any]:
    """What is known, in the words of the API."""
    return {
        "at": in_iso(clock.now()),
        "withheld": withheld or None,
        "details": _details(customer),
        "notes": _notes(customer, withheld),
        "blacklistings": [_case(case, withheld) for case in cases_of(customer.seq)],
        "changes": _changes(customer, withheld),
        "merged": [_record(record, withheld) for record in merged_into(customer)],
        "recipients": _recipients(customer),
    }  # fmt: skip


def _record(record: MergedCustomer, withheld: str) -> dict[str, Any]:
    """What is known from a record that was merged into the customer's."""
    return {
        "details": _details(as_customer(record)),
        "notes": _notes(record, withheld),
        "changes": _changes(record, withheld),
    }


def _notes(customer: Customer | MergedCustomer, withheld: str) -> list[dict[str, str]] | None:
    if withheld:
        return None
    return [{"at": in_iso(note.written_at), "text": note.text} for note in notes_of(customer)]


def _changes(customer: Customer | MergedCustomer, withheld: str) -> list[dict[str, Any]]:
    entries = entries_of(customer.subject, limit=None)[::-1]
    return [_entry(entry, withheld) for entry in entries]


def _details(customer: Customer) -> dict[str, Any]:
    return {
        "id": str(customer.id),
        "reference": customer.reference,
        "firstName": customer.first_name,
        "lastName": customer.last_name,
        "email": customer.email,
        "phone": customer.phone,
        "countryCode": customer.dial_code,
        "dateOfBirth": customer.birthday,
        "blacklist": customer.blacklisted,
        "createdAt": in_iso(customer.created_at),
        "updatedAt": in_iso(customer.updated_at),
    }


def _case(case: Blacklisting, withheld: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "openedAt": in_iso(case.opened_at),
        "reason": REASON_NAMES[case.reason],
        "closedAt": in_iso(case.closed_at) if case.closed_at else None,
        "until": in_iso(case.until) if case.until else None,
        "outcome": case.outcome,
        "reviews": [
            {
                "at": in_iso(one.at),
                "decision": one.decision,
                "note": None if withheld else one.note,
            }
            for one in reviews_of([case])
            if one.undone_at is None
        ],
    }
    free = {"note": case.note, "evidence": case.evidence, "closedNote": case.closed_note}
    return shown | ({} if withheld else free)


def _entry(entry: HistoryEntry, withheld: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"at": in_iso(entry.at), "what": entry.kind, "by": _who(entry)}
    if entry.values is None:
        return shown
    hidden = FREE_TEXT if withheld else ()
    shown["old"] = _without(entry.values.old, hidden)
    shown["new"] = _without(entry.values.new, hidden)
    return shown


def _who(entry: HistoryEntry) -> str:
    return {"staff": "our staff", "key": f"the program {entry.actor_name}"}.get(
        entry.actor_kind, "our operator"
    )


def _without(values: Mapping[str, Any], hidden: Sequence[str]) -> dict[str, Any]:
    inner = {*hidden, *OF_OTHERS}
    return {name: value for name, value in values.items() if name not in inner}


def _recipients(customer: Customer) -> dict[str, Any]:
    """Programs that may read customers, and exports of lists since this one was created: each may
    have had this customer in it.
    """
    keys = db.session.scalars(select(ApiKey).order_by(ApiKey.id))
    return {
        "programs": [
            {"name": key.name, "since": in_iso(key.created_at)}
            | ({"until": in_iso(key.revoked_at)} if key.revoked_at else {})
            for key in keys
            if READERS & set(key.scopes) and not _was_over(key, customer)
        ],
        "exports": [
            {"at": in_iso(entry.at), "of": entry.new("filter"), "columns": entry.new("columns")}
            for entry in exports_since(customer.created_at)
        ],
    }


def _was_over(key: ApiKey, customer: Customer) -> bool:
    return bool(key.revoked_at and key.revoked_at < customer.created_at)
