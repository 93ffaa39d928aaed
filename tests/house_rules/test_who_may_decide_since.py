"""Who may decide, extended by what happens to people: credentials reset, accounts
created, roles lost.
"""

from itertools import product

import pytest

from tests.house_rules.attempts import Browsers, run, set_flag
from tests.support.cases import STATES, mark_of
from tests.support.cast import SOMEBODY, actor, member
from webapp.kernel.database import db
from webapp.programs import api_keys
from webapp.staff import members

LONG = "a long walk to the lagoon"
# States in which a second person decides or lifts; all are reached before a tie would expire.
OPEN = ("waiting", "upheld", "lift asked")
DEEDS = {"uphold": ("waiting", "lift asked"), "overturn": ("waiting", "lift asked"), "lift": OPEN}


def reset(name, by):
    members.reset_password(member(name).id, by=by, password=LONG)


def nothing(maker):
    """Two people who are not tied to each other."""


def decider_reset_opener(maker):
    reset("Esi", by=actor("Ama"))


def opener_reset_decider(maker):
    reset("Ama", by=actor("Adwoa"))


def one_admin_reset_both(maker):
    reset("Ama", by=actor("Adwoa"))
    reset("Esi", by=actor("Adwoa"))


def operator_reset_both(maker):
    reset("Ama", by=SOMEBODY)
    reset("Esi", by=SOMEBODY)


def reset_a_month_ago(maker):
    opener_reset_decider(maker)
    maker.clock.forward(days=31)


def decider_was_demoted(maker):
    members.change_role(member("Ama").id, role="agent", by=actor("Adwoa"))


def opener_left(maker):
    members.set_active(member("Esi").id, active=False, by=actor("Adwoa"))


# By what happened after the case was opened: its opener, the decider, and whether they may.
SINCE = {
    nothing: ("Esi", "Ama", True),
    decider_reset_opener: ("Esi", "Ama", False),
    opener_reset_decider: ("Adwoa", "Ama", False),
    one_admin_reset_both: ("Esi", "Ama", False),
    operator_reset_both: ("Esi", "Ama", True),
    reset_a_month_ago: ("Adwoa", "Ama", True),
    decider_was_demoted: ("Esi", "Ama", False),
    opener_left: ("Esi", "Ama", True),
}
# Whom an admin adds before the case is opened; then the opener, the decider, and whether they may.
CREATED = {
    "the opener by the decider": (["Efua"], "Efua", "Adwoa", False),
    "the decider by the opener": (["Efua"], "Adwoa", "Efua", False),
    "both by one admin": (["Efua", "Akua"], "Efua", "Akua", True),
}


def kept(maker, opener, state):
    """A case to try later, detached from the session, because the deeds in between
    would expire it.
    """
    case = maker.make(opener, state)
    db.session.refresh(case.customer)
    db.session.expunge(case.customer)
    return case


def give_key(maker, name):
    made = api_keys.create_key(name=f"Till of {name}", scopes=["blacklist"], by=actor(name))
    maker.keys[f"key of {name}"] = made
    maker.people[f"key of {name}"] = api_keys.actor_of(made[0], request_id=None)


@pytest.mark.parametrize("since", SINCE, ids=lambda since: since.__name__)
def test_what_happened_since(book, maker, since, figure):
    opener, decider, allowed = SINCE[since]
    try_everything(book, maker, opener, decider, allowed, figure, since=since)


@pytest.mark.parametrize("created", CREATED)
def test_whose_account_was_created_by_whom(book, maker, created, figure):
    added, opener, decider, allowed = CREATED[created]
    with book.app.app_context():
        for name in added:
            members.add_member(
                email=f"{name}@example.com",
                name=name,
                role="manager",
                by=actor("Adwoa"),
                password=LONG,
            )
            maker.people[name] = actor(name)
    try_everything(book, maker, opener, decider, allowed, figure)


def try_everything(book, maker, opener, decider, allowed, figure, since=nothing):
    """Every deed in every state through every door, by the decider, on cases opened
    by the opener or their key.
    """
    openers = [opener, f"key of {opener}"]
    with book.app.app_context():
        for name in {opener, decider}:
            give_key(maker, name)
        cases = {
            (deed, state, who, door): kept(maker, who, state)
            for deed, states in DEEDS.items()
            for state, who, door in product(states, openers, ("page", "command", "key"))
        }
        since(maker)
    client, runner, browsers = book.app.test_client(), book.app.test_cli_runner(), Browsers(book)
    for (deed, state, who, door), case in cases.items():
        before = mark_of(book, case)
        if door == "page":
            browsers.attempt(decider, deed, case)
        elif door == "command":
            run(runner, deed, decider, case)
        elif deed == "lift":
            set_flag(client, maker.keys[f"key of {decider}"][1], case, False)
        may = is_allowed(deed, state, door, allowed, since)
        assert (mark_of(book, case) > before) is may, (deed, state, who, door)
    figure(f"{decider} about {opener}, {since.__name__}, on {book.kind}: {len(cases)} combinations")


def is_allowed(deed, state, door, allowed, since):
    may_clear = deed == "lift" and state != "upheld"
    if door == "key" and since is decider_was_demoted:
        return may_clear
    return allowed and (door == "page" or (door == "command" and deed == "lift") or may_clear)


def owner_demoted():
    members.change_role(member("Ama").id, role="viewer", by=actor("Adwoa"))


def owner_left():
    members.set_active(member("Ama").id, active=False, by=actor("Adwoa"))


@pytest.mark.parametrize("lost", [owner_demoted, owner_left], ids=lambda lost: lost.__name__)
def test_a_key_never_does_what_its_owner_may_not(book, maker, lost, figure):
    """Once its owner has lost the role or left, a key sets and clears nothing, whoever opened the
    case, in any state.
    """
    program, secret = "key of Ama", maker.keys["key of Ama"][1]
    with book.app.app_context():
        openers = ("Esi", "Ama", program)
        cases = {pair: kept(maker, *pair) for pair in product(openers, STATES)}
        lost()
    client = book.app.test_client()
    wanted = "scope_missing" if lost is owner_demoted else "key_owner_left"
    for (opener, state), case in cases.items():
        before = mark_of(book, case)
        for flag in (True, False):
            answer = set_flag(client, secret, case, flag)
            assert answer.json["code"] == wanted, (program, opener, state, flag)
        assert mark_of(book, case) == before
    figure(f"{program}, {lost.__name__}, on {book.kind}: {2 * len(cases)} combinations")
