"""Takes pictures of real states of every page, for people to look at: `make pictures`."""

import sys
import tempfile
from pathlib import Path

import pyotp
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from tests.browser.conftest import launch, make_site
from tests.browser.visits import Site, Visit
from tests.support import cast
from tests.support.cast import PASSWORD, actor, member
from tests.support.server import running_server
from webapp.blacklist import opening, review
from webapp.blacklist.models import REASONS_OFFERED, Decision
from webapp.customers import edit, erase
from webapp.customers.models import Customer
from webapp.history.entries import Actor
from webapp.kernel.database import db, writing
from webapp.settings import PROJECT
from webapp.staff.second_factor import give_up

WHERE = PROJECT / "build" / "pictures"
SIZES = ((1440, False), (1440, True), (390, False), (390, True))


def main() -> None:
    WHERE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        book = make_site(f"sqlite:///{folder}/book.db", folder, people=20_000)
        browser = launch(playwright)
        with running_server(book.url, folder / "log") as address:
            site = Site(address, book, folder / "log")
            places = _places(site)
            for width, dark in SIZES:
                suffix = f"{'dark' if dark else 'light'}-{width}"
                for name, take in TAKEN_BY:
                    if sys.argv[1:] and take.__name__ not in sys.argv[1:]:
                        continue
                    visit = Visit(browser, site, name, width=width, dark=dark)
                    take(visit, places, suffix)
                    visit.close()
        browser.close()
        book.close()


def _places(site: Site) -> dict[str, str]:
    long = site.add(
        first_name="x" * 100, last_name='O\'Brien "the <b>"', email="long@example.com", phone=None
    )
    busy = site.add(
        first_name="Đặng",
        last_name="Thị Hương",
        email="huong@bücher.example.com",
        phone="+84912345678",
    )
    good = site.add(
        first_name="Huong",
        last_name="Dang",
        email="Huong+x@bücher.example.com",
        reference="ORDER-1",
    )
    with site.book.app.app_context():
        for number, name in enumerate(("Ama", "Esi", "Kwame"), start=1):
            new = {"first_name": f"Đặng {number}", "phone": f"+8491234567{number}"}
            edit.change(busy.id, new, based_on=number, by=actor(name))
        for reason in REASONS_OFFERED:
            seq = opening.open_case(
                long.id, reason=reason, note=f"{'y' * 300}\nSecond line", by=actor("Esi")
            ).case.seq
            review.lift(
                long.id, case_seq=seq, note="Paid what was owed.\nAll of it.", by=actor("Ama")
            )
        gone = cast.add(first_name="Gone", last_name="Gone", email="gone@example.com")
        opening.open_case(
            busy.id, reason="other", note="He shouted at Ama.\nTwice.", by=actor("Kwame")
        )
        seq = opening.open_case(gone.id, reason="fraud", note="Gone.", by=actor("Esi")).case.seq
        review.lift(gone.id, case_seq=seq, note="Gone.", by=actor("Ama"))
        erase.delete_customer(gone.id, by=actor("Ama"))
        blacklisted = db.session.scalars(
            select(Customer).where(Customer.blacklisted).limit(1)
        ).one()
    seq = _review_cases(site)
    return {
        "review-case": f"/review/{seq}",
        "customer-deleted": f"/customers/{gone.id}",
        "customer-blacklisted": f"/customers/{blacklisted.id}",
        "customer-busy": f"/customers/{busy.id}",
        "customer-long": f"/customers/{long.id}",
        "customer-good": f"/customers/{good.id}",
        "form-edit": f"/customers/{busy.id}/edit",
        "list": "/customers",
        "list-filtered": "/customers?standing=blacklisted&created_from=2024-01-01&sort=created",
        "account": "/account",
        "preferences": "/account/preferences",
        "password": "/account/password",
        "second-factor": "/account/second-factor",
        "error-404": "/nothing",
    }


