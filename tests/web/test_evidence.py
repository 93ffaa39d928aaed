"""The evidence of a blacklisting: on a page, and as a file that is checked without us."""

import json
import subprocess
import sys

import pytest

from tests.history.test_anchors import KEY, use
from tests.support.cast import actor, remove
from webapp.blacklist import opening
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review
from webapp.customers import edit
from webapp.settings import PROJECT


@pytest.fixture
def signed():
    use(KEY)
    yield
    use("")


@pytest.fixture
def cases(book, kofi):
    """One that was removed, and one that was kept; the name changed in between."""
    with book.app.app_context():
        first = blacklist(kofi, "First.")
        review.lift(kofi.id, case_seq=first, note="Paid.", by=actor("Ama"))
        edit.change(kofi.id, {"first_name": "Kobina"}, by=actor("Esi"))
        second = blacklist(kofi, "Second.")
        review.decide(second, Decision.UPHELD, note="Yes.", by=actor("Ama"))
    return first, second


def blacklist(customer, note):
    return opening.open_case(customer.id, reason="fraud", note=note, by=actor("Esi")).case.seq


def rows_of(desk):
    return [
        [" ".join(cell.itertext()).strip() for cell in row.iter("td")]
        for row in desk.page.tree.iter("tr")
        if list(row.iter("td"))
    ]


def test_it_tells_what_happened_with_this_blacklisting_alone(cases, signed, desk_of, kofi):
    ama = desk_of("Ama")
    for case, deeds in zip(cases, (["First.", "Paid."], ["Second.", "Yes."]), strict=True):
        ama.open(f"/blacklist/cases/{case}/evidence")
        rows = rows_of(ama)
        assert [row[1] for row in rows] == ["Esi", "Ama"]
        assert [deed in row[2] for deed, row in zip(deeds, rows, strict=True)] == [True, True]
        assert all(row[3].isdecimal() for row in rows)
    ama.open(f"/customers/{kofi.id}")
    links = [link.get("href") for link in ama.page.tree.iter("a")]
    assert [f"/blacklist/cases/{case}/evidence" in links for case in cases] == [True, True]


def test_the_file_is_checked_without_us(cases, signed, desk_of, tmp_path):
    answer = desk_of("Ama").client.get(f"/blacklist/cases/{cases[1]}/evidence.json")
    assert f'filename="evidence-{cases[1]}.json"' in answer.headers["Content-Disposition"]
    file = tmp_path / "evidence.json"
    file.write_text(answer.text)
    program = [sys.executable, "-I", str(PROJECT / "docs" / "verify_entry.py"), str(file)]
    checked = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    assert checked.count("Proved.") == 2
    assert '"note": "Second."' in checked
    document = json.loads(answer.text)
    document["proofs"][1]["values"]["new"]["note"] = "No."
    file.write_text(json.dumps(document))
    assert subprocess.run(program, capture_output=True).returncode != 0


@pytest.fixture
def unsigned():
    use("")


def test_without_a_key_it_says_what_happened_and_who_can_help(cases, unsigned, desk_of):
    ama = desk_of("Ama")
    ama.open(f"/blacklist/cases/{cases[0]}/evidence")
    assert len(rows_of(ama)) == 2
    assert "This installation signs no roots" in ama.text


def test_after_a_deletion_the_entries_stay_and_the_words_are_gone(
    book, cases, signed, desk_of, kofi
):
    with book.app.app_context():
        review.lift(kofi.id, case_seq=cases[1], note="Gone.", by=actor("Adwoa"))
        remove(kofi.id)
    ama = desk_of("Ama")
    ama.open(f"/blacklist/cases/{cases[0]}/evidence")
    assert [row[1] for row in rows_of(ama)] == ["Esi", "Ama"]
    assert "First." not in ama.text
    text = ama.client.get(f"/blacklist/cases/{cases[0]}/evidence.json").text
    assert [one["values"] for one in json.loads(text)["proofs"]] == [None, None]


def test_a_blacklisting_that_never_was_is_not_found(desk_of):
    ama = desk_of("Ama")
    for number in ("0", "99", "9" * 18, "9" * 19, "9" * 40):
        assert ama.open(f"/blacklist/cases/{number}/evidence").status_code == 404, number
