"""Paths of this site to which somebody may be redirected;
never another site, however a browser may parse the path.
"""

import re
from urllib.parse import urlsplit

from flask import current_app, request

OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5B\x5D-\x7E]*", re.ASCII)
MAX_PATH_LENGTH = 2_048


def own_path(path: str) -> str | None:
    """The path, if it is one of this site that can be opened, else `None`."""
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