def _review_cases(site: Site) -> int:
    """Cases of every kind in the queue; one in full, with look-alikes, evidence and a request."""
    old = site.add(
        first_name="Adaeze",
        last_name="Okonkwo",
        email="ada.okonkwo@gmail.com",
        phone="+2348012345678",
    )
    site.add(
        first_name="Ada",
        last_name="Okonkwo",
        email="adaokonkwo+shop@googlemail.com",
        phone="+2348012345678",
    )
    own = site.add(first_name="Own", last_name="Case", email="own@example.com", phone=None)
    program = site.add(
        first_name="Nameless", last_name="Reason", email="program@example.com", phone=None
    )
    note = (
        "Two charge-backs in ten days on different cards, same delivery address. Denies "
        "placing the orders."
    )
    links = "https://evidence.example.com/cases/2026/1187/letters.pdf\nhttps://bank.example.com/dispute/88"
    with site.book.app.app_context():
        seq = opening.open_case(
            old.id, reason="chargeback", note="First.", by=actor("Kwame")
        ).case.seq
        review.decide(seq, Decision.OVERTURNED, note="Another Adaeze Okonkwo.", by=actor("Adwoa"))
        seq = opening.open_case(
            old.id, reason="chargeback", note=note, evidence=links, by=actor("Esi")
        ).case.seq
        review.decide(seq, Decision.UPHELD, note="The letters are clear.", by=actor("Adwoa"))
        opening.ask_for_lift(
            old.id, case_seq=seq, note="Paid both back with interest.", by=actor("Kwame")
        )
        opening.open_case(own.id, reason="abuse", note="Shouted.", by=actor("Ama"))
        key = Actor(kind="key", id=1, name="Shop", door="api")
        opening.open_case(program.id, reason=None, by=key)
    return seq


def _take_of_reviewer(visit: Visit, places: dict[str, str], suffix: str) -> None:
    shown = {
        "home-manager": "/",
        "review": "/review",
        "review-list": "/review/list",
        "overview": "/blacklist",
    }
    shown |= {"review-lookalikes": "/review/lookalikes", "cases": "/blacklist/cases?which=open"}
    shown |= {
        "blacklist-at": "/blacklist/cases?at=2026-08-01T12:00Z",
        "review-case": places["review-case"],
    }
    shown |= {"review-nothing": "/review?reason=terms&which=overdue"}
    shown |= {"customer-past": f"{places['customer-blacklisted']}?at=2026-10-01T12:00Z"}
    for name, path in shown.items():
        visit.open(path)
        _shoot(visit.page, f"{name}-{suffix}")
    visit.open(places["review-case"])
    visit.page.locator(".case:not([hidden]) [value=overturned]").click()
    visit.page.locator(".case .error").wait_for()
    _shoot(visit.page, f"review-errors-{suffix}")
    visit.open("/review/list")
    visit.page.keyboard.press("x")
    visit.page.keyboard.press("a")
    visit.page.locator("#dialog[open]").wait_for()
    _shoot(visit.page, f"review-selected-{suffix}")


def _take_of_checker(visit: Visit, places: dict[str, str], suffix: str) -> None:
    visit.open("/")
    _shoot(visit.page, f"home-agent-{suffix}")
    known = {
        "deny": "ada.okonkwo@gmail.com",
        "review": "a.da.okonkwo@gmail.com",
        "allow": "a@example.com",
        "errors": "a@",
    }
    for name, email in known.items():
        visit.open("/check")
        visit.page.fill("#email", email)
        visit.page.locator("#check-form .primary").click()
        visit.page.locator("#verdict-title, #error-summary").wait_for()
        _shoot(visit.page, f"check-{name}-{suffix}")


def _take(visit: Visit, places: dict[str, str], suffix: str) -> None:
    for name, path in places.items():
        visit.open(path)
        _shoot(visit.page, f"{name}-{suffix}")
    _search(visit, "小龙", f"search-{suffix}")
    _search(visit, "z" * 300, f"search-nobody-{suffix}")
    visit.open("/customers/new")
    for field, text in (("email", "esi@"), ("phone", "0801 23"), ("last_name", "y" * 101)):
        visit.page.fill(f"#{field}", text)
    visit.choose("#country", "NG")
    visit.page.locator("form.form .primary").click()
    visit.page.locator("#error-summary").wait_for()
    _shoot(visit.page, f"form-errors-{suffix}")
    _clash(visit, places["form-edit"], suffix)
    visit.open(places["customer-good"])
    visit.page.keyboard.press("b")
    visit.page.locator("#dialog[open]").wait_for()
    _shoot(visit.page, f"blacklist-dialog-{suffix}")
    visit.page.locator("#dialog .danger").click()
    visit.page.locator("#error-summary").wait_for()
    _shoot(visit.page, f"blacklist-dialog-errors-{suffix}")
    visit.page.keyboard.press("1")
    visit.page.keyboard.press("Enter")
    visit.page.locator("#blacklisting").wait_for()
    _shoot(visit.page, f"blacklist-done-{suffix}")
    visit.page.keyboard.press("u")
    visit.page.locator("#blacklisting").wait_for(state="detached")
    _shoot(visit.page, f"blacklist-undone-{suffix}")


