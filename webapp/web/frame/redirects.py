"""Paths of this site that somebody may be sent to;
never another site, whatever a browser makes of a text.
"""

import re
from urllib.parse import urlsplit

from flask import current_app, request

OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5B\x5D-\x7E]*", re.ASCII)
MAX_PATH_LENGTH = 2_048


def own_path(path: str) -> str | None:
    """A path of this site that can be opened, or `None`."""
    if len(path) > MAX_PATH_LENGTH or not OWN_PATH.fullmatch(path):
        return None
    return path if current_app.url_map.bind("").test(path.partition("?")[0], "GET") else None


def came_from() -> str | None:
    """The page of ours from which a form was sent."""
    if request.method != "POST":
        return None
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return None
    query = f"?{parts.query}" if parts.query else ""
    return own_path(parts.path + query) if parts.netloc == request.host else None
