"""The pages for reviewing and overseeing: what they show, how they answer odd requests, and what is
never in an address.
"""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.cast import actor, add
from tests.support.desks import token_of
from tests.support.strict import PARTIAL, text_of
from webapp.blacklist import opening
from webapp.blacklist.models import Blacklisting, Decision
from webapp.blacklist.reviewing import review
from webapp.customers import erase
from webapp.kernel.database import db


def test_a_case_shows_all_that_a_decision_needs(desk_of, kofi, case):
    ama = desk_of("Ama")
    ama.open("/review")
    for told in (
        "1 of 1",
        "Kofi Annan",
        "Fraud.",
        "Two <cards>.",
        "By Esi on",
        "kofi.annan@example.com",
        "History",
    ):
        assert told in ama.text
    links = [e for e in ama.page.tree.iter("a") if (e.get("href") or "").startswith("https://")]
    assert [(e.get("href"), text_of(e), e.get("rel")) for e in links] == [
        (
            "https://example.com/letter?a=1&b=2",
            "https://example.com/letter?a=1&b=2",
            "noreferrer noopener",
        ),
        ("https://example.org/", "https://example.org/", "noreferrer noopener"),
    ]


@pytest.mark.parametrize(
    "link",
    [
        "http://example.com",
        "javascript:alert(1)",
        "https://",
        "https://user@example.com/",
        "data:x",
        "https://" + "x" * 1000,
    ],
)
def test_evidence_is_https_only(desk_of, kofi, link):
    esi = desk_of("Esi")
    esi.open(f"/customers/{kofi.id}/blacklisting")
    assert (
        esi.send(
            "blacklisting-form", reason="fraud", evidence=f"https://fine.example/\n{link}"
        ).status_code
        == 422
    )
    assert "This is not a link that begins with https://" in esi.text
    assert link in esi.form("blacklisting-form").findall(".//textarea")[1].text


def test_every_case_of_a_customer_stands_on_their_page(book, desk_of, kofi, case):
    with book.app.app_context():
        review.decide(case.seq, Decision.OVERTURNED, note="Another Kofi.", by=actor("Ama"))
        again = opening.open_case(
            kofi.id, reason="abuse", note="Shouted.", by=actor("Kwame")
        ).case.seq
        review.decide(
            again, Decision.UPHELD, note="Heard it.", look_again_after=365, by=actor("Adwoa")
        )
        opening.ask_for_lift(kofi.id, case_seq=again, note="He says sorry.", by=actor("Esi"))
    yaw = desk_of("Yaw")
    yaw.open(f"/customers/{kofi.id}")
    for told in (
        "Fraud, removed: it was a mistake", "Another Kofi.", "Removed: it was a mistake, by Ama",
        "Blacklisted: Abuse of staff",
        "Kept by Adwoa", "Heard it.", "Removal requested, Esi", "He says sorry.",
        "Esi asked to remove the blacklisting", "Adwoa kept this customer blacklisted",
        "Ama removed the blacklisting: it was a mistake",
    ):  # fmt: skip
        assert told in yaw.text, told


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({}, 422),
        ({"decision": "perhaps"}, 422),
        ({"decision": "overturned"}, 422),
        ({"decision": "overturned", "note": "x" * 2001}, 422),
        ({"decision": "upheld", "note": "nul\0"}, 422),
        ({"decision": "upheld", "look_again_after": "17"}, 422),
        ({"decision": "upheld", "look_again_after": "9" * 30}, 422),
        ({"decision": "upheld", "return_to": "9" * 30}, 303),
        ({"decision": "upheld", "return_to": "nul\0"}, 303),
        ({"decision": "upheld", "return_to": "ẹ"}, 303),
    ],
)
def test_odd_decisions_are_refused_and_lose_nothing(desk_of, case, typed, status):
    ama = desk_of("Ama")
    data = {"csrf_token": token_of(ama), "look_again_after": "90"} | typed
    ama.page = ama.client.post(f"/review/{case.seq}", data=data)
    assert ama.page.status_code == status
    if typed.get("note", "").startswith("x"):
        assert "x" * 2001 in ama.page.text


