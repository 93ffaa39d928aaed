"""Goes through every journey with marked values, then searches for them in
addresses, referrers and logs.
"""

import json
import re
from urllib.parse import unquote

from tests.browser.visits import NEW_PASSWORD
from tests.support.cast import PASSWORD

MARKED = {
    "first_name": "Zzyzxfirst",
    "last_name": "Zzyzxlast",
    "email": "zzyzxmail@example.com",
    "phone": "+2348039990001",
}
SPELLINGS = ["zzyzx", "8039990001", "803 999 0001", PASSWORD, "correct+horse"]


def walk(visit):
    """Every journey, with script and without it; returns all addresses and headers
    that the browser sent.
    """
    addresses, headers = [], []
    for script in (True, False):
        esi = visit(None, script=script).open("/sign-in")
        esi.give_password("kwame@example.com", PASSWORD)
        esi.wait_for("/$")
        search(esi, script)
        add_and_correct(esi, script)
        blacklist_and_delete(visit, esi, script)
        esi.page.get_by_role("button", name="Sign out").click()
        esi.wait_for("/sign-in")
        addresses += [request.url for request in esi.requests]
        headers += [pair for request in esi.requests for pair in request.all_headers().items()]
    return addresses, headers


def search(esi, script):
    esi.open("/customers")
    for text in (MARKED["last_name"], MARKED["email"], "0803 999 0001", "nobody zzyzx"):
        esi.page.fill("#q", text)
        if script:
            esi.wait_for_search()
        with esi.page.expect_navigation():
            esi.page.keyboard.press("Enter")
        if esi.page.locator("#add-searched").count():
            esi.page.locator("#add-searched").click()
            esi.wait_for("/customers/new")
        esi.open("/customers")


def add_and_correct(esi, script):
    """First with a mistake, after which the form comes back with everything that was typed."""
    esi.open("/customers/new")
    for name, value in MARKED.items():
        esi.page.fill(f"#{name}", value)
    esi.page.fill("#phone", "803 999")
    esi.page.locator("form.form .primary").click()
    esi.page.locator("#error-summary").wait_for()
    esi.page.fill("#phone", MARKED["phone"] if script else "")
    esi.page.fill("#email", MARKED["email"] if script else f"2{MARKED['email']}")
    esi.page.locator("form.form .primary").click()
    esi.wait_for("/customers/[0-9a-f-]{36}$")
    esi.page.locator("a[data-key=e]").click()
    esi.page.fill("#first_name", MARKED["first_name"] + "x")
    esi.page.locator("form.form .primary").click()
    esi.wait_for("/customers/[0-9a-f-]{36}$")


def blacklist_and_delete(visit, esi, script):
    """The other journeys, with notes about the person, which are personal data too."""
    address = esi.url
    esi.page.locator("#key-b").click()
    if not script:
        esi.wait_for(".*/blacklisting$")
    esi.page.locator("label", has_text="Other").click()
    esi.page.fill("#note", f"{MARKED['last_name']} shouted.")
    esi.page.locator("form.form .danger").click()
    esi.page.locator("#blacklisting").wait_for()
    asker = ask_for_a_lift_and_check(visit, address, script)
    ama = visit("Ama", script=script)
    review_and_delete(ama, address, script)
    esi.requests.extend(ama.requests + asker.requests)


def review_and_delete(ama, address, script):
    ama.open("/review")
    ama.page.fill(".case:not([hidden]) textarea", f"{MARKED['last_name']} again.")
    ama.page.locator(".case:not([hidden]) [value=upheld]").click()
    ama.page.locator("#toasts", has_text="stays blacklisted").wait_for()
    ama.open("/review/list")
    ama.open("/review/lookalikes")
    ama.open("/blacklist/cases?which=open")
    ama.open(address)
    ama.page.locator("#key-l").click()
    if not script:
        ama.wait_for(".*/lift$")
    ama.page.fill("#note", f"{MARKED['last_name']} paid.")
    ama.page.locator("form.form .primary").click()
    ama.page.locator("#earlier-cases").wait_for()
    ama.page.locator("#delete").click()
    ama.page.locator("form.form .danger").click()
    ama.page.locator("#tombstone").wait_for()


