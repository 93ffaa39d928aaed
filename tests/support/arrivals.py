"""A login context for tests that sign in."""

from webapp.staff.known_browsers import read_device
from webapp.staff.sessions import Place, SessionLimits
from webapp.staff.sign_in import LoginContext


def arriving(limits: SessionLimits, address: str = "192.0.2.1", device: str = "") -> LoginContext:
    return LoginContext(place=Place(address=address), device=read_device(device), limits=limits)
