"""Files that are sent piece by piece, while they are made. Few at a time: each holds a thread of
the server for as long as its client takes.
"""

from collections.abc import Callable, Iterator
from threading import BoundedSemaphore
from weakref import finalize

from flask import Response, stream_with_context

from webapp.kernel.refusals import TooMuch

AT_A_TIME = 1
WAIT_SECONDS = 30
_places = BoundedSemaphore(AT_A_TIME)


class OthersTakeFiles(TooMuch):
    sentence = "Somebody else is exporting now; wait half a minute and try again"


def streamed(make: Callable[[], Iterator[bytes]], *, mimetype: str, name: str) -> Response:
    """A file for the client to keep.

    Args:
        make: Begins to make it; may refuse.
        name: Of the file.

    Raises:
        TooMuch: this process sends as many as it may.
    """
    if not _places.acquire(blocking=False):
        raise OthersTakeFiles(WAIT_SECONDS)
    try:
        pieces = make()
    except BaseException:
        _places.release()
        raise
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    response = Response(stream_with_context(pieces), mimetype=mimetype, headers=headers)
    # Whichever comes first: an answer that fails on its way out is never closed.
    response.call_on_close(finalize(response, _places.release))
    return response
