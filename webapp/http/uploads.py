"""Files that a form brings: where a route takes them, they go straight to the folder of files, and
not through memory.
"""

from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, TypeVar, cast

from flask import Request, current_app

from webapp.batches import uploads

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """Declare that a route takes a file, of up to `MOST_BYTES`."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def does_take_files(endpoint: str | None) -> bool:
    return bool(getattr(current_app.view_functions.get(endpoint or ""), "takes_files", False))


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
        if does_take_files(self.endpoint):
            return uploads.new_file(files_folder())[1]
        return super()._get_file_stream(
            total_content_length, content_type, filename, content_length
        )
