"""A small browser without script, over real HTTP, for tests that need many at once."""

import http.client
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit


class WireBrowser:
    """Keeps one connection and one session cookie, and can fill in a form."""

    def __init__(self, address: str, token: str) -> None:
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        self.headers = {"Cookie": f"gatebook={token}"}

    def get(self, path: str) -> tuple[int, str]:
        return self._send("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        return self._send(
            "POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"}
        )

    def form(self, path: str, form_id: str) -> dict[str, str]:
        status, text = self.get(path)
        assert status == 200, (status, text)
        return fields_in(text, form_id)

    def _send(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ):
        self.connection.request(method, path, body, self.headers | (headers or {}))
        response = self.connection.getresponse()
        self._keep_cookies(response.headers.get_all("Set-Cookie") or [])
        return response.status, response.read().decode()

    def _keep_cookies(self, headers: list[str]) -> None:
        cookies = dict(one.split("=", 1) for one in self.headers["Cookie"].split("; ") if one)
        for header in headers:
            name, value = header.split(";")[0].split("=", 1)
            cookies[name] = value
        kept = (f"{name}={value}" for name, value in cookies.items() if value.strip('"'))
        self.headers = self.headers | {"Cookie": "; ".join(kept)}

    def close(self) -> None:
        self.connection.close()


def at_sign_in(address: str) -> tuple[WireBrowser, dict[str, str]]:
    """A stranger's browser, and the sign-in form that it was given."""
    browser = WireBrowser(address, "")
    browser.headers = {}
    browser.connection.request("GET", "/sign-in")
    response = browser.connection.getresponse()
    browser.headers["Cookie"] = response.headers["Set-Cookie"].split(";")[0]
    return browser, fields_in(response.read().decode(), "sign-in-form")


class _Form(HTMLParser):
    """Reads the fields of one form; fast, because these tests read thousands of pages."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.inside, self.select = form_id, False, ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        elif self.inside and tag == "select":
            self.select = given["name"]
        elif (
            self.inside
            and tag == "option"
            and (self.select not in self.fields or "selected" in given)
        ):
            self.fields[self.select] = given.get("value", "")
        elif self.inside and tag == "input" and given.get("type") not in ("radio", "checkbox"):
            self.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


def fields_in(text: str, form_id: str) -> dict[str, str]:
    """What a browser would send if the form was left untouched."""
    form = _Form(form_id)
    form.feed(text)
    return form.fields
