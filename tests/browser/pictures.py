"""Takes pictures of every page in realistic states, for people to look at: `make pictures`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from tests.browser.conftest import launch, make_site
from tests.browser.scenes import scenes_on
from tests.browser.visits import Site, Visit
from tests.support.cast import PASSWORD, actor, member
from tests.support.server import running_server
from webapp.customers import edit
from webapp.customers.models import Customer
from webapp.kernel.database import db, writing
from webapp.settings import PROJECT
from webapp.staff.second_factor import give_up

WHERE = PROJECT / "build" / "pictures"
SEEN_BY_REVIEWER = {
    "home-manager": "/",
    "review": "/review",
    "review-list": "/review/list",
    "overview": "/blacklist",
    "faults": "/history/faults",
    "export": "/customers/export?standing=blacklisted",
    "review-lookalikes": "/review/lookalikes",
    "cases": "/blacklist/cases?which=open",
    "blacklist-at": "/blacklist/cases?at=2026-08-01T12:00Z",
    "review-case": "{review-case}",
    "review-nothing": "/review?reason=terms&which=overdue",
    "customer-past": "{customer-blacklisted}?at=2026-10-01T12:00Z",
}
SIZES = ((1440, False), (1440, True), (390, False), (390, True))


def main() -> None:
    WHERE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        book = make_site(f"sqlite:///{folder}/book.db", folder, people=20_000)
        browser = launch(playwright)
        with running_server(book.url, folder / "log") as address:
            site = Site(address, book, folder / "log")
            places = scenes_on(site)
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


def _take_of_reviewer(visit: Visit, places: dict[str, str], suffix: str) -> None:
    for name, path in SEEN_BY_REVIEWER.items():
        visit.open(path.format(**places))
        _shoot(visit.page, f"{name}-{suffix}")
    visit.open(places["review-case"].replace("/review/", "/blacklist/cases/") + "/evidence")
    _shoot(visit.page, f"evidence-{suffix}")
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
    visit.page.locator("#phone-note.error", has_text="Nigeria").wait_for()
    visit.page.locator("form.form .primary").click()
    visit.page.locator("#error-summary").wait_for()
    _shoot(visit.page, f"form-errors-{suffix}")
    _clash(visit, places["form-edit"], suffix)
    _take_of_blacklisting(visit, places["customer-good"], suffix)


def _take_of_blacklisting(visit: Visit, path: str, suffix: str) -> None:
    visit.open(path)
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
    visit.page.fill("#name", f"Till in Accra, {suffix}")  # no two keys have one name
    visit.page.locator("input[name=scopes]").first.check()
    visit.page.locator("form.form .primary").click()
    visit.page.locator("#secret-once").wait_for()
    _shoot(visit.page, f"keys-{suffix}")
    _take_of_staff(visit, suffix)


def _take_of_staff(visit: Visit, suffix: str) -> None:
    visit.open("/staff")
    _shoot(visit.page, f"staff-{suffix}")
    visit.open("/staff/new")
    visit.page.fill("#name", f"Ọlátúnjí Okonjo-Iweala {suffix}")
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
    visit.set_second_factor(PASSWORD)
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
