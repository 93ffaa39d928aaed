"""What stands where on the pages of the desk, and what does not stand there."""

import re
from urllib.parse import quote_plus

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from tests.support.books import KEYS
from tests.support.cast import SOMEBODY, actor, add
from tests.support.strict import text_of
from webapp.blacklist import opening
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review
from webapp.customers import edit
from webapp.kernel.clock import in_iso
from webapp.settings import Settings

WORDS = (
    "Active", "Blacklisted", "Needs review", "Overdue", "Blacklist", "Keep blacklisted",
    "Remove: it was a mistake", "Remove: no longer needed", "Ask to remove", "Undo",
    "Similar customer", "Mark as different people",
)  # fmt: skip
PAGES = ("/", "/customers", "/check", "/review", "/blacklist", "/help", "/account", "/staff")


def ids_in(tree):
    return [element.get("id") for element in tree.iter() if element.get("id")]


def by_id(desk, id_):
    return next(element for element in desk.page.tree.iter() if element.get("id") == id_)


@pytest.fixture
def past(book, kofi):
    """Somebody with an undone blacklisting, one that was removed, and one that was kept."""
    with book.app.app_context():
        opening.undo(kofi.id, case_seq=blacklist(kofi).seq, by=actor("Esi"))
        review.lift(kofi.id, case_seq=blacklist(kofi).seq, note="Paid.", by=actor("Ama"))
        review.decide(blacklist(kofi).seq, Decision.UPHELD, by=actor("Ama"))
    return kofi


def blacklist(customer):
    return opening.open_case(customer.id, reason="fraud", note="Cards.", by=actor("Esi")).case


def test_help_explains_the_words_and_draws_a_life(desk_of):
    desk = desk_of("Yaw")
    desk.open("/help")
    for word in WORDS:
        assert word.lower() in text_of(by_id(desk, "words")).lower(), word
    assert any(element.tag.endswith("svg") for element in by_id(desk, "life").iter())


def test_the_person_stands_before_the_past(past, desk_of):
    desk = desk_of("Ama")
    desk.open(f"/customers/{past.id}")
    order = [id_ for id_ in ids_in(desk.page.tree) if id_ in ("details", "notes", "earlier-cases")]
    assert order == ["details", "notes", "earlier-cases"]


def test_the_banner_is_three_facts(past, desk_of):
    desk = desk_of("Ama")
    desk.open(f"/customers/{past.id}")
    facts = [text_of(element) for element in by_id(desk, "blacklisting").iter("dt")]
    assert facts == ["Blacklisted by", "Kept by", "Next review"]


def test_earlier_blacklistings_are_a_line_each_and_slips_fold_away(past, desk_of):
    desk = desk_of("Ama")
    desk.open(f"/customers/{past.id}")
    folds = list(by_id(desk, "earlier-cases").iter("details"))
    assert folds
    assert not [fold for fold in folds if fold.get("open") is not None]
    assert "1 undone" in text_of(by_id(desk, "earlier-cases"))


def test_as_it_was_keeps_its_moment(book, kofi, desk_of, the_clock):
    with book.app.app_context():
        for number in range(30):
            the_clock.forward(minutes=1)
            edit.change(kofi.id, {"first_name": f"Kofi {number}"}, by=actor("Esi"))
        the_clock.forward(minutes=1)
        at = in_iso(the_clock.now())
        edit.change(kofi.id, {"first_name": "Kofi at last"}, by=actor("Esi"))
    desk = desk_of("Ama")
    the_clock.forward(minutes=1)
    desk.open(f"/customers/{kofi.id}?at={at}")
    assert by_id(desk, "at").get("value")
    assert f"at={quote_plus(at)}" in by_id(desk, "older").get("href")


def test_a_history_shows_no_empty_list_and_no_change_that_is_none(book, past, desk_of):
    desk = desk_of("Ama")
    desk.open(f"/customers/{past.id}")
    for changes in desk.page.tree.iter("ul"):
        if "changes" in (changes.get("class") or ""):
            lines = list(changes.iter("li"))
            assert lines
            for line in lines:
                before, after = list(line.iter("del")), list(line.iter("ins"))
                assert not before or text_of(before[0]) != text_of(after[0])


def test_home_has_no_empty_box(desk_of):
    for name in ("Esi", "Ama", "Adwoa"):
        desk = desk_of(name)
        desk.open("/")
        for section in desk.page.tree.iter("section"):
            assert list(section.iter("li")) or list(section.iter("p")), section.get("id")


def test_who_asks_comes_first_then_adding(book, desk_of):
    with book.app.app_context():
        add(email="koranteng@example.com", first_name="Koranteng", last_name="Boateng", phone=None)
    desk = desk_of("Esi")
    desk.open("/customers")
    desk.send("search-form", q="Koranteg")
    desk.follow()
    text = desk.text
    assert "Did you mean" in text
    assert text.index("Did you mean") < text.index("Add a customer")


def test_every_page_has_what_every_browser_needs(desk_of):
    desk = desk_of("Adwoa")
    for path in PAGES:
        desk.open(path)
        metas = {
            element.get("name"): element.get("content") for element in desk.page.tree.iter("meta")
        }
        assert "telephone=no" in (metas.get("format-detection") or ""), path
        classes = [element.get("class") or "" for element in desk.page.tree.iter()]
        assert any("below-floor" in one for one in classes), path
    desk_of(None).open("/sign-in")


