"""Guessing a password is slowed down, from one address and from thousands, without
locking the owner out.
"""

import pytest

from tests.support.arrivals import arriving
from tests.support.cast import PASSWORD, SOMEBODY, member
from webapp.staff import brute_force, known_browsers, members, sign_in
from webapp.staff.brute_force import PASSWORD as GUARDED
from webapp.staff.brute_force import TooManyAttempts
from webapp.staff.known_browsers import read_device
from webapp.staff.models import StaffMember
from webapp.staff.sign_in import WrongCredentials

pytestmark = pytest.mark.usefixtures("standing_clock", "staffed")


@pytest.fixture
def enter(limits):
    def enter(name="esi", password=PASSWORD, **where):
        context = arriving(limits, **where)
        return sign_in.sign_in(email=f"{name}@example.com", password=password, context=context)

    return enter


@pytest.fixture
def attack(enter):
    """Guess Esi's password, each time from another address, until no more attempts are allowed."""

    def attack(most=1_000):
        for number in range(most):
            try:
                enter(password="wrong", address=f"198.51.{number // 250}.{number % 250}")
            except WrongCredentials:
                continue
            except TooManyAttempts as refusal:
                return number, refusal.wait
        return most, 0

    return attack


def test_guessing_from_many_addresses_is_slowed_down(attack, the_clock):
    guesses, wait = attack()
    assert guesses == GUARDED.by_strangers.size
    assert 0 < wait <= GUARDED.by_strangers.refill_seconds
    the_clock.forward(hours=1)
    assert attack()[0] == GUARDED.by_strangers.size


def test_the_owner_comes_in_on_a_browser_that_is_known(enter, attack):
    known = enter().device_cookie
    attack()
    with pytest.raises(TooManyAttempts):
        enter(address="203.0.113.1")
    assert enter(device=known)
    assert enter(device=known, address="203.0.113.1")


def test_colleagues_are_not_slowed_down(enter, attack):
    attack()
    assert enter("ama", address="203.0.113.1")


def test_a_known_browser_has_few_guesses_too(enter):
    known = enter().device_cookie
    for _ in range(GUARDED.on_device.size):
        with pytest.raises(WrongCredentials):
            enter(password="wrong", device=known)
    with pytest.raises(TooManyAttempts):
        enter(device=known)


def test_a_browser_is_known_for_those_who_signed_in_with_it_only(enter, attack):
    known_to_ama = enter("ama").device_cookie
    attack()
    with pytest.raises(TooManyAttempts):
        enter(device=known_to_ama, address="203.0.113.1")


def test_a_browser_that_several_use_knows_them_all(enter):
    cookie = ""
    for name in ("esi", "ama", "kwame"):
        cookie = enter(name, device=cookie).device_cookie
    device = read_device(cookie)
    assert all(device.knows_well(member(name)) for name in ("Esi", "Ama", "Kwame"))
    assert not device.knows_well(member("Yaw"))


def test_a_device_cookie_keeps_its_name_and_does_not_grow_for_ever():
    first = member("Esi")
    cookie = known_browsers.cookie_after(read_device(""), first)
    name = read_device(cookie).name
    for number in range(50):
        cookie = known_browsers.cookie_after(
            read_device(cookie), StaffMember(id=number + 100, password_hash="x")
        )
    assert read_device(cookie).name == name
    assert len(read_device(cookie).knows) == known_browsers.MAX_KNOWN
    assert not read_device(cookie).knows_well(first)
    assert "example" not in cookie


@pytest.mark.parametrize("planted", ["", "x", "a.b", "é", "\ud800", "A" * 4000])
def test_a_planted_device_cookie_is_a_new_browser(planted):
    assert read_device(planted).knows == ()


def test_what_one_address_wasted_is_not_taken_from_everybody(enter, attack):
    for _ in range(200):
        with pytest.raises((WrongCredentials, TooManyAttempts)):
            enter(password="wrong")
    guesses, _ = attack()
    assert guesses == GUARDED.by_strangers.size - GUARDED.at_address.size


def test_an_address_of_any_kind_is_a_household():
    assert brute_force.network_prefix("2001:db8::1") == brute_force.network_prefix("2001:db8::2")
    assert brute_force.network_prefix("192.0.2.1") != brute_force.network_prefix("192.0.2.2")
    assert brute_force.network_prefix("unix:") == "unix:"
    assert brute_force.network_prefix("::ffff:192.0.2.1") == brute_force.network_prefix("192.0.2.1")
    assert brute_force.network_prefix("::ffff:192.0.2.1") != brute_force.network_prefix(
        "::ffff:192.0.2.2"
    )


def test_a_new_password_makes_every_browser_unknown(enter):
    known = enter().device_cookie
    assert read_device(known).knows_well(member("Esi"))
    members.reset_password(member("Esi").id, by=SOMEBODY)
    assert not read_device(known).knows_well(member("Esi"))
