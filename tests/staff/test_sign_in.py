"""Signing in, and sessions that end."""

import pytest
from sqlalchemy import select, update

from tests.support.arrivals import arriving
from tests.support.cast import PASSWORD, SOMEBODY, member
from webapp.history.entries import entries_of
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Invalid
from webapp.staff import account, members, passwords, sessions, sign_in
from webapp.staff.account import Browser
from webapp.staff.brute_force import TooManyAttempts
from webapp.staff.known_browsers import read_device
from webapp.staff.models import StaffMember, StaffSession
from webapp.staff.sessions import Place
from webapp.staff.sign_in import WrongCredentials

pytestmark = pytest.mark.usefixtures("staffed")


def enter(limits, name="Esi", password=PASSWORD, **where):
    done = sign_in.sign_in(
        email=f"{name}@Example.com", password=password, context=arriving(limits, **where)
    )
    return done.token


def use(token, limits):
    db.session.rollback()  # each request sees what earlier ones have written
    sessions.note_seen(token, sessions.find_visitor(token, limits), limits)
    db.session.rollback()


def test_a_session_is_a_row_that_holds_only_the_hash_of_its_token(limits):
    token = enter(limits)
    stored = db.session.scalars(select(StaffSession.token_hash)).one()
    assert token.encode() not in stored
    assert sessions.find_visitor(token, limits).name == "Esi"


@pytest.mark.parametrize("password", ["", PASSWORD.upper(), PASSWORD + " ", "x" * 10**6, "\ud800"])
def test_a_wrong_password_is_refused(limits, password):
    with pytest.raises(WrongCredentials):
        enter(limits, password=password)


def test_an_unknown_person_gets_the_same_answer_after_the_same_work(limits, monkeypatch):
    checked = []
    real = passwords.HASHER.verify
    monkeypatch.setattr(
        type(passwords.HASHER),
        "verify",
        lambda self, stored, given: checked.append(stored) or real(stored, given),
    )
    answers = []
    for name in ("Esi", "Nobody"):
        with pytest.raises(WrongCredentials) as refusal:
            enter(limits, name=name, password="wrong")
        answers.append((refusal.value.code, refusal.value.message))
    assert answers[0] == answers[1]
    assert len(checked) == 2
    assert {stored.split("$")[1:4][2] for stored in checked} == {"m=19456,t=2,p=1"}


def test_somebody_who_was_deactivated_cannot_come_in_and_is_out_at_once(limits):
    token = enter(limits)
    with writing():
        db.session.execute(update(StaffMember).values(active=False))
    assert sessions.find_visitor(token, limits) is None
    with pytest.raises(WrongCredentials):
        enter(limits)


def test_an_unused_session_ends(limits, the_clock):
    token = enter(limits)
    the_clock.forward(minutes=59)
    assert sessions.find_visitor(token, limits)
    the_clock.forward(minutes=2)
    assert sessions.find_visitor(token, limits) is None


def test_a_used_session_goes_on_until_its_absolute_end(limits, the_clock):
    token = enter(limits)
    for _ in range(12 * 2 - 1):
        the_clock.forward(minutes=30)
        use(token, limits)
    the_clock.forward(minutes=30)
    assert sessions.find_visitor(token, limits) is None


def test_last_seen_is_written_at_most_once_a_minute(limits, the_clock):
    token = enter(limits)
    first = db.session.scalars(select(StaffSession.seen_at)).one()
    the_clock.moment = first
    the_clock.forward(seconds=59)
    use(token, limits)
    assert db.session.scalars(select(StaffSession.seen_at)).one() == first
    the_clock.forward(seconds=1)
    use(token, limits)
    assert db.session.scalars(select(StaffSession.seen_at)).one() == the_clock.moment


def test_rows_of_ended_sessions_are_forgotten_when_somebody_signs_in(limits, the_clock):
    enter(limits)
    the_clock.forward(hours=2)
    enter(limits)
    assert len(db.session.scalars(select(StaffSession)).all()) == 1


def test_guessing_is_slowed_down_for_a_person_at_an_address_but_not_elsewhere(limits, the_clock):
    the_clock.moment = the_clock.now()
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            enter(limits, password="wrong")
    with pytest.raises(TooManyAttempts) as refusal:
        enter(limits)
    assert 0 < refusal.value.wait <= 60
    assert enter(limits, address="192.0.2.2")
    the_clock.forward(seconds=refusal.value.wait)
    assert enter(limits)


def test_guessing_many_people_from_one_address_is_slowed_down(limits, the_clock):
    the_clock.moment = the_clock.now()
    for number in range(30):
        with pytest.raises(WrongCredentials):
            enter(limits, name=f"nobody{number}")
    with pytest.raises(TooManyAttempts):
        enter(limits)


def test_a_household_of_ipv6_is_one_address(limits, the_clock):
    the_clock.moment = the_clock.now()
    for number in range(5):
        with pytest.raises(WrongCredentials):
            enter(limits, password="wrong", address=f"2001:db8::{number:x}")
    with pytest.raises(TooManyAttempts):
        enter(limits, address="2001:db8::ffff")
    assert enter(limits, address="2001:db8:0:1::1")


