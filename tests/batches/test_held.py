"""Files of others beside the blacklist and its entries; and birthdays in them."""

import pytest

from tests.support import cast
from tests.support.sets import (
    apply,
    check_import,
    everybody,
    problems_of,
    table,
    undone,
)
from webapp.blacklist.entries import opening, reviewing

pytestmark = pytest.mark.usefixtures("staffed")


def listed(value, level):
    raw = {"kind": "email", "value": value, "level": level, "note": "Why."}
    raw |= {} if level == "allow" else {"reason": "fraud"}
    return opening.add_entry(raw, by=cast.actor("Esi")).entry


def test_a_row_that_matches_an_entry_is_held_back(tmp_path):
    ama = cast.actor("Ama")
    number = listed("a@i.example", "deny").seq
    listed("b@i.example", "review")
    reviewing.keep(listed("c@i.example", "allow").seq, by=ama)
    cast.bad(email="k@k.example", phone="+233201234567")
    people = [(f"{name.upper()}x", f"{name}@i.example", "+233201234567") for name in "abcd"]
    one = check_import(table(people, ("First name", "Email", "Phone")), tmp_path, ama)
    assert one.counts == {"held": 4}
    told = problems_of(one)
    assert told[2] == [f"Matches entry {number}: a@i.example"]
    for row in (3, 4, 5):
        assert told[row][0].startswith("Looks like"), "a phone of somebody blacklisted is denied"


def test_an_entry_that_allows_silences_a_likeness_and_an_entry(tmp_path):
    ama = cast.actor("Ama")
    listed("a@i.example", "review")
    listed("b@i.example", "review")
    for value in ("a@i.example", "c@i.example"):
        reviewing.keep(listed(value, "allow").seq, by=ama)
    cast.bad(first_name="Kofi", last_name="Mensah", birthday="1985-12-03")
    born = [(name, "Kofi", "Mensah", "1985-12-03") for name in ("c@i.example", "d@i.example")]
    people = [(f"{name}@i.example", name, "Osei", "") for name in "ab"] + born
    one = check_import(table(people, ("Email", "First name", "Last name", "Dob")), tmp_path, ama)
    assert one.counts == {"held": 2, "new": 2}
    assert sorted(problems_of(one)) == [3, 5]


def test_birthdays_come_along_in_the_ways_that_files_have(tmp_path):
    ama, heads = cast.actor("Ama"), ("First name", "Email", "Date of birth")
    people = [("Afia", "a@i.example", "31/12/1985"), ("Yaa", "b@i.example", "1990-07-08T00:00:00")]
    wrong = [("Efua", "c@i.example", "12/31/1985"), ("Adjoa", "d@i.example", "")]
    one = check_import(table(people + wrong, heads), tmp_path, ama)
    assert one.counts == {"new": 3, "refused": 1}
    assert problems_of(one) == {4: ["Write a birthday as year, month and day, such as 1985-12-31"]}
    apply(one, ama)
    assert [one.birthday for one in everybody()] == ["1985-12-31", "1990-07-08", None]
    assert check_import(table(people, heads), tmp_path, ama).counts == {"same": 2}


def test_an_empty_birthday_is_filled_in_and_undone(tmp_path):
    ama, heads = cast.actor("Ama"), ("First name", "Email", "Date of birth")
    for name, birthday in (("Afia", "1985-12-31"), ("Adjoa", "")):
        cast.add(first_name=name, email=f"{name[0]}{name[1]}@i.example", birthday=birthday)
    filled = [("Adjoa", "ad@i.example", "1.2.1970"), ("Afia", "af@i.example", "1.2.1970")]
    more = check_import(table(filled, heads), tmp_path, ama)
    apply(more, ama)
    assert [one.birthday for one in everybody()] == ["1985-12-31", "1970-02-01"]
    undone(more, ama)
    assert everybody()[1].birthday is None
