"""The review queue in a real browser: twenty by keyboard, several with one note, taken back, and
without script.
"""

import pytest
from sqlalchemy import select, update

from tests.browser.conftest import make_site
from tests.browser.visits import Site
from tests.support.cast import actor, member
from tests.support.server import running_server
from webapp.blacklist import opening, review
from webapp.blacklist.filters import CaseFilter, Which
from webapp.blacklist.listing import count
from webapp.blacklist.models import Blacklisting, Decision
from webapp.history import changes
from webapp.kernel import clock
from webapp.kernel.database import db, writing

WITH_AND_WITHOUT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


@pytest.fixture(scope="module")
def quiet_site(tmp_path_factory):
    """A site of its own, whose queue only these tests fill."""
    folder = tmp_path_factory.mktemp("review")
    book = make_site(f"sqlite:///{folder}/book.db", folder)
    with running_server(book.url, folder / "log") as address:
        yield Site(address, book, folder / "log")
    book.close()


@pytest.fixture
def queue(quiet_site):
    """`queue(20)` leaves so many cases waiting, which Esi opened, and gives their numbers in
    order.
    """

    def fill(number, by="Esi", **more):
        with quiet_site.book.app.app_context():
            with writing():
                db.session.execute(
                    update(Blacklisting).values(reviewed_at=clock.now(), reviewed_by_name="Ama")
                )
                far = clock.from_milliseconds(4_102_444_800_000)
                db.session.execute(
                    update(Blacklisting).values(
                        review_by=far, lift_asked_at=None, lift_asked_by_id=None
                    )
                )
                changes.rebuild()
            seqs = []
            for one in range(number):
                email = f"q{clock.now().timestamp()}-{one}@example.com"
                customer = quiet_site.add(
                    first_name=f"Number{one}", last_name="Waiting", email=email, phone=None
                )
                opened = opening.open_case(
                    customer.id, reason="fraud", note=f"Note {one}", by=actor(by), **more
                )
                seqs.append(opened.case.seq)
            return seqs

    return fill


def states(site, seqs):
    with site.book.app.app_context():
        cases = db.session.scalars(select(Blacklisting).where(Blacklisting.seq.in_(seqs))).all()
        return [case.state(clock.now()).value for case in sorted(cases, key=lambda case: case.seq)]


def title(visit):
    return visit.page.locator(".case:not([hidden]) h2").inner_text()


def test_twenty_cases_by_keyboard_in_25_actions(visit, quiet_site, queue, figure):
    """Nineteen stand, one is overturned with a note."""
    seqs = queue(20)
    ama = visit("Ama", site=quiet_site).open("/customers")
    ama.press("g")
    ama.press("r")
    ama.wait_for("/review$")
    for number in range(20):
        ama.page.locator(".case:not([hidden]) h2", has_text=f"Number{number} Waiting").wait_for()
        if number == 7:
            ama.press("r")
            ama.page.locator(".case:not([hidden]) textarea:focus").wait_for()
            ama.type("The cards were her own.")
            ama.press("Control+Enter")
        else:
            ama.press("a")
    ama.page.locator("#nothing-waits").wait_for()
    assert states(quiet_site, seqs) == ["upheld"] * 7 + ["overturned"] + ["upheld"] * 12
    assert ama.actions <= 25
    assert ama.page.locator("#waiting-count").inner_text() == ""
    figure(
        f"20 cases reviewed by keyboard, one of them overturned with a note: {ama.actions} actions"
    )


def test_the_next_case_is_there_before_the_answer(visit, quiet_site, queue):
    """Even while the server does not answer, the next one can be read; and it comes back when
    nothing was saved.
    """
    seqs = queue(2)
    ama = visit("Ama", site=quiet_site).open("/review")
    assert title(ama) == "Number0 Waiting"
    assert "1 of 2" in ama.text
    ama.page.route("**/review/*", lambda route: None)
    ama.press("a")
    ama.page.locator(".case:not([hidden]) h2", has_text="Number1 Waiting").wait_for()
    assert ama.page.evaluate("document.activeElement.textContent") == "Number1 Waiting"
    assert states(quiet_site, seqs) == ["waiting", "waiting"]
    ama.page.unroute("**/review/*")


def test_a_late_answer_leaves_the_note_about_the_next_case_alone(visit, quiet_site, queue):
    """The next decision is sent after the answer to the one before it, so that its refusal and its
    note stay.
    """
    seqs = queue(3)
    ama = visit("Ama", site=quiet_site).open("/review")
    held = []
    ama.page.route(f"**/review/{seqs[0]}", lambda route: held.append(route))
    ama.press("a")
    ama.page.locator(".case:not([hidden]) h2", has_text="Number1 Waiting").wait_for()
    ama.press("r")
    while not held:
        ama.page.wait_for_timeout(20)
    ama.page.wait_for_timeout(300)
    held[0].continue_()
    ama.page.locator(".case:not([hidden]) textarea:focus").wait_for()
    ama.type("The cards were her own.")
    ama.press("Control+Enter")
    ama.page.locator(".case:not([hidden]) h2", has_text="Number2 Waiting").wait_for()
    ama.page.locator("#toasts", has_text="Number1 Waiting is no longer blacklisted").wait_for()
    assert states(quiet_site, seqs) == ["upheld", "overturned", "waiting"]


