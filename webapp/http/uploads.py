"""Files that a form brings: where a route takes them, they go straight to the folder of files, and
not through memory.
"""

from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar, cast

from flask import Request, current_app, g, request

from webapp.batches import uploads
from webapp.transfer import private_files

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """Declare that a route takes a file, of up to `MOST_BYTES`."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def does_take_files(endpoint: str | None) -> bool:
    return bool(getattr(current_app.view_functions.get(endpoint or ""), "takes_files", False))


def allow_a_file() -> None:
    """Let the present request bring a file, if its route takes one: call this once it is known who
    sends it, and that they may.
    """
    if does_take_files(request.endpoint) and request.content_length is not None:
        request.max_content_length = uploads.MOST_BYTES
        g.sent_files = []


def keep_sent(name: str) -> None:
    """Keep a file of the present request; others are forgotten at its end."""
    g.sent_files.remove(name)


def forget_sent(_: BaseException | None) -> None:
    """At the end of each request: close what it brought, and forget what nobody kept."""
    request.close()
    for name in g.pop("sent_files", []):
        private_files.drop(name, files_folder())


def files_folder() -> Path:
    return cast(Path, current_app.config["FILES_FOLDER"])


class FileRequest(Request):
    """A request whose files are kept where the worker finds them."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if "sent_files" in g and not g.sent_files:
            name, file = private_files.new_file("import", files_folder())
            g.sent_files.append(name)
            return file
        return super()._get_file_stream(
            total_content_length, content_type, filename, content_length
        )
