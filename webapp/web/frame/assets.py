"""Static files: our own style sheets and scripts are bundled, browsers cache every file for ever by
its content hash, and text is compressed once, as small as it gets.
"""

import hashlib
from functools import cache, lru_cache
from pathlib import Path

import brotli
from flask import Blueprint, Flask, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from webapp.http.doors import needs
from webapp.staff.permissions import Permission

# The parts of each bundle, in the order in which browsers must read them. Every page loads
# `gatebook`; what else it loads, its `bundles` say: the list of customers, which people open first,
# stays light.
SHEETS = {
    "gatebook": [
        "tokens",
        "base",
        "shell",
        "components",
        "text",
        "forms",
        "toasts",
        "lists",
        "tables",
    ],
    "page": ["find", "record", "staff", "api"],
    "review": ["review", "figures", "help"],
}
SCRIPTS = {
    "gatebook": [
        "requests",
        "unsaved",
        "overlays",
        "focus",
        "rows",
        "selection",
        "choices",
        "heard",
        "keys",
    ],
    "page": ["find"],
    "review": ["review"],
}
BUNDLES = {f"{name}.css": ("text/css", parts) for name, parts in SHEETS.items()} | {
    f"{name}.js": ("text/javascript", parts) for name, parts in SCRIPTS.items()
}
# Icons that the list of customers shows, and all others.
ICONS = ("vendor/lucide-1.62.0.svg", "vendor/lucide-more-1.62.0.svg")
FOR_EVER = "public, max-age=31536000, immutable"
AN_HOUR = "public, max-age=3600"
TEXT = ("text/css", "text/javascript", "image/svg+xml")
# The highest: 12 % less than the levels that pages are compressed at, in 60 ms a file, once.
BROTLI_QUALITY = 11

assets = Blueprint("assets", __name__)


def init_assets(app: Flask) -> None:
    app.register_blueprint(assets)
    app.jinja_env.globals.update(asset=asset, bundle=bundle, icon=icon)
    app.after_request(_serve_well)


@assets.get("/assets/<name>")
@needs(Permission.ANYONE)
def bundled(name: str) -> ResponseReturnValue:
    if name not in BUNDLES:
        raise NotFound
    return Response(_joined(_static_folder(), name), mimetype=BUNDLES[name][0])


@cache
def asset(name: str) -> str:
    """The address of a static file, with a hash of its content,
    so that browsers can cache it for ever.
    """
    return url_for("static", filename=name, v=_mark((_static_folder() / name).read_bytes()))


@cache
def bundle(name: str) -> str:
    """The address of a bundle of our own style sheets or scripts."""
    return url_for("assets.bundled", name=name, v=_mark(_joined(_static_folder(), name)))


@cache
def icon(name: str) -> Markup:
    """An icon by its name in Lucide, hidden from screen readers: the text beside it names it."""
    drawn = Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>')
    sheet = next(one for one in ICONS if f'id="{name}"' in (_static_folder() / one).read_text())
    return drawn.format(asset(sheet), name)


def _static_folder() -> Path:
    return Path(current_app.static_folder or "")


@cache
def _joined(folder: Path, name: str) -> bytes:
    kind = name.rpartition(".")[2]
    texts = [(folder / kind / f"{part}.{kind}").read_text() for part in BUNDLES[name][1]]
    lines = (line.strip() for text in texts for line in text.splitlines())
    return "\n".join(line for line in lines if line and not _is_comment(line)).encode()


def _is_comment(line: str) -> bool:
    """Whether the line is only a comment; browsers need neither comments nor indentation.

    No library does more: rcssmin takes `.table :is(td)` for `.table:is(td)`.
    """
    return line.startswith("//") or (line.startswith("/*") and line.endswith("*/"))


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def _serve_well(response: Response) -> Response:
    if request.endpoint in ("static", "assets.bundled") and response.status_code in (200, 304):
        lasting = "v" in request.args or request.path.endswith(".woff2")
        response.headers["Cache-Control"] = FOR_EVER if lasting else AN_HOUR
        _compress(response)
    return response


def _compress(response: Response) -> None:
    """By Brotli (RFC 7932), which browsers take over https and on their own machine; the rest is
    Flask-Compress's.
    """
    is_text = response.status_code == 200 and response.mimetype in TEXT
    if is_text and request.accept_encodings.quality("br"):
        response.direct_passthrough = False
        response.set_data(_smallest(response.get_data()))
        response.content_encoding = "br"
        if tag := response.get_etag()[0]:
            response.set_etag(tag, weak=True)  # the same file in other bytes


@lru_cache(maxsize=32)
def _smallest(content: bytes) -> bytes:
    smallest: bytes = brotli.compress(content, quality=BROTLI_QUALITY)
    return smallest
