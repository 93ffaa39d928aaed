"""Two at the same instant, over real HTTP, on the shipped server: one case is opened, a code works
once, one admin stays.
"""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier

import pytest
from pyotp import TOTP
from sqlalchemy import select

from tests.support.at_once import at_once
from tests.support.cast import PASSWORD, SOMEBODY, actor, add, member, session_token
from tests.support.proofs import rounds
from tests.support.server import running_server
from tests.support.wire import WireBrowser, at_sign_in, fields_in
from webapp.blacklist import opening
from webapp.blacklist.case import closed_cases
from webapp.blacklist.models import Blacklisting
from webapp.blacklist.reviewing import review
from webapp.customers.models import Customer
from webapp.history.entries import entries_of
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.staff import account, brute_force, members, second_factor
from webapp.staff.account import Browser
from webapp.staff.known_browsers import read_device
from webapp.staff.models import StaffMember
from webapp.staff.sessions import Place

ROUNDS = rounds(30, 200)
REASONS = {"Esi": "fraud", "Kwame": "abuse"}


def browser_of(book, address, name):
    return WireBrowser(address, session_token(book.app, name))


def test_two_people_blacklist_the_same_customer_at_the_same_instant(staff, tmp_path, figure):
    with staff.app.app_context():
        ids = [add(email=f"kofi{number}@example.com").id for number in range(ROUNDS)]
    barrier, told = Barrier(2, timeout=60), Counter()
    with running_server(staff.url, tmp_path / "log") as address:

        def blacklist_all(name):
            browser, first = browser_of(staff, address, name), set()
            fields = browser.form(f"/customers/{ids[0]}/blacklisting", "blacklisting-form")
            for customer_id in ids:
                barrier.wait()
                status, _ = browser.post(
                    f"/customers/{customer_id}/blacklisting", fields | {"reason": REASONS[name]}
                )
                assert status == 303
                status, text = browser.get(f"/customers/{customer_id}")
                if comes_second(unescape(text), name):
                    told[customer_id] += 1
                else:
                    first.add(customer_id)
            browser.close()
            return first

        with ThreadPoolExecutor(2) as pool:
            first = dict(zip(REASONS, pool.map(blacklist_all, REASONS), strict=True))
    assert sorted(first["Esi"] | first["Kwame"]) == sorted(ids)
    assert not first["Esi"] & first["Kwame"]
    assert told == Counter(ids), "each second one was told whose it is, once"
    with staff.app.app_context():
        have_the_first_reason(first)
    figure(
        f"{ROUNDS} blacklistings by two at once on {staff.kind}: Esi first "
        f"{len(first['Esi'])} times, one case each"
    )


def comes_second(text, name):
    """Whether the page says, after one's own blacklisting, that the other came first."""
    other = next(other for other in REASONS if other != name)
    if f"{other} blacklisted Kofi Annan already" in text:
        return True
    assert "Kofi Annan is blacklisted." in text
    return False


def have_the_first_reason(first):
    """Each customer has one case, with the reason of whoever came first."""
    cases = db.session.execute(
        select(Customer.id, Blacklisting.reason, Blacklisting.opened_by_name).join(
            Blacklisting, Blacklisting.customer_seq == Customer.seq
        )
    ).all()
    assert len(cases) == ROUNDS
    assert all(case.reason == REASONS[case.opened_by_name] for case in cases)
    assert all(case.id in first[case.opened_by_name] for case in cases), "the first reason stands"


def test_an_undo_and_a_lift_at_once_close_a_case_once(staff):
    with staff.app.app_context():
        kofi, esi, ama = add(), actor("Esi"), actor("Ama")
        kofi_id, kofi_seq, subject = kofi.id, kofi.seq, kofi.subject
    for _ in range(25):
        with staff.app.app_context():
            seq = opening.open_case(kofi_id, reason="fraud", by=esi).case.seq
        answers = undo_and_lift(staff, kofi_id, seq, esi, ama)
        assert sorted(map(str, answers)) == ["False", "not_blacklisted"]
    with staff.app.app_context():
        assert len(closed_cases(kofi_seq)) == 25
        kinds = Counter(entry.kind for entry in entries_of(subject, limit=100))
        assert (kinds["undone"] + kinds["lifted"], kinds["blacklisted"]) == (25, 25)


def undo_and_lift(staff, customer_id, seq, opener, manager):
    about = {"case_seq": seq}
    return at_once(
        staff,
        lambda: opening.undo(customer_id, **about, by=opener).blacklisted,
        lambda: review.lift(customer_id, **about, note="Paid.", by=manager).blacklisted,
    )


