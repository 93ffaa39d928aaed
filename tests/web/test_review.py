"""The pages of reviewing and overseeing: what they say, what odd requests get, what stands in no
address.
"""

import csv
import io
import re

import pytest
from sqlalchemy import select

from tests.support.cast import actor, add
from tests.support.strict import PARTIAL, text_of
from webapp.blacklist import listing, opening, review
from webapp.blacklist.figures import overview
from webapp.blacklist.filters import CaseFilter, Which
from webapp.blacklist.models import Blacklisting, Decision
from webapp.customers import erase
from webapp.history.entries import Actor
from webapp.kernel.database import db
from webapp.web.frame.return_to import ReturnTo, Where


@pytest.fixture
def kofi(book, desk_of):
    with book.app.app_context():
        return add()


@pytest.fixture
def case(book, kofi):
    """Esi blacklisted Kofi."""
    with book.app.app_context():
        links = "https://example.com/letter?a=1&b=2\nhttps://example.org/"
        return opening.open_case(
            kofi.id, reason="fraud", note="Two <cards>.", evidence=links, by=actor("Esi")
        ).case


def token_of(desk):
    desk.open("/account/password")
    return next(
        e.get("value") for e in desk.page.tree.iter("input") if e.get("name") == "csrf_token"
    )


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
        "Fraud, overturned", "Another Kofi.", "Overturned by Ama", "Blacklisted: Abuse of staff", "upheld by Adwoa",
        "Heard it.", "Esi asked on", "He says sorry.", "Esi asked for the blacklisting to be lifted",
        "Adwoa upheld the blacklisting", "Ama overturned the blacklisting",
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


# ruff: noqa: E501 - a list of addresses
ODD = [
    "/review?which=x", "/review?opener=x", "/review?opener=staff:", "/review?opener=staff:-1", "/review?reason=whim",
    "/review/999999999", "/review/list?page=0", "/review/list?page=99999", "/review/lookalikes?page=999", "/review?return_to=x",
    "/review/999999999?return_to=x", "/blacklist/cases?at=x", "/blacklist/cases?at=9999-12-31T23:59Z",
    "/blacklist/cases?at=0001-01-01T00:00%2B14:00", "/blacklist/cases?at=2026-01-01", "/blacklist/cases?first=9999-12-31",
    "/blacklist/cases?last=9999-12-31", "/blacklist/cases?first=0001-01-01&last=0001-01-01", "/blacklist/cases?happened=x",
    "/blacklist/cases?opener=system:%00", "/blacklist/cases?opener=key:1", "/blacklist/cases?again=2",
    "/blacklist/cases?dial_code=%2B1", "/blacklist/cases?page=999999999", "/blacklist/cases?at=2026-W01-1",
    "/blacklist/cases?which=closed&happened=undone&first=2026-01-01", "/blacklist?x=1",
]  # fmt: skip


@pytest.mark.parametrize("address", ODD)
def test_odd_addresses_never_fail(desk_of, case, address):
    ama = desk_of("Ama")
    assert ama.open(address).status_code in (200, 400)


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("2099-01-01", 200), ("2001-01-01T00:00Z", 404), ("1969-12-31T00:00Z", 400), ("x", 400), ("0001-01-01", 400),
        ("9999-12-31T23:59:59.999999-14:00", 400), ("2026-05-03T14:00+02:00", 404), ("\x00", 400), ("", 200),
    ],
)  # fmt: skip
def test_odd_moments_of_a_customer(desk_of, kofi, at, status):
    yaw = desk_of("Yaw")
    assert yaw.open(f"/customers/{kofi.id}", query_string={"at": at}).status_code == status


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
    for minutes, told in (
        (30, "was not blacklisted"),
        (90, "was blacklisted"),
        (150, "was not blacklisted"),
    ):
        at = before.timestamp() + minutes * 60
        moment = (
            before.fromtimestamp(at, before.tzinfo)
            .isoformat(timespec="minutes")
            .replace("+00:00", "Z")
        )
        yaw.open(f"/customers/{kofi.id}?at={moment}")
        assert f"Kofi Annan {told}." in yaw.text
        assert not [
            e
            for e in yaw.page.tree.iter("form")
            if e.get("method") == "post" and e.get("id") != "sign-out"
        ]


