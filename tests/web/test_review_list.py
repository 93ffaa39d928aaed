"""Several cases at once, lists of cases and their figures, and the way back to them."""

import csv
import io
import re

from tests.support.cast import actor, add
from tests.support.desks import token_of
from tests.support.strict import text_of
from webapp.blacklist import listing, opening
from webapp.blacklist.figures import overview
from webapp.blacklist.filters import CaseFilter, Which
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review
from webapp.history.entries import Actor
from webapp.web.frame.return_to import ReturnTo, Where


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
        counted = re.search(r"([\d,]+) blacklistings?\b", by_id(other, "told"))
        if told.isdigit():
            assert counted[1] == told, link


def by_id(desk, element_id):
    return text_of(next(e for e in desk.page.tree.iter() if e.get("id") == element_id))


def test_home_of_an_agent_and_of_a_manager(book, desk_of, kofi, case):
    with book.app.app_context():
        opening.ask_for_lift(kofi.id, case_seq=case.seq, note="Paid.", by=actor("Esi"))
    esi, ama = desk_of("Esi"), desk_of("Ama")
    esi.open("/")
    assert "kofi.annan@example.com: you asked to remove the blacklisting" in esi.text
    assert "no decision yet" in esi.text
    assert "On the blacklist" not in esi.text
    ama.open("/")
    assert "On the blacklist 1" in ama.text
    assert "The customers that you opened last stand here." in ama.text


def test_the_navigation_counts_what_waits(desk_of, case):
    for name, shown in (("Ama", "1"), ("Adwoa", "1"), ("Esi", None), ("Yaw", None)):
        desk = desk_of(name)
        desk.open("/customers")
        count = next(
            (text_of(e) for e in desk.page.tree.iter("span") if e.get("id") == "waiting-count"),
            None,
        )
        assert count == shown


def test_what_can_be_taken_back_of_several_is_and_the_rest_is_told(book, desk_of):
    with book.app.app_context():
        customers, cases = three_cases(by="Esi")
        said = {"note": "Wrong.", "look_again_after": 90, "by": actor("Ama")}
        reviews = [one.review.seq for one in review.decide_all(cases, Decision.OVERTURNED, **said)]
        opening.open_case(customers[1].id, reason="abuse", by=actor("Esi"))
    ama = desk_of("Ama")
    data = {"csrf_token": token_of(ama), "reviews": "-".join(map(str, [*reviews, 999_999]))}
    with book.app.app_context():
        data["return_to"] = ReturnTo(Where.WAITING).sealed()
    ama.page = ama.client.post("/review/undo", data=data)
    ama.follow()
    assert ama.page.request.path == "/review/list"
    for told in (
        "Your reviews of 2 customers are undone.",
        "C1 Annan: This customer was blacklisted again since",
        "A customer: There is no such review.",
    ):
        assert told in ama.text
    with book.app.app_context():
        assert sorted(
            row.case.seq for row in listing.page_of(CaseFilter(which=Which.WAITING)).rows
        ) == sorted([cases[0], cases[2], max(cases) + 1])


def three_cases(by):
    """The customers C0 to C2, and the numbers of their cases."""
    customers = [add(email=f"c{n}@example.com", first_name=f"C{n}", phone=None) for n in range(3)]
    return customers, [
        opening.open_case(one.id, reason="abuse", by=actor(by)).case.seq for one in customers
    ]


def test_undo_and_lift_lead_back_to_the_same_part_of_the_queue(book, desk_of, case):
    with book.app.app_context():
        customers, (*_, last) = three_cases(by="Kwame")
        review.decide(last, Decision.UPHELD, by=actor("Adwoa"))
        opening.ask_for_lift(customers[2].id, case_seq=last, note="Paid.", by=actor("Esi"))
    ama = desk_of("Ama")
    ama.open(f"/review/{last}?reason=abuse")
    assert "3 of 3" in ama.text
    lift = next(e for e in ama.page.tree.iter("a") if "/blacklisting/lift" in (e.get("href") or ""))
    ama.open(lift.get("href"))
    ama.send("lift-form", note="Paid.")
    assert re.fullmatch(r"/review/\d+\?reason=abuse&onward=1", ama.page.location)
    ama.follow()
    assert "1 of 2" in ama.text
    first = re.search(r'id="decide-(\d+)"', ama.page.text)[1]
    ama.send(f"decide-{first}")
    ama.follow()
    assert "1 of 1" in ama.text
    ama.page = ama.client.post("/review/undo", data=fields_to("/review/undo", ama))
    assert ama.page.location == f"/review/{first}?reason=abuse"


def fields_to(action, desk):
    form = next(e for e in desk.page.tree.iter("form") if e.get("action") == action)
    return {e.get("name"): e.get("value") for e in form.iter("input")}


def test_the_queue_shows_only_what_waits(book, desk_of, case):
    ama = desk_of("Ama")
    with book.app.app_context():
        review.decide(case.seq, Decision.UPHELD, by=actor("Adwoa"))
    for which in ("open", "closed", "waiting"):
        ama.open(f"/review?which={which}")
        assert "Nothing needs your review" in ama.text


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
