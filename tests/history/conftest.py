"""A book with everything that a history tells of."""

import pytest

from tests.support.cast import SOMEBODY, actor, add, remove
from webapp.blacklist import opening
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review
from webapp.customers import erase, notes
from webapp.customers.models import new_id
from webapp.history.entries import Actor
from webapp.lookalikes import distinct
from webapp.programs import api_keys
from webapp.staff import members, second_factor

AGENTS = ("Esi", "Kwame", "Yaa", "Kojo")
HIRED = {"Adwoa": "admin", "Ama": "manager"} | dict.fromkeys(AGENTS, "agent")


@pytest.fixture
def everything(inside):
    """Everything that a history tells of: somebody who is blacklisted and kept so, somebody whose
    removal no manager has seen, somebody with a note who looks like a third, somebody who is to be
    deleted and somebody who was; members, a policy and a key.
    """
    for name, role in HIRED.items():
        email = f"{name.lower()}@example.com"
        members.add_member(email=email, name=name, role=role, by=SOMEBODY)
    shop, _ = api_keys.create_key(name="Shop", scopes=["read"], by=actor("Adwoa"))
    kofi, ada = add(), add(email="ada@example.com", phone=None)
    link = "https://evidence.example.com/1"
    case = opening.open_case(
        kofi.id, reason="fraud", note="Two cards.", evidence=link, by=actor("Esi")
    ).case
    review.decide(case.seq, Decision.UPHELD, note="Yes.", by=actor("Ama"))
    clear_one(shop)
    tell_apart_and_note()
    remove_one()
    erase.delete_customer(
        add(email="going@example.com", phone=None).id, by=actor("Ama"), daily_budget=0
    )
    members.set_active(member_id("Yaa"), active=False, by=actor("Adwoa"))
    second_factor.require_for(["manager"], by=actor("Adwoa"))
    api_keys.revoke_key(shop.id, by=actor("Adwoa"))
    id_ = new_id().bytes if inside.kind == "sqlite" else str(new_id())
    return {"kofi": kofi.seq, "ada": ada.seq, "id": id_}


def clear_one(shop):
    """As a program does, so that a manager still has to look."""
    by = Actor(kind="key", id=shop.id, name="Shop", door="api", owner_id=shop.owner_id)
    cleared = add(email="cleared@example.com", phone=None)
    opening.open_case(cleared.id, reason=None, by=by)
    opening.clear(cleared.id, note="Paid.", by=by)


def tell_apart_and_note():
    one, other = (add(email=f"{name}@example.com", phone="+233201234567") for name in "xy")
    distinct.mark_distinct(one.id, other.id, by=actor("Esi"))
    note = notes.add_note(one.id, "Calld.", by=actor("Esi"))
    notes.edit_note(one.id, note.seq, "Called.", by=actor("Esi"))
    notes.pin_note(one.id, note.seq, is_pinned=True, by=actor("Esi"))


def remove_one():
    remove(add(email="gone@example.com", phone=None).id)


def member_id(name):
    return actor(name).id