REMOVALS = ((members.change_role, {"role": "agent"}), (members.set_active, {"active": False}))


def remove_one_another(staff, one, other, deed, change):
    return at_once(
        staff,
        lambda: bool(deed(other.id, **change, by=one)),
        lambda: bool(deed(one.id, **change, by=other)),
    )


def test_two_admins_cannot_remove_one_another(staff):
    with staff.app.app_context():
        members.change_role(member("Ama").id, role="admin", by=SOMEBODY)
        adwoa, ama = actor("Adwoa"), actor("Ama")
    for turn in range(25):
        answers = remove_one_another(staff, adwoa, ama, *REMOVALS[turn % 2])
        assert sorted(map(str, answers)) == ["True", "last_admin"]
        with staff.app.app_context():
            is_admin = (StaffMember.role == "admin") & StaffMember.active
            assert db.session.query(StaffMember).filter(is_admin).count() == 1
            for one in (adwoa, ama):
                members.set_active(one.id, active=True, by=SOMEBODY)
                members.change_role(one.id, role="admin", by=SOMEBODY)


def statuses(address, token, path):
    """The statuses on many connections, so that every worker answers."""
    found = set()
    for _ in range(24):
        browser = WireBrowser(address, token)
        found.add(browser.get(path)[0])
        browser.close()
    return found


def test_demoted_and_deactivated_people_are_refused_in_every_worker(staff, tmp_path):
    with staff.app.app_context():
        kofi, ama, esi = add(), member("Ama").id, member("Esi").id
        path = f"/customers/{kofi.id}/delete"
    tokens = {name: session_token(staff.app, name) for name in ("Ama", "Esi")}
    with running_server(staff.url, tmp_path / "log", GATEBOOK_WORKERS="4") as address:
        adwoa = browser_of(staff, address, "Adwoa")
        assert statuses(address, tokens["Ama"], path) == {200}
        assert statuses(address, tokens["Esi"], "/customers") == {200}
        demotion = adwoa.form(f"/staff/{ama}", "role-form") | {"role": "agent"}
        assert adwoa.post(f"/staff/{ama}/role", demotion)[0] == 303
        farewell = adwoa.form(f"/staff/{esi}", "deactivate")
        assert adwoa.post(f"/staff/{esi}/deactivate", farewell)[0] == 303
        assert statuses(address, tokens["Ama"], path) == {403}
        assert statuses(address, tokens["Esi"], "/customers") == {303}
        adwoa.close()


@pytest.fixture
def phone(staff):
    """Esi's authenticator app."""
    seconds_left = 30 - time.time() % 30
    if seconds_left < 5:
        time.sleep(seconds_left)  # the previous code could expire before it is used
    with staff.app.app_context():
        me = member("Esi")
        offer = second_factor.offer(me.id, me.email)
        totp = TOTP(offer.secret)
        earlier = totp.at(int(clock.now().timestamp()) - 30)
        proof = {"current": PASSWORD, "sealed": offer.sealed, "code": earlier}
        browser = Browser(place=Place(address=""), device=read_device(""))
        account.set_second_factor(staff_id=me.id, **proof, by=actor("Esi"), browser=browser)
    return totp


def first_step(address, password=PASSWORD):
    """A browser that has sent Esi's password, and the form for the code."""
    browser, fields = at_sign_in(address)
    status, text = browser.post(
        "/sign-in", fields | {"email": "esi@example.com", "password": password}
    )
    return browser, status, fields_in(text, "code-form")


def test_the_same_code_twice_at_once_works_once(staff, phone, tmp_path):
    with running_server(staff.url, tmp_path / "log", GATEBOOK_WORKERS="4") as address:
        steps = [first_step(address) for _ in range(2)]
        barrier = Barrier(2, timeout=60)

        def send(step):
            browser, _, fields = step
            barrier.wait()
            status, _ = browser.post("/sign-in/code", fields | {"code": code})
            browser.close()
            return status

        code = phone.now()
        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(send, steps)) == [303, 422]


def test_guessing_a_code_is_slowed_down_across_workers(staff, phone, tmp_path):
    with running_server(staff.url, tmp_path / "log", GATEBOOK_WORKERS="4") as address:
        browser, status, fields = first_step(address)
        assert status == 200
        answers = []
        for _ in range(10):  # each on a new connection, so that every worker is reached
            other = WireBrowser(address, "")
            other.headers = browser.headers
            answers.append(other.post("/sign-in/code", fields | {"code": "000000"})[0])
            other.close()
        browser.close()
    allowed = brute_force.CODE.at_address.size
    assert answers == [422] * allowed + [429] * (10 - allowed)