def test_the_figures_as_csv_are_those_of_the_page(book, desk_of, case):
    with book.app.app_context():
        formula = Actor(kind="staff", id=99, name="=cmd|'/C calc'!A0", door="page")
        other = add(first_name="Ama", email="ama@example.org", phone=None)
        opening.open_case(other.id, reason="abuse", by=formula)
        figures = overview()
    ama = desk_of("Ama")
    answer = ama.client.get("/blacklist/figures.csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="blacklist-figures.csv"'
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["figure", "of", "value"]
    told = {(name, of): value for name, of, value in rows[1:]}
    assert told["open", ""] == str(figures.open) == "2"
    assert (
        told["opened_in_week", str(figures.until - (figures.until - figures.weeks[-1].first))]
        == "2"
    )
    assert told["open_by_reason", "fraud"] == "1"
    assert ("open_by_person", "'=cmd|'/C calc'!A0") in told
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@", "-"))]


def test_every_figure_of_the_overview_is_a_link(desk_of, case):
    ama = desk_of("Ama")
    ama.open("/blacklist")
    links = {
        e.get("href")
        for e in ama.page.tree.iter("a")
        if (e.get("href") or "").startswith("/blacklist/cases")
    }
    assert len(links) > 40
    for link in sorted(links)[::7]:
        told = next(
            text_of(e) for e in ama.page.tree.iter("a") if e.get("href") == link and text_of(e)
        )
        other = desk_of("Ama")
        other.open(link)
        counted = re.search(
            r"([\d,]+) cases?\b",
            text_of(next(e for e in other.page.tree.iter() if e.get("id") == "told")),
        )
        if told.isdigit():
            assert counted[1] == told, link


def test_home_of_an_agent_and_of_a_manager(book, desk_of, kofi, case):
    with book.app.app_context():
        opening.ask_for_lift(kofi.id, case_seq=case.seq, note="Paid.", by=actor("Esi"))
    esi, ama = desk_of("Esi"), desk_of("Ama")
    esi.open("/")
    assert "You asked for the blacklisting to be lifted" in esi.text
    assert "a manager has not decided yet" in esi.text
    assert "On the blacklist" not in esi.text
    ama.open("/")
    assert "On the blacklist 1" in ama.text
    assert "Whom you add, change or blacklist stands here." in ama.text


def test_the_navigation_counts_what_waits(desk_of, case):
    for name, shown in (("Ama", "1"), ("Adwoa", "1"), ("Esi", None), ("Yaw", None)):
        desk = desk_of(name)
        desk.open("/customers")
        count = next(
            (text_of(e) for e in desk.page.tree.iter("span") if e.get("id") == "waiting-count"),
            None,
        )
        assert count == shown


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
    assert "Adwoa upheld this blacklisting already." in answer.text
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
    assert "This person is blacklisted. Matched on email." in esi.text
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
    """The case is decided by somebody else while a note is typed: whoever comes late is told, and
    decides nobody else.
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
    assert refusal == "Adwoa lifted this blacklisting already."


def test_what_can_be_taken_back_of_several_is_and_the_rest_is_told(book, desk_of):
    with book.app.app_context():
        customers = [
            add(email=f"c{n}@example.com", first_name=f"C{n}", phone=None) for n in range(3)
        ]
        cases = [
            opening.open_case(one.id, reason="fraud", by=actor("Esi")).case.seq for one in customers
        ]
        said = {"note": "Wrong.", "look_again_after": 90, "by": actor("Ama")}
        reviews = [one.review.seq for one in review.decide_all(cases, Decision.OVERTURNED, **said)]
        opening.open_case(customers[1].id, reason="abuse", by=actor("Esi"))
    ama = desk_of("Ama")
    data = {"csrf_token": token_of(ama), "reviews": "-".join(map(str, reviews))}
    with book.app.app_context():
        data["return_to"] = ReturnTo(Where.WAITING).sealed()
    ama.page = ama.client.post("/review/undo", data=data)
    ama.follow()
    assert ama.page.request.path == "/review/list"
    for told in (
        "Your reviews of 2 customers are taken back.",
        "C1 Annan: This customer was blacklisted again since",
    ):
        assert told in ama.text
    with book.app.app_context():
        assert sorted(
            row.case.seq for row in listing.page_of(CaseFilter(which=Which.WAITING)).rows
        ) == sorted([cases[0], cases[2], max(cases) + 1])


def test_undo_and_lift_lead_back_to_the_same_part_of_the_queue(book, desk_of, case):
    with book.app.app_context():
        for n in range(3):
            one = add(email=f"c{n}@example.com", first_name=f"C{n}", phone=None)
            last = opening.open_case(one.id, reason="abuse", by=actor("Kwame")).case.seq
        review.decide(last, Decision.UPHELD, by=actor("Adwoa"))
        opening.ask_for_lift(one.id, case_seq=last, note="Paid.", by=actor("Esi"))
    ama = desk_of("Ama")
    ama.open(f"/review/{last}?reason=abuse")
    assert "3 of 3" in ama.text
    lift = next(e for e in ama.page.tree.iter("a") if "/blacklisting/lift" in (e.get("href") or ""))
    ama.open(lift.get("href"))
    ama.send("lift-form", note="Paid.")
    assert re.fullmatch(r"/review/\d+\?reason=abuse", ama.page.location)
    ama.follow()
    assert "1 of 2" in ama.text
    first = re.search(r'id="decide-(\d+)"', ama.page.text)[1]
    ama.send(f"decide-{first}")
    ama.follow()
    assert "1 of 1" in ama.text
    undo = next(e for e in ama.page.tree.iter("form") if e.get("action") == "/review/undo")
    fields = {e.get("name"): e.get("value") for e in undo.iter("input")}
    ama.page = ama.client.post("/review/undo", data=fields)
    assert ama.page.location == f"/review/{first}?reason=abuse"


def test_the_queue_shows_only_what_waits(book, desk_of, case):
    ama = desk_of("Ama")
    with book.app.app_context():
        review.decide(case.seq, Decision.UPHELD, by=actor("Adwoa"))
    for which in ("open", "closed", "waiting"):
        ama.open(f"/review?which={which}")
        assert "Nothing here is yours to decide" in ama.text


def test_a_decision_about_several_survives_the_end_of_a_session(book, desk_of, case, the_clock):
    with book.app.app_context():
        other = opening.open_case(
            add(email="b@example.com").id, reason="abuse", by=actor("Esi")
        ).case
    ama, seqs = desk_of("Ama"), [str(case.seq), str(other.seq)]
    data = {"csrf_token": token_of(ama), "cases": seqs, "decision": "overturned"}
    ama.page = ama.client.post("/review/selected", data=data)
    fields = {e.get("name"): e.get("value") for e in ama.form("decide-selected").iter("input")}
    the_clock.forward(hours=2)
    typed = fields | {"note": "One family.", "cases": seqs}
    ama.page = ama.client.post("/review/selected/decide", data=typed)
    assert ama.page.status_code == 401
    ama.send("sign-in-form", email="ama@example.com", password="correct horse battery")
    ama.follow()
    form = ama.form("decide-selected")
    assert form.find(".//textarea").text.strip() == "One family."
    assert [e.get("value") for e in form.iter("input") if e.get("name") == "cases"] == seqs
