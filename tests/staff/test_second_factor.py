"""The second factor: set up with a proof, asked for after the password, each code valid once."""

import pytest
from pyotp import TOTP
from sqlalchemy import select

from tests.support.arrivals import arriving
from tests.support.cast import PASSWORD, SOMEBODY, actor, member
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict, Invalid
from webapp.staff import account, brute_force, members, second_factor, sessions, sign_in
from webapp.staff.account import Browser
from webapp.staff.brute_force import TooManyAttempts
from webapp.staff.known_browsers import read_device
from webapp.staff.models import RecoveryCode, StaffMember
from webapp.staff.sessions import Place
from webapp.staff.sign_in import CodeNeeded, SignInExpired, WrongCode, WrongCredentials

pytestmark = pytest.mark.usefixtures("standing_clock", "staffed")
HERE = Browser(place=Place(address="192.0.2.1"), device=read_device(""))


class Authenticator:
    """Esi's phone, after she has set up her second factor."""

    def __init__(self):
        me = member("Esi")
        offer = second_factor.offer(me.id, me.email)
        self.totp = TOTP(offer.secret)
        proof = {"current": PASSWORD, "sealed": offer.sealed, "code": self.code()}
        renewed, self.recovery = account.set_second_factor(
            staff_id=me.id, **proof, by=actor("Esi"), browser=HERE
        )
        self.token, self.device = renewed.token, renewed.device_cookie

    def code(self, seconds=0):
        return self.totp.at(int(clock.now().timestamp()) + seconds)


@pytest.fixture
def phone(the_clock):
    phone = Authenticator()
    the_clock.forward(seconds=30)
    return phone


def password(limits, **where):
    return sign_in.sign_in(
        email="esi@example.com", password=PASSWORD, context=arriving(limits, **where)
    )


def confirm(limits, code, pending=None, **where):
    pending = pending or password(limits, **where).pending
    return sign_in.confirm(pending=pending, code=code, context=arriving(limits, **where))


def prove(code, current=PASSWORD):
    return {"staff_id": member("Esi").id, "current": current, "code": code, "by": actor("Esi")}


def test_the_password_alone_opens_nothing(phone, limits):
    before = len(sessions.sessions_of(member("Esi").id, limits))
    assert isinstance(password(limits), CodeNeeded)
    assert len(sessions.sessions_of(member("Esi").id, limits)) == before


def test_the_code_opens(phone, limits):
    done = confirm(limits, phone.code())
    assert sessions.find_visitor(done.token, limits).name == "Esi"


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_clock_that_is_half_a_minute_off_will_do(phone, limits, seconds, the_clock):
    the_clock.forward(seconds=60)
    assert confirm(limits, phone.code(seconds))


@pytest.mark.parametrize("seconds", [-60, -90, 60, 90])
def test_a_code_of_another_time_is_refused(phone, limits, seconds, the_clock):
    the_clock.forward(seconds=120)
    with pytest.raises(WrongCode):
        confirm(limits, phone.code(seconds))


@pytest.mark.parametrize(
    "code", ["", "000000000", "abcdef", "١٢٣٤٥٦", "12345", "\ud800", "x" * 10_000]
)
def test_what_is_no_code_is_refused(phone, limits, code):
    with pytest.raises(WrongCode):
        confirm(limits, code)


def test_spaces_in_a_code_do_not_matter(phone, limits):
    code = phone.code()
    assert confirm(limits, f" {code[:3]} {code[3:]} ")


def test_a_code_works_once(phone, limits):
    code = phone.code()
    confirm(limits, code)
    with pytest.raises(WrongCode):
        confirm(limits, code)


def test_the_code_of_the_set_up_does_not_work_again(limits):
    phone = Authenticator()
    with pytest.raises(WrongCode):
        confirm(limits, phone.code())


def test_an_older_code_does_not_work_after_a_newer_one(phone, limits):
    confirm(limits, phone.code(30))
    with pytest.raises(WrongCode):
        confirm(limits, phone.code())


def test_a_recovery_code_stands_in_once(phone, limits):
    assert len(set(phone.recovery)) == 10
    assert confirm(limits, f" {phone.recovery[0].upper()} ")
    assert second_factor.recovery_codes_left(member("Esi").id) == 9
    with pytest.raises(WrongCode):
        confirm(limits, phone.recovery[0])


def test_secrets_and_codes_are_not_readable_in_the_database(phone):
    stored = db.session.scalars(
        select(StaffMember.totp_secret).where(StaffMember.name == "Esi")
    ).one()
    assert phone.totp.secret not in stored
    hashes = db.session.scalars(select(RecoveryCode.code_hash)).all()
    assert len(hashes) == 10
    assert all(len(digest) == 32 for digest in hashes)


def test_a_secret_is_good_for_one_member_only():
    mine, theirs = member("Kwame"), member("Esi")
    offer = second_factor.offer(theirs.id, theirs.email)
    with pytest.raises(Invalid) as refusal:
        account.set_second_factor(
            staff_id=mine.id,
            current=PASSWORD,
            sealed=offer.sealed,
            code=TOTP(offer.secret).at(int(clock.now().timestamp())),
            by=actor("Kwame"),
            browser=HERE,
        )
    assert "code" in refusal.value.fields


