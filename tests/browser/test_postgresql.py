"""A few journeys on PostgreSQL, where everything must look and work the same."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import running_site
from tests.browser.visits import Site
from tests.support.books import in_one_process
from tests.support.postgres import postgres_server


@pytest.fixture(scope="module", params=in_one_process("postgresql"))
def postgres_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("postgres-site")
    with postgres_server() as url, running_site(folder, url) as site:
        yield site


def test_find_open_and_correct_a_customer(visit, postgres_site):
    ngozi = {"first_name": "Ngoz", "last_name": "Okonjo-Iweala", "email": "n@example.com"}
    customer = postgres_site.add(**ngozi, phone="+2348031234567")
    esi = visit("Esi", site=postgres_site).open("/customers")
    esi.page.fill("#q", "234567")
    esi.wait_for_search()
    assert "Ngoz Okonjo-Iweala" in esi.names
    esi.page.fill("#q", "okonjo-iweala 0803 123 4567")
    esi.page.keyboard.press("Enter")
    esi.wait_for(f"/customers/{customer.id}")
    esi.page.keyboard.press("e")
    esi.wait_for(f"/customers/{customer.id}/edit")
    esi.page.fill("#first_name", "Ngozi")
    esi.page.keyboard.press("Enter")
    esi.wait_for(f"/customers/{customer.id}$")
    assert "Ngozi Okonjo-Iweala" in esi.text


def test_add_a_customer_who_is_told_what_is_wrong_first(visit, postgres_site):
    esi = visit("Esi", site=postgres_site).open("/customers/new")
    for field, typed in {
        "first_name": "Efua",
        "last_name": "Ata",
        "email": "efua@",
        "phone": "020 123 4567",
    }.items():
        esi.page.fill(f"#{field}", typed)
    esi.choose("#country", "GH")
    esi.page.locator("form.form .primary").click()
    esi.page.locator("#error-summary:focus").wait_for()  # the form is drawn, and takes a click
    assert esi.page.input_value("#first_name") == "Efua"
    esi.page.fill("#email", "efua@example.com")
    esi.page.locator("form.form .primary").click()
    esi.wait_for("/customers/[0-9a-f-]{36}$")
    assert "+233 20 123 4567" in esi.text


def test_blacklist_and_lift(visit, postgres_site):
    customer = postgres_site.add(
        first_name="Kwabena", last_name="Fosu", email="fosu@example.com", phone=None
    )
    esi, ama = (
        visit(name, site=postgres_site).open(f"/customers/{customer.id}") for name in ("Esi", "Ama")
    )
    esi.open_blacklist_dialog()
    esi.page.keyboard.press("1")
    esi.page.keyboard.press("Enter")
    esi.page.locator("#blacklisting", has_text="Blacklisted: Fraud").wait_for()
    ama.open(f"/customers/{customer.id}")
    ama.page.keyboard.press("l")
    ama.page.locator("#dialog[open] #note:focus").wait_for()
    ama.page.keyboard.type("She has paid.")
    ama.page.keyboard.press("Control+Enter")
    ama.page.get_by_text("Fraud, removed: no longer needed").wait_for()
    assert "She has paid." in ama.text


def test_the_list_is_the_same_as_on_sqlite(visit, site, postgres_site):
    for more in ("", "&standing=blacklisted", "&dial_code=%2B234&page=2", "&sort=created&rows=50"):
        address = f"/customers?created_to=2026-10-31{more}"
        lists = [visit("Yaw", site=one).open(address).names for one in (site, postgres_site)]
        assert lists[0] == lists[1] != []