ODD = [
    "/review?which=x", "/review?opener=x", "/review?opener=staff:", "/review?opener=staff:-1",
    "/review?reason=whim", "/review/999999999", "/review/list?page=0", "/review/list?page=99999",
    "/review/lookalikes?page=999", "/review?return_to=x", "/review/999999999?return_to=x",
    "/blacklist/cases?at=x", "/blacklist/cases?at=9999-12-31T23:59Z",
    "/blacklist/cases?at=0001-01-01T00:00%2B14:00", "/blacklist/cases?at=2026-01-01",
    "/blacklist/cases?first=9999-12-31", "/blacklist/cases?last=9999-12-31",
    "/blacklist/cases?first=0001-01-01&last=0001-01-01", "/blacklist/cases?happened=x",
    "/blacklist/cases?opener=system:%00", "/blacklist/cases?opener=key:1",
    "/blacklist/cases?again=2", "/blacklist/cases?dial_code=%2B1",
    "/blacklist/cases?page=999999999", "/blacklist/cases?at=2026-W01-1",
    "/blacklist/cases?which=closed&happened=undone&first=2026-01-01", "/blacklist?x=1",
]  # fmt: skip


@pytest.mark.parametrize("address", ODD)
def test_odd_addresses_never_fail(desk_of, case, address):
    ama = desk_of("Ama")
    assert ama.open(address).status_code in (200, 400)


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("2099-01-01", 200), ("2001-01-01T00:00Z", 404), ("1969-12-31T00:00Z", 400), ("x", 400),
        ("0001-01-01", 400), ("9999-12-31T23:59:59.999999-14:00", 400),
        ("2026-05-03T14:00+02:00", 404), ("\x00", 400), ("", 200),
    ],
)  # fmt: skip
def test_odd_moments_of_a_customer(desk_of, kofi, at, status):
    yaw = desk_of("Yaw")
    assert yaw.open(f"/customers/{kofi.id}", query_string={"at": at}).status_code == status


# By the number of minutes that have passed.
TOLD_AFTER = {30: "was not blacklisted", 90: "was blacklisted", 150: "was not blacklisted"}


def test_one_link_says_whether_somebody_was_blacklisted_then(book, desk_of, kofi, the_clock):
    before = the_clock.now()
    the_clock.moment = before
    the_clock.forward(hours=1)
    with book.app.app_context():
        seq = opening.open_case(kofi.id, reason="fraud", by=actor("Esi")).case.seq
    the_clock.forward(hours=1)
    with book.app.app_context():
        review.lift(kofi.id, case_seq=seq, note="Paid.", by=actor("Ama"))
    the_clock.forward(hours=1)
    yaw = desk_of("Yaw")
    for minutes, told in TOLD_AFTER.items():
        moment = (before + timedelta(minutes=minutes)).isoformat(timespec="minutes")
        yaw.open(f"/customers/{kofi.id}?at={moment.replace('+00:00', 'Z')}")
        assert f"Kofi Annan {told}." in yaw.text
        posts = [form for form in yaw.page.tree.iter("form") if form.get("method") == "post"]
        assert {form.get("id") for form in posts} <= {"sign-out", "find"}


def test_who_comes_too_late_is_told_and_gets_the_note_back(book, desk_of, case):
    ama = desk_of("Ama")
    token = token_of(ama)
    with book.app.app_context():
        review.decide(case.seq, Decision.UPHELD, by=actor("Adwoa"))
    data = {
        "csrf_token": token,
        "decision": "overturned",
        "note": "It was her own card.",
        "look_again_after": "90",
    }
    answer = ama.client.post(f"/review/{case.seq}", data=data, headers=PARTIAL)
    assert "Adwoa has kept this blacklisting already." in answer.text
    assert "It was her own card." in answer.text
    assert re.findall(r'hx-target="([^"]+)"', answer.text) == ["#turn", "#waiting-count", "#toasts"]