def _take_of_manager(visit: Visit, places: dict[str, str], suffix: str) -> None:
    for name in ("customer-busy", "customer-blacklisted"):
        visit.open(places[name])
        _shoot(visit.page, f"{name}-manager-{suffix}")
    for name, path in {"lift": "blacklisting/lift", "delete": "delete"}.items():
        visit.open(f"{places['customer-busy']}/{path}")
        _shoot(visit.page, f"{name}-{suffix}")
    visit.open(f"{places['customer-good']}/delete")
    _shoot(visit.page, f"delete-good-{suffix}")


def _take_of_admin(visit: Visit, places: dict[str, str], suffix: str) -> None:
    visit.open("/api/docs")
    _shoot(visit.page, f"api-docs-{suffix}")
    visit.open("/api-keys/new")
    visit.page.locator("form.form .primary").click()
    visit.page.locator("#error-summary").wait_for()
    _shoot(visit.page, f"key-new-errors-{suffix}")
    visit.page.fill("#name", "Till in Accra")
    visit.page.locator("input[name=scopes]").first.check()
    visit.page.locator("form.form .primary").click()
    visit.page.locator("#secret-once").wait_for()
    _shoot(visit.page, f"keys-{suffix}")
    visit.open("/staff")
    _shoot(visit.page, f"staff-{suffix}")
    visit.open("/staff/new")
    visit.page.fill("#name", "Ọlátúnjí Okonjo-Iweala")
    visit.page.fill("#email", "not an address")
    visit.page.locator("form.form .primary").click()
    visit.page.locator("#error-summary").wait_for()
    _shoot(visit.page, f"staff-new-errors-{suffix}")
    visit.page.fill("#email", f"{suffix}@example.com")
    visit.page.locator("form.form .primary").click()
    visit.page.locator("#one-time-password").wait_for()
    _shoot(visit.page, f"staff-one-time-{suffix}")
    visit.open("/staff/1")
    _shoot(visit.page, f"staff-self-{suffix}")
    visit.open("/account/second-factor")
    secret = visit.page.locator("#secret").inner_text().replace(" ", "")
    visit.page.fill("#code", pyotp.TOTP(secret).now())
    visit.page.fill("#current_password", PASSWORD)
    visit.page.locator("form.form .primary").click()
    visit.page.locator("#recovery-codes").wait_for()
    _shoot(visit.page, f"recovery-codes-{suffix}")
    visit.page.locator("#go-on").click()
    visit.open("/account/second-factor/remove")
    _shoot(visit.page, f"second-factor-remove-{suffix}")
    with visit.site.book.app.app_context(), writing():
        give_up(member("Adwoa"))


def _search(visit: Visit, text: str, name: str) -> None:
    visit.open("/customers")
    visit.page.fill("#q", text)
    visit.wait_for_search()
    _shoot(visit.page, name)


def _clash(visit: Visit, path: str, suffix: str) -> None:
    visit.open(path)
    visit.page.fill("#first_name", "Dang")
    customer_id = path.split("/")[2]
    with visit.site.book.app.app_context():
        customer = db.session.scalars(
            select(Customer).where(Customer.first_name.startswith("Đặng"))
        ).first()
        if customer and str(customer.id) == customer_id:
            new = {"first_name": f"Đặng {suffix}"}
            edit.change(customer.id, new, based_on=customer.version, by=actor("Ama"))
    visit.page.locator("form.form .primary").click()
    visit.page.locator("#clashes").wait_for()
    _shoot(visit.page, f"form-clash-{suffix}")


def _shoot(page: Page, name: str) -> None:
    page.screenshot(
        path=WHERE / f"{name}.png", caret="initial", full_page=page.viewport_size["width"] < 1000
    )


TAKEN_BY = (
    ("Esi", _take),
    ("Esi", _take_of_checker),
    ("Ama", _take_of_manager),
    ("Ama", _take_of_reviewer),
    ("Adwoa", _take_of_admin),
)

if __name__ == "__main__":
    main()
