"""The second person agrees to a merge, or to its undoing: then it is done."""

from collections.abc import Sequence
from uuid import UUID

from webapp.history.entries import Actor
from webapp.kernel.database import writing
from webapp.merging import merging, taking_back
from webapp.merging.pair import Merging, locked_pair, refuse_deletions, refuse_other_versions
from webapp.merging.requests import take_request
from webapp.merging.result import Side


def agree_to_merge(
    survivor_id: UUID, other_id: UUID, *, seen: Sequence[int] | None = None, by: Actor
) -> Merging:
    """Merge two records as somebody else asked.

    Args:
        seen: Refuse unless these are the versions of the survivor and the other.

    Raises:
        NotFound: `customer_not_found` or `merge_not_asked`.
        Conflict: `customer_merged`, `deletion_asked`, `other_version`, `own_decision` or
            `nobody_answers`.
    """
    with writing():
        survivor, other = locked_pair(survivor_id, other_id)
        request = take_request(survivor, other, by=by)
        refuse_deletions(survivor, other)
        refuse_other_versions(seen, survivor, other)
        choices = {group: Side(side) for group, side in request.choices.items()}
        return merging.carry_out(survivor, other, choices, request.note, by=by)


def agree_to_undo(record_id: UUID, *, seen: Sequence[int] | None = None, by: Actor) -> Merging:
    """Let a merged record be a customer of its own again, as somebody else asked.

    Raises:
        NotFound: `merge_not_asked`.
        Conflict: `not_merged`, `merged_in_turn`, `other_version`, `own_decision` or
            `nobody_answers`.
    """
    with writing():
        survivor, record = taking_back.locked_record(record_id)
        request = take_request(survivor, record, by=by)
        refuse_other_versions(seen, survivor, record)
        return taking_back.carry_out(survivor, record, request.note, by=by)