def test_the_right_password_forgets_wrong_ones(limits, the_clock):
    the_clock.moment = the_clock.now()
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(WrongCredentials):
                enter(limits, password="wrong")
        enter(limits)


def test_right_passwords_of_many_do_not_close_an_address(limits, the_clock):
    the_clock.moment = the_clock.now()
    for _ in range(40):
        enter(limits)


def test_guessing_the_current_password_is_slowed_down(the_clock):
    the_clock.moment = the_clock.now()
    for _ in range(account.PROOF.size):
        with pytest.raises(Invalid):
            change(current="wrong")
    with pytest.raises(TooManyAttempts):
        change()


def test_an_address_may_be_typed_in_any_spelling(limits):
    _, password = members.add_member(
        email="eva@bücher.example.com", name="Eva", role="agent", by=SOMEBODY
    )
    for spelling in ("eva@bücher.example.com", " EVA@xn--bcher-kva.example.com"):
        assert sign_in.sign_in(email=spelling, password=password, context=arriving(limits))
    assert members.find_member("Eva@BÜCHER.example.com")


def test_a_password_that_was_reset_while_it_was_checked_opens_nothing(limits, monkeypatch):
    real = passwords.matches

    def slow(*arguments):
        answer = real(*arguments)
        members.reset_password(member("Esi").id, by=SOMEBODY)
        return answer

    monkeypatch.setattr(passwords, "matches", slow)
    with pytest.raises(WrongCredentials):
        enter(limits)
    assert db.session.scalars(select(StaffSession)).all() == []


def test_a_password_that_was_reset_while_another_was_chosen_wins(limits, monkeypatch):
    real = passwords.refuse_weak

    def slow(*arguments, **more):
        members.reset_password(member("Esi").id, by=SOMEBODY)
        return real(*arguments, **more)

    monkeypatch.setattr(passwords, "refuse_weak", slow)
    with pytest.raises(Invalid):
        change()
    assert member("Esi").must_change_password
    assert db.session.scalars(select(StaffSession)).all() == []


def test_weak_new_passwords_do_not_use_up_the_right_current_one(the_clock):
    the_clock.moment = the_clock.now()
    for _ in range(account.PROOF.size + 5):
        with pytest.raises(Invalid):
            change(new="short")
    assert change()


def test_a_one_time_password_lasts_a_day_and_must_be_changed(limits, the_clock):
    the_clock.moment = the_clock.now()
    _, password = members.add_member(
        email="efua@example.com", name="Efua", role="agent", by=SOMEBODY
    )
    assert sessions.find_visitor(enter(limits, "efua", password), limits).must_change_password
    the_clock.forward(hours=24)
    with pytest.raises(WrongCredentials):
        enter(limits, "efua", password)


def change(current=PASSWORD, new="a quite different phrase"):
    browser = Browser(place=Place(address=""), device=read_device(""))
    return account.change_password(
        staff_id=member("Esi").id, current=current, new=new, by=SOMEBODY, browser=browser
    ).token


def test_choosing_a_password_ends_all_sessions_and_begins_one(limits):
    old = enter(limits)
    new = change()
    assert sessions.find_visitor(old, limits) is None
    assert sessions.find_visitor(new, limits)
    with pytest.raises(WrongCredentials):
        enter(limits)
    assert [entry.kind for entry in entries_of(member("Esi").subject)] == ["password_changed"]


@pytest.mark.parametrize(
    "new",
    [
        "short",
        PASSWORD,
        "gatebookgatebook",
        "esiesiesiesiesi",
        "aaaaaaaaaaaaaaaa",
        "x" * 1025 + "abcdefgh",
        "\ud800" * 20,
        "x" * 60 + "abcd",
        "            spaces",
        "qwertyuiop12",
        "Sunshine2024!",
        "1q2w3e4r5t6y7u",
        "trustno1trustno1",
        "P@ssw0rdP@ssw0rd",
    ],
)
def test_a_weak_password_is_refused(new):
    with pytest.raises(Invalid) as refusal:
        change(new=new)
    assert "new_password" in refusal.value.fields


@pytest.mark.parametrize(
    "new",
    [
        "all lowercase words",
        "🦆🦆 ducks on a lake",
        "🦆🐴🔋🍕🌵🚲🎻🧊🪁🛶🧦🥝",
        "no digit nor capital " * 3,
    ],
)
def test_length_counts_not_composition(new):
    assert change(new=new)


def test_a_password_is_not_changed_without_the_current_one():
    with pytest.raises(Invalid) as refusal:
        change(current="wrong")
    assert "current_password" in refusal.value.fields


def test_a_reset_ends_sessions_and_gives_a_one_time_password(limits):
    token = enter(limits)
    password = members.reset_password(
        members.get_member_by_email("ESI@example.com").id, by=SOMEBODY
    )
    assert sessions.find_visitor(token, limits) is None
    assert sessions.find_visitor(enter(limits, password=password), limits).must_change_password


def test_two_members_cannot_have_one_address():
    with pytest.raises(Invalid) as refusal:
        members.add_member(email="ESI@example.com", name="Twin", role="agent", by=SOMEBODY)
    assert refusal.value.code == "email_taken"
