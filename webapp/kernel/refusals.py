"""Refusals: why a use case did nothing. Each is a class of its own with a stable code, an HTTP
status and a sentence for people, and stands beside the rule that refuses.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Self

Problems = Mapping[str, Sequence[str]]


class Refusal(Exception):
    """Nothing was changed.

    Attributes:
        code: Stable word for programs, such as `email_taken`.
        status: Of an answer to a program (RFC 9110), and
        page_status: of a page, where that is another.
        title: What a page that shows nothing else is headed by.
        sentence: For a person; facts of the moment are put into it by name.
        meaning: What the code means in general, if `sentence` does not say that.
        message: The sentence as it is said now.
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
    """It would be right in itself, but not as things stand now."""

    status = 409
    title = "This cannot be done as things stand"


class Invalid(Refusal):
    """What was submitted breaks a rule; `fields` says all that is wrong at once."""

    status = 400
    page_status = 422
    title = "This request cannot be understood"


class InvalidDetails(Invalid):
    code = "invalid_details"
    sentence = "Some details need another look"

    @classmethod
    def on(cls, field: str, problem: object) -> Self:
        """The refusal of one field, which says what is wrong with it."""
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
    """Every kind of refusal that has a code of its own or from above."""
    for one in kind.__subclasses__():
        if hasattr(one, "code"):
            yield one
        yield from all_refusals(one)
