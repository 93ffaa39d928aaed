"""Takes pictures of real states of every page, for people to look at: `make pictures`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from tests.browser.conftest import launch, make_site
from tests.browser.visits import Site, Visit
from tests.support.cast import actor
from tests.support.server import running_server
from webapp.customers import directory
from webapp.customers.models import Customer
from webapp.database import db
from webapp.settings import PROJECT

WHERE = PROJECT / "build" / "pictures"
SIZES = ((1440, False), (1440, True), (390, False), (390, True))


def main() -> None:
    WHERE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        book = make_site(f"sqlite:///{folder}/book.db", folder)
        browser = launch(playwright)
        with running_server(book.url, folder / "log") as address:
            site = Site(address, book, folder / "log")
            places = _places(site)
            for width, dark in SIZES:
                visit = Visit(browser, site, "Esi", width=width, dark=dark)
                _take(visit, places, f"{'dark' if dark else 'light'}-{width}")
                visit.close()
        browser.close()
        book.close()


def _places(site: Site) -> dict[str, str]:
    long = site.add(first_name="x" * 100, last_name='O\'Brien "the <b>"', email="long@example.com", phone=None)
    busy = site.add(first_name="Đặng", last_name="Thị Hương", email="huong@bücher.example.com", phone="+84912345678")
    site.add(first_name="Huong", last_name="Dang", email="Huong+x@bücher.example.com", reference="ORDER-1")
    with site.book.app.app_context():
        for number, name in enumerate(("Ama", "Esi", "Kwame"), start=1):
            new = {"first_name": f"Đặng {number}", "phone": f"+8491234567{number}"}
            directory.change(busy.id, new, based_on=number, by=actor(name))
        blacklisted = db.session.scalars(select(Customer).where(Customer.blacklisted).limit(1)).one()
    return {
        "customer-blacklisted": f"/customers/{blacklisted.id}",
        "customer-busy": f"/customers/{busy.id}",
        "customer-long": f"/customers/{long.id}",
        "form-edit": f"/customers/{busy.id}/edit",
        "list": "/customers",
        "list-filtered": "/customers?standing=blacklisted&created_from=2024-01-01&sort=created",
        "preferences": "/account/preferences",
        "error-404": "/nothing",
    }


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
        customer = db.session.scalars(select(Customer).where(Customer.first_name.startswith("Đặng"))).first()
        if customer and str(customer.id) == customer_id:
            new = {"first_name": f"Đặng {suffix}"}
            directory.change(customer.id, new, based_on=customer.version, by=actor("Ama"))
    visit.page.locator("form.form .primary").click()
    visit.page.locator("#clashes").wait_for()
    _shoot(visit.page, f"form-clash-{suffix}")


def _shoot(page: Page, name: str) -> None:
    page.screenshot(path=WHERE / f"{name}.png", caret="initial", full_page=page.viewport_size["width"] < 1000)


if __name__ == "__main__":
    main()
