"""How close addresses and names are, and which words are one name."""

import pytest

from tests.support.cast import SOMEBODY as BY
from tests.support.cast import add
from webapp.customers import edit, erase
from webapp.kernel.database import db
from webapp.lookalikes.close import are_like_names, is_close_email, is_part_of, words_of
from webapp.lookalikes.name_spellings import ENGLISH, one_name
from webapp.lookalikes.name_words import NameWord, keys_of_name
from webapp.lookalikes.signals import possible_duplicates

# Two addresses, whether they are close, and whether they are if the names have a word in common.
ADDRESSES = [
    ("kofi.annan@shop.example", "kofi.anan@shop.example", True, True),
    ("kofi.annan@shop.example", "kofi.anann@shop.example", True, True),
    ("kofi.annan@shop.example", "kofi.annan@shpo.example", True, True),
    ("kofi.annan@shop.example", "kofi.anan@shpo.example", True, True),
    ("kofi.annan@shop.example", "k.annan@shop.example", False, False),
    ("kofi.annan@shop.example", "kofi.annan1999@shop.example", False, True),
    ("kofi.annan@shop.example", "kofi.annan@elsewhere.example", False, True),
    ("kofi.annan@shop.example", "kofi.annan@shop.example", False, False),
    ("kofi.annan+a@shop.example", "kofi.annan+b@shop.example", False, False),
    ("h.k@sharp.example", "f.j@sharp.example", False, False),
    ("kofi@shop.example", "kofa@shop.example", True, True),
    ("kofi@shop.example", "kafa@shop.example", False, False),
    ("info@shop.example", "info@elsewhere.example", False, False),
    ("in.fo@gmail.com", "in.fo@elsewhere.example", False, False),
    ("mickey@mail.example", "mouse@mail.example", False, False),
]


@pytest.mark.parametrize(("one", "other", "is_close", "is_close_of_namesakes"), ADDRESSES)
def test_addresses_with_typing_errors(one, other, is_close, is_close_of_namesakes):
    for mine, theirs in ((one, other), (other, one)):
        assert is_close_email(mine, theirs, are_namesakes=False) is is_close
        assert is_close_email(mine, theirs, are_namesakes=True) is is_close_of_namesakes


NAMES = [
    ("Kofi Annan", "Annan Kofi", True),
    ("Kofi Annan", "Kofi Anan", True),
    ("Koffi Annan", "Anann Kofi", True),
    ("Bob Smith", "Smith Robert", True),
    ("Mamadou Jalloh", "Muhammad Diallo", True),
    ("Fatoumata Ba", "Fatima Ba", True),
    ("Abdirahman Maxamuud", "Abdulrahman Mohamud", True),
    ("Kofi Annan", "Ama Annan", False),
    ("Kofi Annan", "Kofi", False),
    ("Kofi Annan", "Kofi Atta Annan", False),
]


@pytest.mark.parametrize(("one", "other", "are_like"), NAMES)
def test_names_that_are_like(one, other, are_like):
    mine, theirs = (words_of(*name.partition(" ")[::2]) for name in (one, other))
    assert are_like_names(mine, theirs) is are_like_names(theirs, mine) is are_like


@pytest.mark.parametrize(
    ("one", "other", "is_part"),
    [
        ("Annan", "Kofi Annan", True),
        ("K Annan", "Kofi Annan", True),
        ("Kofi Anan", "Kofi Atta Annan", True),
        ("Ama", "Kofi Annan", False),
        ("A Ama", "Ama Adwoa", True),
        ("", "Kofi Annan", False),
    ],
)
def test_a_name_that_is_part_of_another(one, other, is_part):
    mine, theirs = words_of(one, ""), words_of(other, "")
    assert is_part_of(mine, theirs) is is_part_of(theirs, mine) is is_part


def test_a_short_form_stands_for_one_name():
    """Folded already, each in one line of its list."""
    words = [word for line in ENGLISH.split("\n") for word in set(line.split())]
    assert sorted(words) == sorted(set(words))
    assert one_name("bob") == one_name("robbie") == one_name("robert")
    assert one_name("zwettler") == "zwettler"


def test_keys_of_a_name():
    assert keys_of_name("Kofi", "Atta Annan") == ["annan k", "atta a", "kofi a"]
    assert keys_of_name("Kofi", "") == ["kofi "]
    assert keys_of_name("", "") == []


def words_in_the_book():
    db.session.rollback()
    return {(row.key, row.customer_seq) for row in db.session.query(NameWord)}


@pytest.mark.usefixtures("staffed")
def test_the_index_follows_names_and_forgets_who_is_deleted():
    kofi, ama = add(), add(first_name="Ama", email="ama@example.com", phone=None)
    seq, other, kofi_id = kofi.seq, ama.seq, kofi.id
    edit.change(kofi_id, {"last_name": "Mensah"}, by=BY)
    known = {("ama a", other), ("annan a", other)}
    assert words_in_the_book() == known | {("kofi m", seq), ("mensah k", seq)}
    erase.delete_customer(kofi_id, by=BY)
    assert words_in_the_book() == known


@pytest.mark.usefixtures("staffed")
def test_a_rare_word_is_shown_and_a_common_one_is_not():
    rare = add(first_name="Zebulon", email="z@example.com", phone=None, country="GH").details
    add(first_name="", last_name="Zebulon", email="y@example.org", phone=None, country="GH")
    assert [one.signals for one in possible_duplicates(rare, other_than=1)] == [("like_name",)]
    for number in range(5):
        more = {"last_name": f"Z{'abcde'[number] * 6}", "email": f"z{number}@example.net"}
        add(first_name="Zebulon", phone=None, country="GH", **more)
    assert possible_duplicates(rare, other_than=1) == []


@pytest.mark.usefixtures("staffed")
def test_a_phone_that_many_strangers_share_says_nothing():
    people = [
        add(first_name=f"X{c * 6}", last_name=f"Y{c * 6}", email=f"{c}@x{c}.example.com")
        for c in "abcdefghijkl"
    ]
    seq, details, last = people[0].seq, people[0].details, people[-1].id
    assert len(possible_duplicates(details, other_than=seq)) == 0
    erase.delete_customer(last, by=BY)
    assert len(possible_duplicates(details, other_than=seq)) == 10
