"""Managing staff: every change takes effect immediately, the last admin stays,
nobody changes their own role.
"""

import pytest

from tests.support.cast import PASSWORD, SOMEBODY, actor, member, session_token
from tests.support.refusals import refused
from webapp.history.entries import entries_of, latest_about
from webapp.kernel.refusals import Invalid, NotFound
from webapp.staff import account, members, second_factor, sessions
from webapp.staff.account import Browser
from webapp.staff.known_browsers import read_device
from webapp.staff.permissions import Role
from webapp.staff.sessions import Place

pytestmark = pytest.mark.usefixtures("staffed")
HERE = Browser(place=Place(address="192.0.2.1"), device=read_device(""))


def kinds(name):
    return [entry.kind for entry in entries_of(member(name).subject)]


def test_a_new_role_counts_at_once(book, limits):
    token = session_token(book.app, "Esi")
    members.change_role(member("Esi").id, role="viewer", by=actor("Adwoa"))
    assert sessions.find_visitor(token, limits).role is Role.VIEWER
    entry = entries_of(member("Esi").subject)[0]
    assert (entry.kind, entry.values.old, entry.values.new) == (
        "role_changed",
        {"role": "agent"},
        {"role": "viewer"},
    )
    assert entry.actor_name == "Adwoa"


def test_the_same_role_is_no_change():
    members.change_role(member("Esi").id, role="agent", by=actor("Adwoa"))
    assert kinds("Esi") == []


@pytest.mark.parametrize("role", ["", "boss", "Admin", "AGENT"])
def test_a_role_that_does_not_exist(role):
    with pytest.raises(Invalid) as refusal:
        members.change_role(member("Esi").id, role=role, by=actor("Adwoa"))
    assert "role" in refusal.value.fields


def test_whoever_is_deactivated_is_out_at_once_and_may_come_back(book, limits):
    token = session_token(book.app, "Esi")
    members.set_active(member("Esi").id, active=False, by=actor("Adwoa"))
    assert sessions.find_visitor(token, limits) is None
    members.set_active(member("Esi").id, active=True, by=actor("Adwoa"))
    assert sessions.find_visitor(token, limits) is None, "the old session does not come back"
    assert kinds("Esi") == ["reactivated", "deactivated"]


def test_nobody_changes_their_own_role_or_standing():
    adwoa = member("Adwoa").id
    members.change_role(member("Ama").id, role="admin", by=actor("Adwoa"))
    assert (
        refused(lambda: members.change_role(adwoa, role="manager", by=actor("Adwoa")))
        == "own_account"
    )
    assert (
        refused(lambda: members.set_active(adwoa, active=False, by=actor("Adwoa"))) == "own_account"
    )
    for deed in (members.reset_second_factor, members.reset_password, members.end_all_sessions):
        assert refused(lambda deed=deed: deed(adwoa, by=actor("Adwoa"))) == "own_account"


def test_the_last_active_admin_stays():
    adwoa, ama = member("Adwoa").id, member("Ama").id
    assert refused(lambda: members.change_role(adwoa, role="agent", by=SOMEBODY)) == "last_admin"
    assert refused(lambda: members.set_active(adwoa, active=False, by=SOMEBODY)) == "last_admin"
    members.change_role(ama, role="admin", by=actor("Adwoa"))
    members.set_active(ama, active=False, by=actor("Adwoa"))
    assert refused(lambda: members.set_active(adwoa, active=False, by=SOMEBODY)) == "last_admin"
    members.set_active(ama, active=True, by=actor("Adwoa"))
    members.set_active(adwoa, active=False, by=actor("Ama"))
    assert refused(lambda: members.change_role(ama, role="viewer", by=SOMEBODY)) == "last_admin"


def test_sessions_are_ended_by_an_admin(book, limits):
    tokens = [session_token(book.app, "Esi") for _ in range(3)]
    assert members.end_all_sessions(member("Esi").id, by=actor("Adwoa")) == 3
    assert [sessions.find_visitor(token, limits) for token in tokens] == [None] * 3
    assert kinds("Esi") == ["sessions_ended"]


def test_a_reset_password_does_not_remove_the_second_factor():
    account_with_second_factor("Esi")
    members.reset_password(member("Esi").id, by=actor("Adwoa"))
    assert member("Esi").totp_secret


def account_with_second_factor(name):
    from pyotp import TOTP

    me = member(name)
    offer = second_factor.offer(me.id, me.email)
    proof = {"current": PASSWORD, "sealed": offer.sealed, "code": TOTP(offer.secret).now()}
    return account.set_second_factor(staff_id=me.id, **proof, by=actor(name), browser=HERE)


def test_a_lost_second_factor_is_removed_by_an_admin(limits):
    token = account_with_second_factor("Esi")[0].token
    members.reset_second_factor(member("Esi").id, by=actor("Adwoa"))
    assert member("Esi").totp_secret is None
    assert second_factor.recovery_codes_left(member("Esi").id) == 0
    assert sessions.find_visitor(token, limits) is None
    assert kinds("Esi") == ["second_factor_reset", "second_factor_set"]


def test_there_is_no_second_factor_to_lose():
    assert (
        refused(lambda: members.reset_second_factor(member("Esi").id, by=actor("Adwoa")))
        == "no_second_factor"
    )
    assert kinds("Esi") == []


def test_all_that_is_wrong_with_a_new_member_is_told_at_once():
    with pytest.raises(Invalid) as refusal:
        members.add_member(email="no address", name="", role="boss", by=actor("Adwoa"))
    assert set(refusal.value.fields) == {"email", "name", "role"}


@pytest.mark.parametrize(
    "deed", [members.end_all_sessions, members.reset_password, members.reset_second_factor]
)
def test_somebody_who_never_worked_here(deed):
    with pytest.raises(NotFound):
        deed(10**9, by=SOMEBODY)


def test_a_role_can_be_asked_for_a_second_factor(book, limits):
    adwoa = actor("Adwoa")
    esis, amas = session_token(book.app, "Esi"), session_token(book.app, "Ama")

    def lacks_one(token):
        return sessions.find_visitor(token, limits).lacks_second_factor

    second_factor.require_for(["agent", "admin"], by=adwoa)
    assert lacks_one(esis)
    assert not lacks_one(amas)
    second_factor.require_for(["admin"], by=adwoa)
    assert not lacks_one(esis)
    assert second_factor.roles_that_need_one() == {Role.ADMIN}
    about_roles = [
        (entry.subject_seq, entry.new("needs_second_factor"))
        for entry in latest_about("role", limit=9)
    ]
    assert sorted(about_roles) == [(2, False), (2, True), (4, True)]
    with pytest.raises(Invalid):
        second_factor.require_for(["boss"], by=adwoa)
