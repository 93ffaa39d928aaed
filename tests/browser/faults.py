"""Faults of the history in every state: nobody explained it, one did, two did, it is gone."""

from tests.support.cast import actor
from webapp.history.proofs import explained, proved

ID = "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55"
FAULTS = (
    f"Customer {ID} has another first_name in details than the history says.",
    f"Entry 3 of customer {ID} was altered, or moved here from another place.",
    "Staff 4 has another role in account than the history says.",
    "Event 1,284 of the log is missing, or they are not in their order.",
)
GONE = "Key 2 has another owner_id in key than the history says."
NOTE = "The operator put this right by hand while Gatebook was stopped. See ticket 4711. "


def name_faults() -> None:
    proved.note_faults([*FAULTS, GONE], is_whole=True)
    for fault, name in (
        (FAULTS[1], "Ama"),
        (FAULTS[2], "Adwoa"),
        (FAULTS[3], "Ama"),
        (GONE, "Ama"),
    ):
        explained.explain(fault, note=NOTE * 5, by=actor(name))
    explained.agree(explained.explanations()[FAULTS[3]].number, by=actor("Adwoa"))
    proved.note_faults(FAULTS, is_whole=True)
