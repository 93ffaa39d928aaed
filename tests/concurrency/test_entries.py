"""Entries at the same moment as other entries, decisions and customers."""

from functools import partial

import pytest
from sqlalchemy import func, select

from tests.support.at_once import at_once
from tests.support.cast import KOFI, actor
from webapp.blacklist.entries import opening, reviewing
from webapp.blacklist.entries.models import BlacklistEntry, EntryMatch
from webapp.customers import register
from webapp.history import changes
from webapp.kernel.database import db

ROUNDS = 20


def added(kind, value, by):
    raw = {"kind": kind, "value": value, "level": "deny", "reason": "fraud"}
    return opening.add_entry(raw, by=by).is_new


def registered(email, phone, by):
    return bool(register.register(KOFI | {"email": email, "phone": phone}, by=by))


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def two(staff):
    with staff.app.app_context():
        return actor("Esi"), actor("Kwame")


def test_two_who_add_the_same_entry_add_one(staff, two):
    for number in range(ROUNDS):
        values = (f"bad{number}@example.com", f"Bad{number}+x@Example.com")
        deeds = [partial(added, "email", value, by) for value, by in zip(values, two, strict=True)]
        assert sorted(at_once(staff, *deeds)) == [False, True]
    with staff.app.app_context():
        assert count(BlacklistEntry) == ROUNDS


@pytest.mark.parametrize("kind", ["email", "phone", "domain"])
def test_whoever_is_saved_while_an_entry_is_added_is_known(staff, two, kind, figure):
    esi, kwame = two
    for number in range(ROUNDS):
        email, phone = f"k{number}@shop{number}.example", f"+23320123{6000 + number}"
        value = {"email": email, "phone": phone, "domain": f"shop{number}.example"}[kind]
        outcomes = at_once(
            staff, partial(added, kind, value, esi), partial(registered, email, phone, kwame)
        )
        assert outcomes == [True, True]
    with staff.app.app_context():
        assert count(EntryMatch) == ROUNDS
        assert list(changes.faults()) == []
    figure(f"{kind} entries at the same instant on {staff.kind}: {ROUNDS} races, no match missed")


def test_one_of_two_decisions_counts(staff, two):
    with staff.app.app_context():
        ama, adwoa = actor("Ama"), actor("Adwoa")
        seqs = [
            opening.add_entry(
                {"kind": "email", "value": f"b{n}@x.example", "level": "deny", "reason": "fraud"},
                by=two[0],
            ).entry.seq
            for n in range(ROUNDS)
        ]
        db.session.remove()
    for seq in seqs:
        outcomes = at_once(
            staff,
            lambda seq=seq: bool(reviewing.remove(seq, note="No.", by=ama)),
            lambda seq=seq: bool(reviewing.remove(seq, note="No.", by=adwoa)),
        )
        assert sorted(map(str, outcomes)) == ["True", "entry_closed"]
