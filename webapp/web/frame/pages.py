"""Pages and pieces of pages that belong to no subject: forms, messages, failures."""

from dataclasses import dataclass, field

from webapp.http.page import Layout, Page
from webapp.kernel.refusals import Refusal
from webapp.web.frame.page_form import PageForm


@dataclass(frozen=True, kw_only=True)
class FormPage(Page):
    """A page with one form, shown again with what was typed if it is refused."""

    form: PageForm
    refusal: Refusal | None = None

    @property
    def is_refused(self) -> bool:
        return bool(self.form.problems or self.refusal)


@dataclass(frozen=True)
class Undo:
    """The form that undoes what was just done."""

    address: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Toast(Page):
    """A message over the page, which stays until it is dismissed.

    Attributes:
        kind: `success`, `notice` or `bad`.
    """

    template = "components/_toast.html"
    message: str
    kind: str
    undo: Undo | None = None


@dataclass(frozen=True, kw_only=True)
class ErrorPage(Page):
    """What went wrong, and where to go from here.

    Attributes:
        id: The request id, for people who ask us about the error.
        back: The page that they came from, if it is ours.
        again: The fields of the form that failed, to be sent again.
    """

    template = "error.html"
    layout: Layout = Layout.BARE
    status: int
    title: str
    sentence: str
    id: str
    back: str | None
    again: list[tuple[str, str]]
