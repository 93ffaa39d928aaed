"""A list is taken along as a file: by keyboard in two actions, and without script."""

import csv
import io

from tests.browser.visits import WITH_AND_WITHOUT


@WITH_AND_WITHOUT
def test_the_present_list_is_exported_in_two_actions(visit, script, figure):
    ama = visit("Ama", script=script).open("/customers?dial_code=%2B233&sort=created")
    shown = ama.page.locator("#pager b").last.inner_text()
    before = ama.actions
    ama.press("o") if script else ama.click("#export")
    ama.page.locator("#export-form .primary:focus").wait_for()
    with ama.page.expect_download() as download:
        ama.press("Enter")
    assert ama.actions - before == 2
    text = download.value.path().read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert f"{len(rows):,}" == shown
    assert {row["countryCode"] for row in rows} == {"'+233"}
    assert download.value.suggested_filename.startswith("customers-")
    figure(f"the present list exported: {ama.actions - before} actions")
    ama.page.locator("#columns input").nth(1).uncheck()
    with ama.page.expect_download():
        ama.click("#export-form .primary")
    ama.open("/customers/export")
    assert not ama.page.locator("#columns input").nth(1).is_checked(), "it is remembered"


def test_a_list_that_is_searched_is_exported_as_it_is_shown(visit, site):
    for number in range(3):
        site.add(email=f"found{number}@example.com", phone=None, last_name=f"Takenson {number}")
    ama = visit("Ama").open("/customers")
    ama.fill("#q", "Takenson")
    ama.wait_for_search()
    ama.page.locator("#pager", has_text="of 3").wait_for()
    ama.click("#export")
    ama.page.locator("main", has_text="3 customers: found by a search").wait_for()
    ama.looks_right()
    with ama.page.expect_download() as download:
        ama.press("Enter")
    assert download.value.path().read_text("utf-8-sig").count("Takenson") == 3
