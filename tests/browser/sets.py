"""Sets of changes in each of their states, for pages to show."""

from pathlib import Path

from tests.support.cast import actor, add, bad
from tests.support.sets import apply, begin_import, table, work
from webapp.batches import bulk, change_set, uploads
from webapp.batches.models import ChangeSet, Kind

COLUMNS = ["first_name", "last_name", "email", "phone", "country"]
TWIN = ("Kofi", "Annan", "k.annan@sets.example", "020 123 9999", "GH")
ROWS = [
    ("Afia", "Osei", "afia@sets.example", "020 123 4001", "GH"),
    ("x" * 90, "محمد بن سلمان", "long@sets.example", "", ""),
    ("Yaa", "Badu", "yaa@sets.example", "2.34802E+12", "NG"),
    ("", "", "none", "12", "GH"),
    TWIN,
]


def sets_in(folder: Path) -> dict[str, int]:
    """The numbers of a set that was applied, an import that was checked, one that was only sent,
    and one that the worker is at.
    """
    bad(email="kofi.sets@sets.example", phone="+233201239999")
    return {
        "applied": _applied(),
        "imported": work(_checked(folder), folder).seq,
        "sent": _sent(folder, "Kunden " + "x" * 80 + ".csv").seq,
        "at_work": _checked(folder).seq,
    }


def _applied() -> int:
    people = [add(email=f"s{n}@sets.example", first_name=f"S{n}", phone=None) for n in range(12)]
    by, given = actor("Esi"), {"reason": "fraud", "note": "One ring", "origin": "12 customers"}
    seqs = [one.seq for one in people]
    return apply(bulk.propose(Kind.BLACKLIST, seqs, by=by, **given), by).seq


def _sent(folder: Path, name: str) -> ChangeSet:
    return begin_import(table(ROWS), folder, actor("Ama"), name)


def _checked(folder: Path) -> ChangeSet:
    one = _sent(folder, "people.csv")
    uploads.choose(one.seq, columns=COLUMNS)
    change_set.check(one.seq)
    return one
