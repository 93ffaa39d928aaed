"""Where somebody signs in from: their address,
their browser, and the cookie by which we recognise it.
"""

from flask import Response, after_this_request, request, session

from webapp.staff.account import Browser, SessionRenewal
from webapp.staff.known_browsers import Device, read_device
from webapp.staff.sessions import Place
from webapp.staff.sign_in import LoginContext
from webapp.web.frame import session_cookie
from webapp.web.frame.auth import limits, visitor
from webapp.web.frame.cookie import DEVICE, put_cookie, read_cookie
from webapp.web.frame.session_cookie import SignedInSession

A_YEAR = 365 * 24 * 3600
# In order of precedence: most browsers also name others in User-Agent, for compatibility.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
}
BROWSERS |= {"Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "macOS",
}
SYSTEMS |= {"CrOS": "ChromeOS", "Linux": "Linux"}


def login_context(time_zone: str | None) -> LoginContext:
    """The browser that sent the present request.

    Args:
        time_zone: As reported by the page's script.
    """
    return LoginContext(
        place=Place(
            address=request.remote_addr or "", browser=_browser_name(), time_zone=time_zone
        ),
        device=_device(),
        limits=limits(),
        replacing=session.token if isinstance(session, SignedInSession) else None,
    )


def own_browser() -> Browser:
    """The browser in which the visitor changes their account."""
    return Browser(place=visitor().place, device=_device())


def _device() -> Device:
    return read_device(read_cookie(DEVICE))


def renew(renewed: SessionRenewal) -> None:
    """Send the browser new cookies with the present response, after all sessions have ended."""
    session_cookie.enter(renewed.token, same_person=True)
    remember_device(renewed.device_cookie)


def _browser_name() -> str:
    agent = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in BROWSERS.items() if mark in agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in agent), "")
    return " on ".join(
        part for part in (browser or "A browser" if system else browser, system) if part
    )


def remember_device(cookie: str) -> None:
    """Send the browser, with the present response,
    the cookie that makes it a known browser of this person.
    """

    @after_this_request
    def keep(response: Response) -> Response:
        put_cookie(response, DEVICE, cookie, max_age=A_YEAR)
        return response