def test_what_was_not_saved_comes_back_with_what_was_typed(visit, quiet_site, queue):
    queue(2)
    ama = visit("Ama", site=quiet_site).open("/review")
    ama.page.locator(".case:not([hidden]) textarea").fill("It is clear.")
    ama.page.route(
        "**/review/*", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>")
    )
    ama.page.locator(".case:not([hidden]) [value=upheld]").click()
    ama.page.locator("#toasts", has_text="Nothing was saved").wait_for()
    assert title(ama) == "Number0 Waiting"
    assert ama.page.locator(".case:not([hidden]) textarea").input_value() == "It is clear."
    ama.page.unroute("**/review/*")
    ama.complaints.clear()  # the browser's own line about the 502


@WITH_AND_WITHOUT
def test_a_decision_is_taken_back(visit, quiet_site, queue, script):
    seqs = queue(2)
    ama = visit("Ama", site=quiet_site, script=script).open("/review")
    if script:
        ama.press("a")
        ama.page.locator(
            "#toasts", has_text="The blacklisting of Number0 Waiting stands."
        ).wait_for()
        ama.press("u")
        ama.page.locator("#toasts", has_text="is taken back").wait_for()
        assert ama.actions == 2
    else:
        ama.click("[value=upheld]")
        assert (
            "The blacklisting of Number0 Waiting stands."
            in ama.page.locator("#toasts").inner_text()
        )
        ama.click("#toasts form button")
    assert states(quiet_site, seqs) == ["waiting", "waiting"]


@WITH_AND_WITHOUT
def test_skipping_goes_round(visit, quiet_site, queue, script):
    queue(3)
    ama = visit("Ama", site=quiet_site, script=script).open("/review")
    for name, position in (("Number1", "2 of 3"), ("Number2", "3 of 3"), ("Number0", "1 of 3")):
        if script:
            ama.press("s")
        else:
            ama.click(".case:not([hidden]) a:has-text('Skip')")
        ama.page.locator(".case:not([hidden]) h2", has_text=name).wait_for()
        ama.page.locator("#position", has_text=position).wait_for()


@WITH_AND_WITHOUT
def test_overturning_needs_a_note_and_keeps_what_was_typed(visit, quiet_site, queue, script):
    seqs = queue(2)
    ama = visit("Ama", site=quiet_site, script=script).open("/review")
    ama.click(".case:not([hidden]) [value=overturned]")
    ama.page.locator(".case .error", has_text="Say why it was wrong").wait_for()
    assert title(ama) == "Number0 Waiting"
    assert ama.page.title().startswith("Error: ")
    ama.page.locator(".case:not([hidden]) textarea").fill("Another person.")
    ama.click(".case:not([hidden]) [value=overturned]")
    ama.page.locator("#toasts", has_text="Number0 Waiting is no longer blacklisted.").wait_for()
    assert states(quiet_site, seqs) == ["overturned", "waiting"]


@pytest.mark.parametrize("decision", ["upheld", "overturned"])
def test_several_with_one_note_in_three_actions(visit, quiet_site, queue, decision, figure):
    seqs = queue(12)
    ama = visit("Ama", site=quiet_site).open("/review/list")
    ama.click("#select-all")
    ama.click(f"#selection [value={decision}]")
    ama.page.locator("#dialog[open]").wait_for()
    before = ama.actions
    if decision == "overturned":
        ama.fill("#dialog textarea", "One family, one card.")
    ama.press("Control+Enter") if decision == "overturned" else ama.press("Enter")
    ama.page.locator("#toasts", has_text=f"12 blacklistings are {decision}.").wait_for()
    assert states(quiet_site, seqs) == [decision] * 12
    if decision == "upheld":
        assert ama.actions == 3
        figure("12 cases decided at once: 3 actions")
    else:
        assert ama.actions - before == 2
    ama.click("#toasts form button")
    ama.page.locator("#toasts", has_text="Your reviews of 12 customers are taken back.").wait_for()
    assert states(quiet_site, seqs) == ["waiting"] * 12


def test_several_with_one_note_without_script(visit, quiet_site, queue):
    seqs = queue(3)
    ama = visit("Ama", site=quiet_site, script=False).open("/review/list")
    ama.click("#selection [value=upheld]")
    assert "Select the cases that you want to decide" in ama.text
    for seq in seqs[:2]:
        ama.page.locator(f"input[name=cases][value='{seq}']").check()
    ama.click("#selection [value=upheld]")
    ama.fill("#decide-selected textarea", "Clear.")
    ama.click("#decide-selected .primary")
    assert "2 blacklistings are upheld." in ama.page.locator("#toasts").inner_text()
    assert states(quiet_site, seqs) == ["upheld", "upheld", "waiting"]


