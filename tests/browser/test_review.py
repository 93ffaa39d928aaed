"""The review queue in a real browser: twenty cases by keyboard, several with one note, undo, and
all of it without script.
"""

from tests.browser.queues import states, title
from tests.browser.visits import WITH_AND_WITHOUT
from tests.support.cast import actor, member
from webapp.blacklist import opening
from webapp.blacklist.case import find_open
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review
from webapp.customers.finding import get_customer
from webapp.staff import unread


def test_twenty_cases_by_keyboard_in_25_actions(visit, quiet_site, queue, figure):
    """Nineteen are upheld, one is overturned with a note."""
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
    """The next case can be read while the server has not answered yet."""
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
    """Decisions are sent one after another, so a late answer leaves the next note in place."""
    seqs = queue(3)
    ama = visit("Ama", site=quiet_site).open("/review")
    held = []
    ama.page.route(f"**/review/{seqs[0]}", lambda route: held.append(route))
    with ama.page.expect_request(f"**/review/{seqs[0]}"):
        ama.press("a")
    ama.page.locator(".case:not([hidden]) h2", has_text="Number1 Waiting").wait_for()
    ama.press("r")
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
    ama.complaints.clear()  # the browser's own message about the 502


@WITH_AND_WITHOUT
def test_a_decision_is_taken_back(visit, quiet_site, queue, script):
    seqs = queue(2)
    ama = visit("Ama", site=quiet_site, script=script).open("/review")
    if script:
        ama.press("a")
        ama.page.locator("#toasts", has_text="Number0 Waiting stays blacklisted.").wait_for()
        ama.press("u")
        ama.page.locator("#toasts", has_text="is undone").wait_for()
        assert ama.actions == 2
    else:
        ama.click("[value=upheld]")
        assert "Number0 Waiting stays blacklisted." in ama.page.locator("#toasts").inner_text()
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
    ama.page.locator(".case .error", has_text="Say why the blacklisting was a mistake").wait_for()
    assert title(ama) == "Number0 Waiting"
    assert ama.page.title().startswith("Error: ")
    ama.page.locator(".case:not([hidden]) textarea").fill("Another person.")
    ama.click(".case:not([hidden]) [value=overturned]")
    ama.page.locator("#toasts", has_text="Number0 Waiting is no longer blacklisted.").wait_for()
    assert states(quiet_site, seqs) == ["overturned", "waiting"]


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


def test_two_managers_get_two_cases(visit, quiet_site, queue):
    """The second is told who is at the first, in the list and at the case itself."""
    seqs = queue(4)
    ama = visit("Ama", site=quiet_site)
    with ama.page.expect_response("**/claim"):
        ama.open("/review")
    adwoa = visit("Adwoa", site=quiet_site).open("/review")
    assert (title(ama), title(adwoa)) == ("Number0 Waiting", "Number1 Waiting")
    decide_by_key(ama)
    assert title(ama) == "Number2 Waiting", "Adwoa is at the second"
    adwoa.press("s")
    adwoa.wait_for(".*onward=1$")
    assert title(adwoa) == "Number3 Waiting", "Ama is at the third"
    adwoa.open("/review/list")
    assert "Ama is reviewing this" in adwoa.page.locator("tbody tr").nth(1).inner_text()
    adwoa.open(f"/review/{seqs[2]}")
    adwoa.page.get_by_text("Ama is reviewing this now.").wait_for()
    adwoa.looks_right()


def test_who_goes_on_writing_claims_the_case_again(visit, quiet_site, queue):
    """A claim lasts five minutes; until then Adwoa gets another case."""
    queue(2)
    ama = visit("Ama", site=quiet_site)
    ama.page.clock.install()
    with ama.page.expect_response("**/claim"):
        ama.open("/review")
    note = ama.page.locator(".case:not([hidden]) textarea")
    claims = []
    ama.page.on("request", lambda request: claims.append(request.url))
    note.press_sequentially("He")
    assert claims == []
    ama.page.clock.fast_forward("04:30")
    with ama.page.expect_response("**/claim") as again:
        note.press_sequentially(" paid")
    assert again.value.ok
    assert sum(one.endswith("/claim") for one in claims) == 1


def decide_by_key(manager):
    with manager.page.expect_response("**/review/*"):
        manager.press("a")
    manager.wait_for_toast()


def asked_to_remove(site, customer, name):
    with site.book.app.app_context():
        case_seq = find_open(get_customer(customer.id)).seq
        opening.ask_for_lift(customer.id, case_seq=case_seq, note="Paid.", by=actor(name))
        return case_seq


@WITH_AND_WITHOUT
def test_who_asked_reads_what_was_decided(visit, site, opened, script):
    with site.book.app.app_context():
        kwame_id = member("Kwame").id
        earlier = unread.unread_by(kwame_id, limit=100)
        unread.mark_read(kwame_id, [(one.case_seq, one.at) for one in earlier])
    case_seq = asked_to_remove(site, opened, "Kwame")
    kwame = visit("Kwame", script=script).open("/")
    home = kwame.page.locator("nav a[href='/']")
    assert home.inner_text().strip() == "Home"
    with site.book.app.app_context():
        review.decide(case_seq, Decision.OVERTURNED, note="Hers.", by=actor("Ama"))
    kwame.open("/help")
    assert home.inner_text().split() == ["Home", "1", "decisions", "to", "read"]
    kwame.open("/")
    assert "Removed: it was a mistake, by Ama" in kwame.page.locator("#decisions").inner_text()
    if script:
        kwame.looks_right()
    kwame.click("#decisions button")
    kwame.page.locator("#decisions").wait_for(state="detached")
    assert home.inner_text().strip() == "Home"
