"""Finds or installs Chromium before the long part of a run begins (`make test` runs this first)."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

# The first is Chromium without its window-drawing parts, which nobody needs here: a quarter less
# work.
WHOLE = ("chromium", "chromium-browser", "google-chrome")
NAMES = ("chromium-headless-shell", *WHOLE)
DOWNLOADS_FROM = ("cdn.playwright.dev", 443)
SECONDS = 5
SENTENCE = (
    "The tests need a Chromium and could not get one: install the package chromium, or run "
    ".venv/bin/playwright install chromium where the network allows it, then make test again."
)
FIREFOX = "/usr/bin/firefox-esr"
WEBKIT_DRIVER = "/usr/bin/WebKitWebDriver"
MINI_BROWSER = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser"
# Packages of Debian 12 by the file that shows that they are installed.
ENGINES = {
    FIREFOX: "firefox-esr",
    WEBKIT_DRIVER: "webkit2gtk-driver",
    MINI_BROWSER: "libwebkit2gtk-4.1-0",
    "/usr/bin/Xvfb": "xvfb",
}
OTHERS_SENTENCE = (
    "The other engines could not be installed: as root on Debian, run "
    f"apt-get install {' '.join(ENGINES.values())}, then make test-browsers again."
)
APT = ("apt-get", "-q", "-o", "Acquire::http::Timeout=10", "-o", "Acquire::Retries=0")


def system_browser(names: Sequence[str] = NAMES) -> str | None:
    """The path of the system's Chromium."""
    return next((path for name in names if (path := shutil.which(name))), None)


def find_browser() -> str | None:
    """The path of the system's Chromium, else of Playwright's, else of one installed now."""
    return system_browser() or _playwrights_own() or _installed_now()


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _installed_now() -> str | None:
    """Install Chromium: Playwright's download or, as root on Debian, the package."""
    if _is_reachable(DOWNLOADS_FROM):
        _run([sys.executable, "-m", "playwright", "install", "chromium"])
        if found := _playwrights_own():
            return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _run([*APT, "update"])
        _run([*APT, "install", "--yes", "chromium"])
    return system_browser()


def find_engines() -> bool:
    """Whether Firefox and WebKitGTK are installed, now if not before."""
    missing = [package for path, package in ENGINES.items() if not Path(path).exists()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _run([*APT, "update"])
        _run([*APT, "install", "--yes", "--no-install-recommends", *missing])
    return all(Path(path).exists() for path in ENGINES)


def _is_reachable(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=SECONDS).close()
    except OSError:
        return False
    return True


def _run(command: Sequence[str]) -> None:
    sys.stdout.write(f"A browser is missing: {' '.join(command)}\n")
    sys.stdout.flush()
    subprocess.run(command, check=False, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})


if __name__ == "__main__":
    found = find_browser()
    if found is None:
        sys.exit(SENTENCE)
    if "--engines" in sys.argv and not find_engines():
        sys.exit(OTHERS_SENTENCE)
    sys.stdout.write(f"Browser tests use {found}.\n")
