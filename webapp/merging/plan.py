"""What the undoing of a merge would do now: what goes back, and what stays because others have
changed it since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webapp.blacklist.case import UNDO_FOR, cases_of
from webapp.blacklist.models import Blacklisting, State
from webapp.blacklist.moves import CaseMove, moves_of
from webapp.customers import merged
from webapp.customers.clashes import GROUPS, values_of
from webapp.customers.fields import Details
from webapp.customers.merged import MERGED, MergedCustomer
from webapp.customers.models import Customer
from webapp.history.entries import HistoryEntry, entries_of
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict


class NotSettled(Conflict):
    code = "not_settled"
    sentence = "The removal of a blacklisting can still be undone; undo the merge after that"


@dataclass(frozen=True)
class Plan:
    """What an undo would do now.

    Attributes:
        details: Those of the survivor afterwards.
        stays: The groups of details that do not go back: somebody has changed them since.
        cases: Those that go back to the record.
        stays_closed: Of them, those that were joined with a case that is closed since.
    """

    details: Details
    stays: Sequence[str]
    cases: Sequence[Blacklisting]
    stays_closed: Sequence[Blacklisting]


def plan_of(survivor: Customer, record: MergedCustomer) -> Plan:
    """What an undo would do now.

    Raises:
        Conflict: `not_settled`.
    """
    entry = _entry_of(survivor, record)
    values, stays = values_of(survivor.details), list[str]()
    for group in GROUPS:
        if group != "email" and not _give_group_back(values, group, survivor, entry):
            stays.append(group)
    if survivor.email_key in merged.emails_under(record):
        values["email"] = record.replaced_email
    elif "email" in entry.fields and survivor.email != entry.old("email"):
        stays.append("email")
    cases = _cases_of(record)
    return Plan(Details(**values), stays, cases, _stay_closed(cases))


def _entry_of(survivor: Customer, record: MergedCustomer) -> HistoryEntry:
    key = ("customer", survivor.seq, record.entry)
    return db.session.get_one(HistoryEntry, key)


def _give_group_back(
    values: dict[str, Any], group: str, survivor: Customer, entry: HistoryEntry
) -> bool:
    """Put the values of before a merge in the place of those that it took; whether nobody has
    changed them since.
    """
    taken = [name for name in GROUPS[group] if name in entry.fields]
    before = {name: _before(survivor, entry, name) for name in taken}
    if all(values[name] == entry.new(name) for name in taken):
        values |= before
    return all(values[name] == before[name] for name in taken)


def _before(survivor: Customer, entry: HistoryEntry, name: str) -> Any:
    """The value before a merge; what an earlier merge brought that is undone since does not
    count.
    """
    standing = {
        one.entry for one in merged.merged_into(survivor) if one.survivor_seq == survivor.seq
    }
    earlier = entries_of(survivor.subject, before=entry.number, limit=None)
    last = next((one for one in earlier if name in one.fields), None)
    is_undone = last and last.kind == MERGED and last.number not in standing
    return _before(survivor, last, name) if last and is_undone else entry.old(name)


def _cases_of(record: MergedCustomer) -> list[Blacklisting]:
    """The cases that moved with a record last, oldest first."""
    cases = cases_of(record.survivor_seq)[::-1]
    moves = moves_of([case.seq for case in cases])
    return [
        case for case in cases if moves[case.seq] and moves[case.seq][-1].from_seq == record.seq
    ]


def _stay_closed(cases: Sequence[Blacklisting]) -> list[Blacklisting]:
    """Those that were joined with a case of the survivor that is closed since.

    Raises:
        Conflict: `not_settled`: that removal can still be undone, and would leave these out.
    """
    closed = []
    for case in cases:
        stands = stands_for(case)
        if stands is None or stands.closed_at is None or stands in cases:
            continue
        is_recent = clock.now() - stands.closed_at <= UNDO_FOR
        if stands.to_check or (is_recent and stands.outcome != State.ENDED):
            raise NotSettled
        closed.append(case)
    return closed


def stands_for(case: Blacklisting) -> Blacklisting | None:
    move = joined_by(case)
    return db.session.get(Blacklisting, move.joined_to) if move else None


def joined_by(case: Blacklisting) -> CaseMove | None:
    moves = moves_of([case.seq])[case.seq]
    return next((one for one in moves if one.joined_to and one.joined_until is None), None)
