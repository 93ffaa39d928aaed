"""A client that refuses a bad page, and fills in forms as a browser without script does."""

import re
from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

LABELLED = {"input", "select", "textarea"}
UNLABELLED_TYPES = {"hidden", "submit", "button"}


class BadPage(AssertionError):
    """A response that none of our pages may give."""


def check_html(text: str, *, fragment: bool) -> Element:
    """Parse strictly (WHATWG HTML) and check what every page must have.

    Raises:
        BadPage: with what is wrong.
    """
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        tree = _parse_fragment(parser, text) if fragment else parser.parse(text)
    except html5lib.html5parser.ParseError as error:
        line, column = parser.errors[-1][0] if parser.errors else ("?", "?")
        near = text.splitlines()[line - 1 : line + 1] if isinstance(line, int) else text
        raise BadPage(f"not strict HTML at {line}:{column}: {error}\n{near!r}") from None
    _check_ids(tree)
    if not fragment:
        _check_title(tree)
    _check_labels(tree)
    return tree


ROW_FOR_ANOTHER_PLACE = re.compile(
    r"<hx-partial[^>]*>\s*(<tr\b.*?</tr>)\s*</hx-partial>", re.DOTALL
)


def _parse_fragment(parser: html5lib.HTMLParser, text: str) -> Element:
    """htmx turns `<hx-partial>` into a template, in which table rows are valid; the
    parser needs them apart.
    """
    rows = ROW_FOR_ANOTHER_PLACE.findall(text)
    tree = parser.parseFragment(ROW_FOR_ANOTHER_PLACE.sub("", text), container="div")
    for row in rows:
        tree.extend(parser.parseFragment(row, container="tbody"))
    return tree


def _check_ids(tree: Element) -> None:
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    twice = [name for name, count in ids.items() if count > 1]
    if twice:
        raise BadPage(f"ids that stand twice: {twice}")


def _check_title(tree: Element) -> None:
    headings, title = list(tree.iter("h1")), text_of(next(tree.iter("title")))
    if len(headings) != 1:
        raise BadPage(f"{len(headings)} h1 instead of one")
    if text_of(headings[0]) not in title:
        raise BadPage(f"title {title!r} does not tell of {text_of(headings[0])!r}")


def _check_labels(tree: Element) -> None:
    labels = {label.get("for") for label in tree.iter("label")}
    inside = {id(child) for label in tree.iter("label") for child in label.iter()}
    for element in tree.iter():
        if element.tag in LABELLED and element.get("type") not in UNLABELLED_TYPES:
            named = (
                element.get("aria-label") or element.get("id") in labels or id(element) in inside
            )
            if not named:
                raise BadPage(f"no label for {element.attrib}")


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


class StrictClient(FlaskClient):
    """Checks every HTML response that a test receives."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if (
            response.mimetype == "text/html"
            and response.data
            and response.status_code not in (301, 302, 303, 308)
        ):
            fragment = response.request.headers.get("HX-Request-Type") == "partial"
            response.tree = check_html(response.text, fragment=fragment)
        return response

    def csrf_token(self, page: str) -> str:
        """The token in the forms of a page, which is not checked: other tests open it."""
        return hidden_token(super().open(page).text)


PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


class StaffClient:
    """A person at a browser without script: opens pages, fills in forms, sends them."""

    def __init__(self, client: StrictClient) -> None:
        self.client = client
        self.page: TestResponse | None = None

    def open(self, url: str, **kwargs: Any) -> TestResponse:
        self.page = self.client.get(url, **kwargs)
        return self.page

    def follow(self) -> TestResponse:
        assert self.page is not None
        assert self.page.status_code == 303, (self.page.status_code, self.page.text)
        return self.open(self.page.location)

    def form(self, form_id: str) -> Element:
        assert self.page is not None
        found = [form for form in self.page.tree.iter("form") if form.get("id") == form_id]
        assert found, f"no form {form_id} on {self.page.request.path} ({self.page.status_code})"
        return found[0]

    def send(self, form_id: str, *, partial: bool = False, **typed: str) -> TestResponse:
        """Fill in a form on the current page and send it with its first button."""
        form = self.form(form_id)
        fields = fields_of(form) | first_button(form) | typed
        action = form.get("action") or self.page.request.path
        headers = PARTIAL if partial else {}
        self.page = self.client.post(action, data=fields, headers=headers)
        return self.page

    @property
    def text(self) -> str:
        return text_of(self.page.tree)


def fields_of(form: Element) -> dict[str, str | list[str]]:
    """What a browser would send if the form was left untouched; of several fields of one name, all
    values.
    """
    fields: dict[str, list[str]] = {}
    for element in form.iter():
        name, value = element.get("name"), _value(element)
        if name and value is not None:
            fields.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


def _value(element: Element) -> str | None:
    """What a field would be sent with; `None` if it would not."""
    if element.tag == "select":
        return _choice(element)
    if element.tag == "textarea":
        return element.text or ""
    if element.tag == "input" and element.get("type") in ("checkbox", "radio"):
        return element.get("value", "on") if element.get("checked") is not None else None
    return element.get("value", "") if element.tag == "input" else None


def _choice(select: Element) -> str:
    options = list(select.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None] or options[:1]
    return chosen[0].get("value", "") if chosen else ""


def first_button(form: Element) -> dict[str, str]:
    button = next((b for b in form.iter("button") if b.get("type", "submit") == "submit"), None)
    return (
        {button.get("name"): button.get("value", "")}
        if button is not None and button.get("name")
        else {}
    )


def hidden_token(text: str) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', text)[1]