def test_a_form_that_comes_back_keeps_its_secret():
    me = member("Esi")
    first = second_factor.offer(me.id, me.email)
    assert second_factor.offer(me.id, me.email, sealed=first.sealed).secret == first.secret
    assert second_factor.offer(me.id, me.email, sealed="planted").secret != first.secret


@pytest.mark.parametrize(
    ("current", "code", "field"),
    [("wrong", None, "current_password"), (PASSWORD, "000000", "code")],
)
def test_setting_up_needs_the_password_and_a_right_code(current, code, field):
    me = member("Esi")
    offer = second_factor.offer(me.id, me.email)
    code = code or TOTP(offer.secret).at(int(clock.now().timestamp()))
    proof = {"current": current, "sealed": offer.sealed, "code": code}
    with pytest.raises(Invalid) as refusal:
        account.set_second_factor(staff_id=me.id, **proof, by=actor("Esi"), browser=HERE)
    assert field in refusal.value.fields
    assert member("Esi").totp_secret is None


def test_setting_up_ends_all_other_sessions(limits):
    old = password(limits).token
    phone = Authenticator()
    assert sessions.find_visitor(old, limits) is None
    assert sessions.find_visitor(phone.token, limits)


def test_new_recovery_codes_replace_the_old_ones(phone, limits):
    codes = account.renew_recovery_codes(**prove(phone.code()))
    assert not set(codes) & set(phone.recovery)
    with pytest.raises(WrongCode):
        confirm(limits, phone.recovery[0])
    assert confirm(limits, codes[0])


@pytest.mark.parametrize("current", ["wrong", PASSWORD])
def test_removing_needs_the_password_and_a_code(phone, limits, current):
    with pytest.raises(Invalid):
        account.remove_second_factor(**prove("000000", current), browser=HERE)
    assert member("Esi").totp_secret
    account.remove_second_factor(**prove(phone.recovery[0]), browser=HERE)
    assert password(limits).token


def test_the_second_step_must_follow_soon(phone, limits, the_clock):
    pending = password(limits).pending
    the_clock.forward(minutes=10, milliseconds=1)
    with pytest.raises(SignInExpired):
        confirm(limits, phone.code(), pending)


def test_the_second_step_needs_the_first(phone, limits):
    for pending in ("", "planted", second_factor.offer(member("Esi").id, "").sealed):
        with pytest.raises(SignInExpired):
            sign_in.confirm(pending=pending, code=phone.code(), context=arriving(limits))


def test_the_second_step_is_void_when_the_password_changed_or_the_door_closed(phone, limits):
    pending = password(limits).pending
    member("Esi").active = False
    db.session.commit()
    with pytest.raises((SignInExpired, WrongCredentials)):
        confirm(limits, phone.code(), pending)
    esi = member("Esi")
    esi.active, esi.password_hash = True, esi.password_hash + "x"
    db.session.commit()
    with pytest.raises(SignInExpired):
        confirm(limits, phone.code(), pending)


def test_a_second_factor_is_not_replaced_without_its_code(phone):
    me = member("Esi")
    offer = second_factor.offer(me.id, me.email)
    proof = {
        "current": PASSWORD,
        "sealed": offer.sealed,
        "code": TOTP(offer.secret).at(int(clock.now().timestamp())),
    }
    with pytest.raises(Conflict):
        account.set_second_factor(staff_id=me.id, **proof, by=actor("Esi"), browser=HERE)


def test_a_reset_between_the_steps_wins(phone, limits, monkeypatch):
    real = brute_force.CODE.take

    def slow(guess):
        members.reset_password(member("Esi").id, by=SOMEBODY)
        return real(guess)

    pending = password(limits).pending
    monkeypatch.setattr(type(brute_force.CODE), "take", lambda _, guess: slow(guess))
    with pytest.raises(WrongCredentials):
        confirm(limits, phone.code(), pending)


def test_cookies_collected_before_the_second_factor_are_worth_nothing_after_it(limits, the_clock):
    collected = [
        password(limits, address=f"203.0.113.{number}").device_cookie for number in range(4)
    ]
    phone = Authenticator()
    the_clock.forward(seconds=30)
    esi = member("Esi")
    assert not any(read_device(cookie).knows_well(esi) for cookie in collected)
    assert read_device(phone.device).knows_well(esi)


def test_guessing_codes_is_slowed_down_but_not_on_a_browser_that_is_known(phone, limits, the_clock):
    known = confirm(limits, phone.code()).device_cookie
    strangers = [f"198.51.100.{number}" for number in range(brute_force.CODE.by_strangers.size)]
    for address in strangers:
        with pytest.raises(WrongCode):
            confirm(limits, "000000", address=address)
    with pytest.raises(TooManyAttempts):
        confirm(limits, "000000", address="203.0.113.1")
    the_clock.forward(seconds=30)
    assert confirm(limits, phone.code(), device=known, address="203.0.113.1")
