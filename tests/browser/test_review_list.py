"""In a real browser: several cases with one note, filters, lift requests, and the check."""

import pytest

from tests.browser.queues import states
from tests.browser.visits import WITH_AND_WITHOUT
from tests.support.cast import actor, member
from webapp.blacklist import opening
from webapp.blacklist.filters import CaseFilter, Which
from webapp.blacklist.listing import count
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review
from webapp.kernel import clock


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
    done = {"upheld": "kept", "overturned": "removed"}[decision]
    ama.page.locator("#toasts", has_text=f"You {done} 12 blacklistings.").wait_for()
    assert states(quiet_site, seqs) == [decision] * 12
    if decision == "upheld":
        assert ama.actions == 3
        figure("12 cases decided at once: 3 actions")
    else:
        assert ama.actions - before == 2
    ama.click("#toasts form button")
    ama.page.locator("#toasts", has_text="Your reviews of 12 customers are undone.").wait_for()
    assert states(quiet_site, seqs) == ["waiting"] * 12


def test_several_with_one_note_without_script(visit, quiet_site, queue):
    seqs = queue(3)
    ama = visit("Ama", site=quiet_site, script=False).open("/review/list")
    ama.click("#selection [value=upheld]")
    assert "Nothing is selected. Select blacklistings first" in ama.text
    for seq in seqs[:2]:
        ama.page.locator(f"input[name=cases][value='{seq}']").check()
    ama.click("#selection [value=upheld]")
    ama.fill("#decide-selected textarea", "Clear.")
    ama.click("#decide-selected .primary")
    assert "You kept 2 blacklistings." in ama.page.locator("#toasts").inner_text()
    assert states(quiet_site, seqs) == ["upheld", "upheld", "waiting"]


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
    filter_by(ama, "#filter-reason", "abuse")
    ama.page.locator(".case:not([hidden]) h2", has_text="Kofi Fraud").wait_for()
    assert "1 of 1" in ama.text
    ama.open("/review")
    filter_by(ama, "#opener", f"staff:{kwame}")
    ama.page.locator(".case:not([hidden]) h2", has_text="Kofi Fraud").wait_for()
    filter_by(ama, "#which", "overdue")
    ama.page.locator("#nothing-waits").wait_for()


def filter_by(visit, selector, choice):
    visit.choose(selector, choice)
    visit.click("#queue-filters button")


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
        say_in_dialog(kwame, "Paid with interest.")
    else:
        kwame.click("#key-l")
        kwame.fill("#note", "Paid with interest.")
        kwame.click("#lift-request-form .primary")
    kwame.page.locator("#blacklisting", has_text="Paid with interest.").wait_for()
    kwame.open("/")
    assert "no decision yet" in kwame.page.locator("#lift-requests").inner_text()
    ama = visit("Ama", site=quiet_site, script=script).open("/review")
    assert "Kwame asks to remove it." in ama.text
    if script:
        say_in_dialog(ama, "Paid.")
        ama.page.locator("#nothing-waits").wait_for()
    else:
        ama.click(".case a:has-text('no longer needed')")
        ama.fill("#note", "Paid.")
        ama.click("#lift-form .primary")
    assert states(quiet_site, [seq]) == ["lifted"]
    with quiet_site.book.app.app_context():
        assert count(CaseFilter(which=Which.WAITING)) == 0
    kwame.open("/")
    assert "removed: no longer needed" in kwame.page.locator("#lift-requests").inner_text()


def say_in_dialog(visit, note):
    visit.press("l")
    visit.page.locator("#dialog[open] #note:focus").wait_for()
    visit.type(note)
    visit.press("Control+Enter")


@WITH_AND_WITHOUT
def test_checking_a_person_and_telling_two_apart(visit, quiet_site, script, figure):
    stamp = clock.to_milliseconds(clock.now())
    bad = quiet_site.add(
        first_name="Bad", last_name="Actor", email=f"b.a.{stamp}@gmail.com", phone=None
    )
    with quiet_site.book.app.app_context():
        opening.open_case(bad.id, reason="fraud", by=actor("Kwame"))
    good = quiet_site.add(
        first_name="Good", last_name="Person", email=f"ba{stamp}+x@googlemail.com", phone=None
    )
    esi = visit("Esi", site=quiet_site, script=script)
    check(esi, good.email, "Look closer")
    assert "@" not in esi.url
    esi.open(f"/customers/{good.id}")
    assert "same e-mail in another form" in esi.page.locator("#suspects").inner_text()
    before = esi.actions
    esi.click(".apart a.button")
    esi.fill("#mark-form textarea", "Two passports.")
    esi.click("#mark-form button.primary")
    esi.page.locator("#told-apart", has_text="A manager must agree").wait_for()
    assert esi.actions - before == 3
    figure(f"tell apart with a note {'with' if script else 'without'} script: 3 actions")
    check(esi, good.email, "Look closer")
    ama = visit("Ama", site=quiet_site, script=script).open("/review/lookalikes")
    ama.click(f"#marks [value^='{good.id}']")
    ama.click("#marks [value=agree]")
    ama.page.locator(".toast", has_text="different people from now on").wait_for()
    esi.open(f"/customers/{good.id}")
    assert "agreed by Ama" in esi.page.locator("#told-apart").inner_text()
    check(esi, good.email, "Known and active")


def check(esi, email, told):
    esi.open("/check")
    esi.fill("#email", email)
    esi.click("#check-form .primary")
    esi.page.locator("#verdict-title", has_text=told).wait_for()


@WITH_AND_WITHOUT
def test_filters_of_the_queue_act_like_those_of_the_list(visit, quiet_site, queue, script):
    queue(2)
    ama = visit("Ama", site=quiet_site, script=script).open("/review/list")
    ama.choose("#filter-reason", "abuse")
    if not script:
        ama.click("#queue-filters button")
    ama.wait_for("/review/list\\?.*reason=abuse")
    ama.page.locator("#nothing-waits").wait_for()
    ama.click("#queue-filters a")
    ama.page.locator("tbody tr").nth(1).wait_for()


@WITH_AND_WITHOUT
def test_the_range_of_the_charts_is_chosen(visit, site, script):
    ama = visit("Ama", script=script).open("/blacklist")
    assert ama.page.locator("#chart-opened .bar").count() == 12
    ama.click("a:has-text('52 weeks')")
    ama.wait_for("/blacklist\\?weeks=52#weeks")
    assert ama.page.locator("#chart-opened .bar").count() == 52
    assert "weeks=52" in ama.page.get_attribute("#csv", "href")


def test_a_decision_about_nothing_says_so(visit, quiet_site, queue):
    seqs = queue(2)
    ama = visit("Ama", site=quiet_site).open("/review/list")
    ama.click("#selection [value=upheld]")
    ama.page.get_by_text("Nothing is selected. Select blacklistings first").first.wait_for()
    assert ama.page.locator("#dialog[open]").count() == 0
    assert states(quiet_site, seqs) == ["waiting", "waiting"]
