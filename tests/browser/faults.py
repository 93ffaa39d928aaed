"""Faults of the history in every state: nobody explained it, one did, two did, it is gone."""

from tests.support.cast import actor
from webapp.history.proofs import explained, proved
from webapp.kernel import clock

ID = "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55"
FAULTS = (
    f"Customer {ID} has another first_name in details than the history says.",
    f"Entry 3 of customer {ID} was altered, or moved here from another place.",
    "Staff 4 has another role in account than the history says.",
    "Role 3 has another needs_second_factor in policy than the history says.",
)
HIDING = "Event 1284 of the log is missing, or they are not in their order."
GONE = "Key 2 has another owner_id in key than the history says."
NOTE = "The operator put this right by hand while Gatebook was stopped. See ticket 4711. "


def name_faults() -> None:
    note([*FAULTS, GONE])
    for fault, name in (
        (FAULTS[1], "Ama"),
        (FAULTS[2], "Adwoa"),
        (FAULTS[3], "Adwoa"),
        (GONE, "Ama"),
    ):
        explained.explain(fault, note=NOTE * 5, by=actor(name))
    explained.agree(explained.explanations()[FAULTS[2]].number, by=actor("Ama"))
    note([*FAULTS, HIDING])


def note(sentences):
    named = dict.fromkeys(sentences, False)
    proved.note_faults(named, is_whole=True, against_roots=False, began_at=clock.now())
