"""Pages: a template's context is a frozen dataclass, so that tests can check one by the other."""

from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

from flask import Response, render_template
from flask.templating import Environment
from flask.typing import ResponseReturnValue

from webapp.http.logs import QuietFlask
from webapp.http.uploads import FileRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Layout(StrEnum):
    """What surrounds the content: the same template makes a page,
    a dialog, or the part that htmx redraws.
    """

    PAGE = "layouts/page.html"
    BARE = "layouts/bare.html"
    DIALOG = "layouts/dialog.html"
    PART = "layouts/part.html"


@dataclass(frozen=True, kw_only=True)
class Page:
    """What one template shows.

    A view returns it in place of a response. Flask's types accept it because it is a small WSGI
    application; `PageFlask` renders it before Flask would call that.

    Attributes:
        template: Its file, which sees the fields of the page, `context()` and Jinja's globals.
        bundles: The bundles of style sheets and scripts that it loads besides the one of all pages.
    """

    template: ClassVar[str]
    bundles: ClassVar[tuple[str, ...]] = ("page",)

    layout: Layout = Layout.PAGE

    @property
    def is_refused(self) -> bool:
        """Whether the title says that something needs correcting."""
        return False

    def within(self, layout: Layout) -> Self:
        return replace(self, layout=layout)

    def part(self) -> str:
        return self.within(Layout.PART).html()

    def html(self) -> str:
        return render_template(self.template, **self.context())

    def context(self) -> dict[str, Any]:
        """Everything that the template sees besides Jinja's globals."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return own | {
            "layout": self.layout.value,
            "bundles": self.bundles,
            "in_dialog": self.layout in (Layout.DIALOG, Layout.PART),
            "is_refused": self.is_refused,
        }

    def response(self, status: int = 200) -> Response:
        return Response(self.html(), status)

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        return self.response()(environ, start)


class PlainGlobals(Environment):
    """Keeps the globals in a plain dictionary. Jinja's chain of two compares them key by key at
    each import in a template: a tenth of the time that a page takes.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **d} if d else self.globals


class PageFlask(QuietFlask):
    """Renders the page that a view returned while errors still count as the view's own, so that an
    unavailable database answers 503 and the length of a page is known.
    """

    jinja_environment = PlainGlobals
    request_class = FileRequest

    def dispatch_request(self) -> ResponseReturnValue:
        answer = super().dispatch_request()
        return answer.response() if isinstance(answer, Page) else answer

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: none here is a coroutine, and Flask would ask eighteen times in a
        request.
        """
        return func