def test_a_decision_survives_the_end_of_a_session(book, desk_of, case, the_clock):
    ama = desk_of("Ama")
    ama.open("/review")
    the_clock.forward(hours=2)
    form = f"decide-{case.seq}"
    assert ama.send(form, note="It is clear.").status_code == 401
    ama.send("sign-in-form", email="ama@example.com", password="correct horse battery")
    ama.follow()
    assert ama.form(form).find(".//textarea").text.strip() == "It is clear."
    ama.send(form)
    with book.app.app_context():
        assert db.session.scalars(select(Blacklisting)).one().review_note == "It is clear."


def test_a_check_leaves_nothing_behind(desk_of, kofi, case):
    esi = desk_of("Esi")
    esi.open("/check")
    esi.send("check-form", email="kofi.annan@example.com")
    assert "This person is blacklisted. Do not accept them. Equal: e-mail." in esi.text
    assert esi.page.request.path == "/check"
    assert "Kofi Annan" in esi.text
    assert esi.send("check-form", email="no address").status_code == 422
    assert "no address" in esi.page.text
    esi.open("/check")
    assert "kofi" not in esi.page.text


WRONG = [{"decision": "overturned"}, {"decision": "upheld", "note": "x" * 2001}, {"decision": "x"}]


@pytest.mark.parametrize("typed", WRONG)
@pytest.mark.parametrize("others", [0, 1])
def test_a_wrong_decision_about_a_case_that_is_gone_shows_no_other_form(
    book, desk_of, case, typed, others
):
    """Somebody else decides the case while a note is typed: whoever comes late is told, and does
    not decide another case instead.
    """
    ama = desk_of("Ama")
    token = token_of(ama)
    with book.app.app_context():
        review.decide(case.seq, Decision.UPHELD, by=actor("Adwoa"))
        if others:
            opening.open_case(add(email="b@example.com").id, reason="abuse", by=actor("Esi"))
    data = {"csrf_token": token, "look_again_after": "90"} | typed
    for headers in ({}, PARTIAL):
        ama.page = ama.client.post(f"/review/{case.seq}", data=data, headers=headers)
        assert ama.page.status_code in (200, 303)
        if headers:
            assert "already" in ama.page.text or "waits no longer" in ama.page.text
            assert typed.get("note", "") in ama.page.text


def test_who_decides_about_a_customer_that_was_deleted_goes_on(book, desk_of, kofi, case):
    ama = desk_of("Ama")
    token = token_of(ama)
    with book.app.app_context():
        review.lift(kofi.id, case_seq=case.seq, note="Paid.", by=actor("Adwoa"))
        erase.delete_customer(kofi.id, by=actor("Adwoa"))
    data = {
        "csrf_token": token,
        "decision": "overturned",
        "note": "My note.",
        "look_again_after": "90",
    }
    answer = ama.client.post(f"/review/{case.seq}", data=data, headers=PARTIAL)
    assert answer.status_code == 200
    assert "Adwoa deleted this customer" in answer.text
    assert "My note." in answer.text


def test_who_comes_too_late_with_a_lift_is_told_in_words(book, desk_of, kofi, case):
    ama = desk_of("Ama")
    ama.open(f"/customers/{kofi.id}/blacklisting/lift")
    with book.app.app_context():
        review.lift(kofi.id, case_seq=case.seq, note="Paid.", by=actor("Adwoa"))
    assert ama.send("lift-form", note="Mine.").status_code == 409
    refusal = next(text_of(e) for e in ama.page.tree.iter() if e.get("id") == "refusal")
    assert refusal == "Adwoa removed this blacklisting already."