def ask_for_a_lift_and_check(visit, address, script):
    """A note to managers, and a check of a person."""
    asker = visit("Esi", script=script).open("/check")
    for name in ("first_name", "last_name", "email", "phone"):
        asker.page.fill(f"#{name}", MARKED[name])
    asker.page.locator("#check-form .primary").click()
    asker.page.locator("#verdict-title").wait_for()
    if script:
        asker.page.locator("#verdict a").first.click()
    asker.open(address)
    asker.page.locator("#key-l").click()
    if not script:
        asker.wait_for(".*/ask-for-lift$")
    asker.page.fill("#note", f"{MARKED['last_name']} paid.")
    asker.page.locator("#lift-request-form .primary").click()
    asker.page.locator("#blacklisting", has_text="paid").wait_for()
    asker.open("/")
    return asker


def look_after_staff(visit):
    """Data about staff is personal too: an admin adds a member, who chooses a name
    and another password.
    """
    adwoa = visit("Adwoa").open("/staff/new")
    adwoa.page.fill("#name", MARKED["first_name"])
    adwoa.page.fill("#email", MARKED["email"])
    adwoa.page.locator("form.form .primary").click()
    adwoa.page.locator("#one-time-password").wait_for()
    one_time = adwoa.page.locator("#one-time-password code").inner_text()
    new = visit(None).open("/sign-in")
    choose_a_name(new, one_time)
    secret = new.open("/account/second-factor").set_second_factor(NEW_PASSWORD).secret
    codes = new.page.locator("#recovery-codes code").all_inner_texts()
    requests = adwoa.requests + new.requests
    told = [request.url for request in requests] + [
        value for request in requests for value in request.all_headers().values()
    ]
    return [one_time, NEW_PASSWORD, NEW_PASSWORD.replace(" ", "+"), secret, *codes], told


def choose_a_name(new, one_time):
    """And a new password."""
    new.give_password(MARKED["email"], one_time)
    new.choose_password(one_time, NEW_PASSWORD)
    new.wait_for("/$|/customers$")
    new.open("/account")
    new.page.fill("#name", MARKED["last_name"])
    new.page.locator("form.form .primary").click()
    new.wait_for("/account$")


def test_no_personal_data_in_addresses_referers_and_logs(visit, site, figure):
    addresses, headers = walk(visit)
    secrets, told_of_staff = look_after_staff(visit)
    referers = [value for name, value in headers if name in ("referer", "hx-current-url")]
    told = addresses + referers + told_of_staff
    assert len(referers) > 50
    lines = site.log.read_text().splitlines()
    for text in [unquote(address).lower() for address in told] + [line.lower() for line in lines]:
        for spelling in [*SPELLINGS, *(secret.lower() for secret in secrets)]:
            assert spelling not in text, text
    figure(
        f"marked values: none in {len(told)} addresses and referers, none in {len(lines)} log lines"
    )
    assert len(lines) > 50


def test_every_log_line_is_json_with_request_id_and_route_pattern(site, visit):
    esi = visit("Esi").open("/customers?standing=good")
    esi.open("/nothing/at/all")
    lines = [json.loads(line) for line in site.log.read_text().splitlines()]
    requests = [line for line in lines if line["what"] == "request"]
    assert requests
    for line in requests:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", line["at"])
        assert re.fullmatch(r"[0-9a-f]{24}", line["request_id"])
        assert line["route"] is None or "?" not in line["route"]
        assert {"method", "status", "milliseconds", "staff_id"} <= line.keys()
    assert {"/customers", None} <= {line["route"] for line in requests}


def test_a_log_line_cannot_be_forged(site, visit):
    esi = visit(None)
    esi.page.request.get(
        f"{site.address}/sign-in", headers={"X-Request-Id": "abcdefgh", "User-Agent": "x"}
    )
    esi.page.request.get(f"{site.address}/%0a%0d%1b%E2%80%A8forged")
    for line in site.log.read_bytes().split(b"\n")[:-1]:
        json.loads(line)
        assert not re.search(rb"[\x00-\x1f\x7f-\xff]", line)