def test_people_of_one_name_are_told_apart(book, desk_of):
    """Wherever customers are listed for managers, and wherever agents see what they did."""
    with book.app.app_context():
        twins = [add(email=f"twin{number}@example.com", phone=None) for number in range(4)]
        name = twins[0].full_name
        cases = [blacklist(twin).seq for twin in twins]
        review.decide(cases[0], Decision.UPHELD, by=actor("Ama"))
        opening.ask_for_lift(twins[0].id, case_seq=cases[0], note="Paid.", by=actor("Esi"))
        opening.clear(twins[1].id, by=SOMEBODY)
        review.decide(cases[2], Decision.OVERTURNED, note="Hers.", by=actor("Ama"))
    ama, esi = desk_of("Ama"), desk_of("Esi")
    for desk, paths in (
        (ama, ("/", "/review/list", "/blacklist/cases", "/review/removals")),
        (esi, ("/",)),
    ):
        for path in paths:
            desk.open(path)
            named = [
                text_of(row)
                for row in desk.page.tree.iter()
                if row.tag in ("li", "tr") and name in text_of(row)
            ]
            assert named, path
            assert all(re.search(r"twin\d@example\.com", row) for row in named), (path, named)


def test_names_are_not_translated(past, desk_of):
    desk = desk_of("Ama")
    for path in ("/customers", f"/customers/{past.id}", "/staff", "/"):
        desk.open(path)
        for element in desk.page.tree.iter("bdi"):
            assert element.get("translate") == "no", (path, text_of(element))


def test_links_say_where_they_lead(desk_of):
    desk = desk_of("Esi")
    desk.open("/nowhere")
    links = {text_of(link).strip(): link.get("href") for link in by_id(desk, "error").iter("a")}
    assert links["Go to Home"] == "/"
    assert not [
        name for name, href in links.items() if "customers" in name and href != "/customers"
    ]


def test_there_are_ways_to_the_api_reference_and_back(desk_of):
    desk = desk_of("Esi")
    desk.open("/help")
    assert "/api/docs" in {link.get("href") for link in desk.page.tree.iter("a")}
    desk.open("/api/docs")
    assert "Go back to Gatebook" in desk.text


def test_the_port_moves_the_address():
    assert Settings.from_environment(KEYS).public_url == "http://127.0.0.1:8000"
    assert Settings.from_environment(KEYS | {"PORT": "8791"}).public_url == "http://127.0.0.1:8791"


def test_the_reference_shows_the_address_by_which_it_was_asked(desk_of):
    """The description names none: whoever reads it knows where it came from."""
    desk = desk_of(None)
    assert desk.client.get("/api/v1/openapi.json").json["servers"] == [{"url": "/api/v1"}]
    assert "http://localhost/api/v1/customers" in desk.open("/api/docs").text


COUNTRIES = ("CA", "KZ", "JE", "AX", "AL", "CI", "HR")
NINE = ("GH", "NG", "KE", "CI", "ZA", "UG", "TZ", "RW", "ZM")


def example(region):
    number = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@pytest.fixture
def abroad(book):
    with book.app.app_context():
        for region in COUNTRIES:
            add(email=f"{region.lower()}@example.com", phone=example(region))


def test_countries_of_this_book_are_offered_in_the_order_of_readers(abroad, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers")
    options = [text_of(option).strip() for option in by_id(desk, "dial_code").iter("option")][1:]
    names = [option.rpartition(" ")[0] for option in options]
    for name in ("Canada", "Kazakhstan", "Jersey"):
        assert any(name in one for one in names), (name, names)
    assert len(names) < 20, "only those of this book"
    assert not any("Germany" in one for one in names)
    for before, after in (("Albania", "Canada"), ("Côte d", "Croatia"), ("Jersey", "Kazakh")):
        places = [next(i for i, one in enumerate(names) if word in one) for word in (before, after)]
        assert places == sorted(places), names


def test_no_chip_repeats_a_select(abroad, desk_of):
    desk = desk_of("Esi")
    desk.open("/customers?standing=blacklisted&dial_code=CA")
    (clear,) = [one for one in desk.page.tree.iter("div") if one.get("class") == "clear"]
    assert "Canada" not in text_of(clear)
    assert "Blacklisted" not in text_of(clear)


def test_lists_of_managers_have_one_pager(book, desk_of):
    with book.app.app_context():
        for number in range(60):
            one = add(email=f"paged{number}@example.com", phone=None)
            opening.open_case(one.id, reason="fraud", by=actor("Esi"))
    desk = desk_of("Ama")
    for path in ("/customers", "/review/list", "/blacklist/cases"):
        desk.open(path)
        assert "page-next" in ids_in(desk.page.tree), path


@pytest.fixture
def overview(book, desk_of):
    """The figures of a blacklist with people of nine countries."""
    with book.app.app_context():
        for region in NINE:
            one = add(email=f"chart.{region.lower()}@example.com", phone=example(region))
            opening.open_case(one.id, reason="fraud", by=actor("Esi"))
    desk = desk_of("Ama")
    desk.open("/blacklist")
    return desk


def bars_of(chart):
    return [one for one in chart.iter() if "bar" in (one.get("class") or "").split()]


def charts_of(desk):
    return [one for one in desk.page.tree.iter("figure") if "chart" in (one.get("class") or "")]


def test_charts_have_one_scale(overview):
    heights = {}
    for chart in charts_of(overview):
        for bar in bars_of(chart):
            title = next(one for one in bar.iter() if one.tag.endswith("title"))
            heights.setdefault(text_of(title).rpartition(" ")[2], set()).add(bar.get("height"))
    assert all(len(of_value) == 1 for of_value in heights.values()), heights


def test_charts_say_what_is_not_finished(overview):
    for chart in charts_of(overview):
        assert sum("now" in bar.get("class") for bar in bars_of(chart)) == 1
        assert text_of(chart).count("not finished") == 2


def test_a_long_list_of_countries_folds(overview):
    (fold,) = list(by_id(overview, "by-country").iter("details"))
    assert list(fold.iter("th"))
