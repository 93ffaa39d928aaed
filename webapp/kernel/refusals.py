"""Refusals: why a use case did nothing. Each is a class with a stable code, an HTTP status and a
sentence for people, defined next to the rule that raises it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Self

Problems = Mapping[str, Sequence[str]]


class Refusal(Exception):
    """Nothing was changed.

    Attributes:
        code: Stable word for programs, such as `email_taken`.
        status: HTTP status for programs (RFC 9110).
        page_status: HTTP status of a page, if different.
        title: Heading of a page that shows nothing else.
        sentence: For people; a template that is filled with `facts` by name.
        meaning: What the code means in general, if `sentence` does not say that.
        message: The sentence, filled in.
        fields: Sentences by field name.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    page_status: ClassVar[int | None] = None
    title: ClassVar[str] = "This did not work"
    sentence: ClassVar[str] = ""
    meaning: ClassVar[str] = ""

    def __init__(self, fields: Problems | None = None, **facts: object) -> None:
        self.message = self.sentence.format(**facts)
        self.fields: Problems = fields or {}
        super().__init__(self.message)

    @property
    def status_on_a_page(self) -> int:
        return self.page_status or self.status


class NotFound(Refusal):
    """What was asked for is not in the book."""

    code = "not_found"
    status = 404
    title = "There is nothing here"
    sentence = "There is nothing at this address"


class Conflict(Refusal):
    """Valid in itself, but not possible in the current state."""

    status = 409
    title = "This cannot be done as things stand"


class Invalid(Refusal):
    """The submission breaks a rule; `fields` lists every problem at once."""

    status = 400
    page_status = 422
    title = "This request cannot be understood"


class TooMuch(Refusal):
    """A limit is used up for now.

    Attributes:
        wait: Whole seconds until it is worth another attempt.
    """

    code = "too_many_requests"
    status = 429
    title = "Too much at once"

    def __init__(self, wait: int, fields: Problems | None = None, **facts: object) -> None:
        super().__init__(fields, **facts)
        self.wait = wait


class InvalidDetails(Invalid):
    code = "invalid_details"
    sentence = "Some details need another look"

    @classmethod
    def on(cls, field: str, problem: object) -> Self:
        """A refusal about one field, with its problem as the message too."""
        refusal = cls({field: [str(problem)]})
        refusal.message = str(problem)
        return refusal


class InvalidQuery(Invalid):
    code = "invalid_query"
    sentence = "The query has a part that means nothing"


class InvalidAddress(InvalidQuery):
    sentence = "This address has a part that means nothing"


def refuse(refusal: Conflict | None) -> None:
    """Raise a refusal, if there is one."""
    if refusal:
        raise refusal


def all_refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Every kind of refusal that has a code, its own or inherited."""
    for one in kind.__subclasses__():
        if hasattr(one, "code"):
            yield one
        yield from all_refusals(one)
