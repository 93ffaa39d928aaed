"""API keys: random, stored as a hash, shown once, and bound to an owner and scopes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.support.cast import SOMEBODY, actor, member
from tests.support.refusals import refused
from webapp.blacklist import opening
from webapp.blacklist.reviewing import review
from webapp.customers import register
from webapp.history.entries import entries_of
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Conflict, Invalid, NotFound
from webapp.programs import api_keys, key_changes
from webapp.programs.program import OF_EVERY_KEY
from webapp.staff import members
from webapp.staff.models import ApiKey
from webapp.staff.permissions import Permission, Role, may

pytestmark = pytest.mark.usefixtures("staffed")


def create(name="Shop", scopes=("read",), **more):
    return api_keys.create_key(
        name=name, scopes=scopes, by=more.pop("by", None) or actor("Ama"), **more
    )


def test_only_a_hash_is_stored():
    key, secret = create()
    assert secret.startswith("gatebook_")
    assert len(secret) == len("gatebook_") + 43
    stored = db.session.execute(select(ApiKey.__table__)).one()
    assert not any(secret[len(key.hint) :] in str(value) for value in stored)
    assert api_keys.find_program(secret).id == key.id


@pytest.mark.parametrize("spoiled", ["", "x", "gatebook_", "gatebook_x", "\0", "\ud800"])
def test_another_secret_opens_nothing(spoiled):
    _, secret = create()
    assert api_keys.find_program(spoiled) is None
    assert api_keys.find_program(secret + "x") is None
    assert api_keys.find_program(secret.upper()) is None


def test_scopes_are_what_a_key_may():
    key, secret = create(scopes=["blacklist", "read"])
    assert key.scopes == ["read", "blacklist"]
    program = replace(api_keys.find_program(secret), owner_role=Role.ADMIN)
    allowed = {permission for permission in Permission if program.may(permission)}
    scopes = {Permission.SEE_CUSTOMERS, Permission.BLACKLIST}
    assert allowed == scopes | set(OF_EVERY_KEY)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"scopes": ()}, "scopes"),
        ({"scopes": ("read", "everything")}, "scopes"),
        ({"expires_at": clock.EPOCH}, "expires_on"),
        ({"by": SOMEBODY}, "owner"),
        ({"name": "Ama"}, "name"),
        ({"name": "  ÁMA "}, "name"),
        ({"name": "Аmа"}, "name"),
        ({"name": "Operator"}, "name"),
    ],
)
def test_a_key_needs_a_name_scopes_and_a_future(given, field):
    with pytest.raises(Invalid) as refusal:
        create(**given)
    assert list(refusal.value.fields) == [field]


def test_a_key_expires(the_clock):
    the_clock.moment = clock.now()
    _, secret = create(expires_at=clock.now() + timedelta(hours=1))
    the_clock.forward(minutes=59)
    assert api_keys.find_program(secret)
    the_clock.forward(minutes=1)
    assert api_keys.find_program(secret) is None


def test_a_revoked_key_stays_closed():
    key, secret = create()
    api_keys.revoke_key(key.id, by=actor("Adwoa"))
    assert api_keys.find_program(secret) is None
    with pytest.raises(Conflict):
        api_keys.revoke_key(key.id, by=actor("Adwoa"))
    with pytest.raises(NotFound):
        api_keys.revoke_key(999, by=SOMEBODY)
    entries = entries_of(key.subject)
    assert [(entry.kind, entry.actor_name) for entry in entries] == [
        ("key_revoked", "Adwoa"),
        ("key_created", "Ama"),
    ]


def test_a_key_goes_with_its_owner():
    _, secret = create()
    _, of_another = create(name="Till", by=actor("Adwoa"))
    members.set_active(member("Ama").id, active=False, by=actor("Adwoa"))
    assert api_keys.find_program(secret) is None
    assert api_keys.find_program(of_another)
    members.set_active(member("Ama").id, active=True, by=actor("Adwoa"))
    assert api_keys.find_program(secret)


def test_last_use_is_written_at_most_once_a_minute(the_clock):
    the_clock.moment = clock.now()
    _, secret = create()
    api_keys.note_used(api_keys.find_program(secret))
    first = api_keys.find_program(secret).used_at
    the_clock.forward(seconds=59)
    api_keys.note_used(api_keys.find_program(secret))
    assert api_keys.find_program(secret).used_at == first
    the_clock.forward(seconds=1)
    api_keys.note_used(api_keys.find_program(secret))
    assert api_keys.find_program(secret).used_at == the_clock.moment


def test_four_eyes_see_through_a_key():
    """A key's owner counts as the opener of its cases, and a key of the opener as the opener."""
    key, _ = create(scopes=["blacklist"])
    program = api_keys.actor_of(key, request_id="r")
    kofi = register.register(
        {"first_name": "K", "last_name": "A", "email": "k@example.com"}, by=program
    )
    seq = opening.open_case(kofi.id, reason=None, by=program).case.seq
    about = {"case_seq": seq, "note": "Paid."}
    assert refused(lambda: review.lift(kofi.id, **about, by=actor("Ama"))) == "own_decision"
    review.lift(kofi.id, case_seq=seq, note="Paid.", by=actor("Adwoa"))
    opening.open_case(kofi.id, reason="fraud", by=actor("Ama"))
    assert refused(lambda: opening.clear(kofi.id, by=program)) == "own_decision"


def test_only_a_program_may_give_no_reason():
    kofi = register.register(
        {"first_name": "K", "last_name": "A", "email": "k@example.com"}, by=SOMEBODY
    )
    with pytest.raises(Invalid):
        opening.open_case(kofi.id, reason=None, by=actor("Esi"))


@pytest.mark.parametrize("permission", Permission)
def test_a_key_may_no_more_than_its_owner_at_that_moment(permission):
    """With an owner demoted to viewer, deactivated or missing: every scope, every role."""
    _, secret = create(scopes=["read", "write", "blacklist", "check"])
    for role in Role:
        if role is not Role.MANAGER:
            members.change_role(member("Ama").id, role=role, by=actor("Adwoa"))
        program = api_keys.find_program(secret)
        assert program.may(permission) is (program.has_scope(permission) and may(role, permission))
        members.change_role(member("Ama").id, role="manager", by=actor("Adwoa"))
    with writing():
        db.session.execute(update(ApiKey).values(owner_id=None))
    assert api_keys.find_program(secret).may(permission) is (
        permission in (*OF_EVERY_KEY, Permission.SEE_CUSTOMERS)
    )


def test_a_key_is_handed_over():
    key, secret = create()
    with writing():
        db.session.execute(update(ApiKey).values(owner_id=None))
    assert api_keys.find_program(secret).owner_role is None
    key_changes.hand_over(key.id, owner_id=member("Esi").id, by=actor("Adwoa"))
    assert api_keys.find_program(secret).owner_role is Role.AGENT
    assert entries_of(key.subject)[0].new("owner") == "Esi"
