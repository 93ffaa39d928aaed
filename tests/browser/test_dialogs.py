"""The dialogs that change standing, and their keys, in a real browser: nothing
typed in them is lost.
"""

from tests.support.cast import PASSWORD


def test_a_dialog_loses_nothing_when_the_session_ends(visit, kofi):
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    esi.open_blacklist_dialog()
    esi.page.keyboard.press("7")
    esi.page.keyboard.type("A long story.")
    esi.context.clear_cookies()
    esi.page.keyboard.press("Control+Enter")
    esi.page.locator("#again[open]").wait_for()
    assert esi.page.input_value("#note") == "A long story."
    sign_in_again(esi)
    esi.page.locator("#dialog .toast", has_text="signed in again").wait_for()
    esi.page.locator("#dialog form .danger").click()
    esi.page.locator("#blacklisting", has_text="A long story.").wait_for()


def sign_in_again(esi):
    esi.page.fill("#again-email", "esi@example.com")
    esi.page.fill("#again-password", PASSWORD)
    esi.page.keyboard.press("Enter")
    esi.page.locator("#again").wait_for(state="hidden")


def test_a_lost_connection_is_told_inside_the_dialog(visit, kofi):
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    esi.open_blacklist_dialog()
    esi.page.keyboard.press("1")
    esi.context.set_offline(True)
    esi.page.keyboard.press("Enter")
    esi.page.locator("#dialog .toast", has_text="Nothing was saved").wait_for()
    esi.complaints.clear()  # the browser's own message about the lost connection
    esi.context.set_offline(False)
    esi.page.keyboard.press("Enter")
    esi.page.locator("#blacklisting").wait_for()


def test_a_dialog_is_closed_by_escape_and_by_cancel_and_the_focus_returns(visit, kofi):
    esi = visit("Esi").open(f"/customers/{kofi.id}")
    for close in ("Escape", "Cancel"):
        esi.page.locator("#key-b").focus()
        esi.page.keyboard.press("Enter")
        esi.page.locator("#dialog[open] #reason-0:focus").wait_for()
        if close == "Escape":
            esi.page.keyboard.press("Escape")
        else:
            esi.page.locator("#dialog").get_by_text("Cancel").click()
        esi.page.locator("#dialog").wait_for(state="hidden")
        assert esi.page.evaluate("document.activeElement.id") == "key-b"
        assert esi.page.locator("#dialog form").count() == 0
    assert esi.url.endswith(f"/customers/{kofi.id}")


OF_A_ROW = ("Undo", "Open the row", "Menu of the row", "Edit the row")


def test_the_help_lists_the_keys_of_standing(visit, site, kofi, opened):
    site.add(email="newest@example.com", first_name="Newest")
    esi = visit("Esi").open("/customers")
    esi.page.keyboard.press("?")
    assert "Blacklist\nb" in esi.page.locator("#keys").inner_text()
    esi.page.keyboard.press("Escape")
    esi.page.keyboard.press("j")
    esi.open_blacklist_dialog()
    esi.page.keyboard.press("1")
    esi.page.keyboard.press("Enter")
    esi.page.locator("#toasts", has_text="is blacklisted").wait_for()
    esi.page.keyboard.press("?")
    told = esi.page.locator("#keys").inner_text()
    assert [told.count(name) for name in OF_A_ROW] == [1] * 4
    esi.page.keyboard.press("Escape")
    ama = visit("Ama").open(f"/customers/{opened.id}")
    ama.page.keyboard.press("?")
    assert "Remove: no longer needed" in ama.page.locator("#keys").inner_text()


def test_keys_that_were_switched_off_do_nothing(visit, site, kofi):
    kwame = visit("Kwame").open("/account/preferences")
    kwame.page.locator("#single_keys").uncheck()
    kwame.page.locator("form.form .primary").click()
    kwame.open(f"/customers/{kofi.id}")
    kwame.page.keyboard.press("b")
    kwame.page.wait_for_timeout(300)
    assert not kwame.page.locator("#dialog").is_visible()
    kwame.open("/account/preferences")
    kwame.page.locator("#single_keys").check()
    kwame.page.locator("form.form .primary").click()
