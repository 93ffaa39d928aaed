"""Pages: all that a template is given is a frozen dataclass, so that each is held to the other."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from webapp.http.logs import QuietFlask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Layout(StrEnum):
    """What a page stands in: the same template makes a page,
    a dialog, or the part of it that htmx draws anew.
    """

    PAGE = "layouts/page.html"
    BARE = "layouts/bare.html"
    DIALOG = "layouts/dialog.html"
    PART = "layouts/part.html"


@dataclass(frozen=True, kw_only=True)
class Page:
    """What one template shows.

    A view returns it as it would return a response. For Flask's types it is one, because it is a
    small WSGI application; `PageFlask` renders it before Flask would call that.

    Attributes:
        template: Its file; it knows the fields of the page, these, and the globals of Jinja.
        about_review: Whether it needs the styles and the script of queue and figures.
    """

    template: ClassVar[str]
    about_review: ClassVar[bool] = False

    layout: Layout = Layout.PAGE

    @property
    def is_refused(self) -> bool:
        """Whether the title says that something is to be put right."""
        return False

    def within(self, layout: Layout) -> Self:
        return replace(self, layout=layout)

    def part(self) -> str:
        return self.within(Layout.PART).html()

    def html(self) -> str:
        return render_template(self.template, **self.context())

    def context(self) -> dict[str, Any]:
        """All that the template knows beside Jinja's globals."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return own | {
            "layout": self.layout.value,
            "about_review": self.about_review,
            "in_dialog": self.layout in (Layout.DIALOG, Layout.PART),
            "is_refused": self.is_refused,
        }

    def response(self, status: int = 200) -> Response:
        return Response(self.html(), status)

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        return self.response()(environ, start)


class PageFlask(QuietFlask):
    """Renders what a view returned while what fails is still a failure of the view, so that a
    database that is away answers 503, and the length of a page is known.
    """

    def dispatch_request(self) -> ResponseReturnValue:
        answer = super().dispatch_request()
        return answer.response() if isinstance(answer, Page) else answer
