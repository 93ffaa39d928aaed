"""Folding and marking."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.customers.folding import fold, marked, name_key, searchable


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đặng Thị Hương", "dang thi huong"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("Łukasz Źródłowski", "lukasz zrodlowski"),
        ("Ｆｕｌｌ", "full"),
        ("O’Brien", "o'brien"),
        ("٠٨٠١", "0801"),
        ("李小龙", "李小龙"),
        ("がく", "がく"),
        ("김", "김"),
        ("कि", "कि"),
        ("می‌خواهم", "ميخواهم"),
        ("Øyvind Æble", "oyvind aeble"),
    ],
)
def test_text_is_folded(written, folded):
    assert fold(written) == folded


@given(st.text())
def test_folding_goes_character_by_character(text):
    assert fold(text) == "".join(map(fold, unicodedata.normalize("NFC", text)))


@given(st.text(), st.text(min_size=1))
def test_marking_loses_no_character(text, fragment):
    assert "".join(piece for piece, _ in marked(text, [fold(fragment)])) == text


def test_matches_are_marked_where_they_stand_in_the_written_text():
    assert marked("Đặng Thị Hương", ["huo"]) == [("Đặng Thị ", False), ("Hươ", True), ("ng", False)]
    assert marked("Straße", ["ss"]) == [("Stra", False), ("ß", True), ("e", False)]


def test_digits_are_marked_across_spaces():
    assert marked("+234 801 234", ["48012"], digits_only=True) == [("+23", False), ("4 801 2", True), ("34", False)]


def test_every_word_is_led_by_two_spaces():
    assert searchable("Kofi  Atta", None) == "  kofi  atta"


def test_signs_and_scripts_without_spaces_begin_pieces_of_their_own():
    assert searchable("李小龙", "a@b.c") == "  李小龙  a@b.c  小龙  龙  @b  .c"
    assert searchable("O'Brien", "'x'y'") == "  o'brien  'x'y'  'b  'y  '"


def test_people_sort_by_last_name_then_first():
    keys = [name_key(*name.split("/")) for name in ("Zoe/Le", "Ama/Le Blanc", "Ámos/Lé", "Kofi/Annan")]
    assert sorted(keys) == [keys[3], keys[2], keys[0], keys[1]]