def test_what_one_opened_oneself_needs_another_manager(visit, quiet_site, queue):
    (own,) = queue(1, by="Ama")
    ama = visit("Ama", site=quiet_site).open("/review")
    assert ama.page.locator("#nothing-waits").is_visible()
    ama.open("/review/list")
    assert "Needs another manager" in ama.text
    assert ama.page.locator("input[name=cases]").count() == 0
    ama.open(f"/review/{own}")
    assert "Needs another manager" in ama.text
    ama.press("a")
    ama.press("r")
    assert states(quiet_site, [own]) == ["waiting"]
    adwoa = visit("Adwoa", site=quiet_site).open("/review")
    adwoa.press("a")
    adwoa.page.locator("#nothing-waits").wait_for()
    assert states(quiet_site, [own]) == ["upheld"]


def test_filters_of_the_queue(visit, quiet_site, queue):
    queue(1)
    kofi = quiet_site.add(
        first_name="Kofi",
        last_name="Fraud",
        email=f"f{clock.now().timestamp()}@example.com",
        phone=None,
    )
    with quiet_site.book.app.app_context():
        opening.open_case(kofi.id, reason="abuse", by=actor("Kwame"))
        kwame = member("Kwame").id
    ama = visit("Ama", site=quiet_site, script=False).open("/review")
    ama.choose("#filter-reason", "abuse")
    ama.click("#queue-filters button")
    ama.page.locator(".case:not([hidden]) h2", has_text="Kofi Fraud").wait_for()
    assert "1 of 1" in ama.text
    ama.open("/review")
    ama.choose("#opener", f"staff:{kwame}")
    ama.click("#queue-filters button")
    ama.page.locator(".case:not([hidden]) h2", has_text="Kofi Fraud").wait_for()
    ama.choose("#which", "overdue")
    ama.click("#queue-filters button")
    ama.page.locator("#nothing-waits").wait_for()


@WITH_AND_WITHOUT
def test_an_agent_asks_for_a_lift_and_a_manager_lifts_from_the_queue(
    visit, quiet_site, queue, script
):
    (seq,) = queue(1)
    with quiet_site.book.app.app_context():
        review.decide(seq, Decision.UPHELD, by=actor("Adwoa"))
        customer = review.customer_by_case(seq)
    kwame = visit("Kwame", site=quiet_site, script=script).open(f"/customers/{customer.id}")
    if script:
        kwame.press("l")
        kwame.page.locator("#dialog[open] #note:focus").wait_for()
        kwame.type("Paid with interest.")
        kwame.press("Control+Enter")
    else:
        kwame.click("#key-l")
        kwame.fill("#note", "Paid with interest.")
        kwame.click("#lift-request-form .primary")
    kwame.page.locator("#blacklisting", has_text="Paid with interest.").wait_for()
    kwame.open("/")
    assert "a manager has not decided yet" in kwame.page.locator("#lift-requests").inner_text()
    ama = visit("Ama", site=quiet_site, script=script).open("/review")
    assert "Kwame asks to lift it." in ama.text
    if script:
        ama.press("l")
        ama.page.locator("#dialog[open] #note:focus").wait_for()
        ama.type("Paid.")
        ama.press("Control+Enter")
        ama.page.locator("#nothing-waits").wait_for()
    else:
        ama.click(".case a:has-text('Lift')")
        ama.fill("#note", "Paid.")
        ama.click("#lift-form .primary")
    assert states(quiet_site, [seq]) == ["lifted"]
    with quiet_site.book.app.app_context():
        assert count(CaseFilter(which=Which.WAITING)) == 0
    kwame.open("/")
    assert "lifted" in kwame.page.locator("#lift-requests").inner_text()


@WITH_AND_WITHOUT
def test_checking_a_person_and_telling_two_apart(visit, quiet_site, script):
    stamp = clock.to_milliseconds(clock.now())
    bad = quiet_site.add(
        first_name="Bad", last_name="Actor", email=f"b.a.{stamp}@gmail.com", phone=None
    )
    with quiet_site.book.app.app_context():
        opening.open_case(bad.id, reason="fraud", by=actor("Kwame"))
    good = quiet_site.add(
        first_name="Good", last_name="Person", email=f"ba{stamp}+x@googlemail.com", phone=None
    )
    esi = visit("Esi", site=quiet_site, script=script).open("/check")
    esi.fill("#email", good.email)
    esi.click("#check-form .primary")
    esi.page.locator("#verdict-title", has_text="Look closer").wait_for()
    assert "@" not in esi.url
    esi.open(f"/customers/{good.id}")
    assert "same e-mail but for its spelling" in esi.page.locator("#suspects").inner_text()
    esi.click(".apart button")
    esi.page.locator("#told-apart", has_text="said Esi").wait_for()
    assert esi.page.locator("#suspects").count() == 0
    esi.open("/check")
    esi.fill("#email", good.email)
    esi.click("#check-form .primary")
    esi.page.locator("#verdict-title", has_text="Allow").wait_for()
