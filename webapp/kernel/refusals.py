"""Refusals: why a use case did nothing. Each has a stable code, a sentence for people, and problems
by field.
"""

from collections.abc import Mapping, Sequence

Problems = Mapping[str, Sequence[str]]


class Refusal(Exception):
    """Nothing was changed.

    Attributes:
        code: Stable word for programs, such as `email_taken`.
        message: One sentence for a person.
        fields: Sentences by field name.
    """

    def __init__(self, code: str, message: str, fields: Problems | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields: Problems = fields or {}


class NotFound(Refusal):
    """What was asked for is not in the book."""


class Conflict(Refusal):
    """It would be right in itself, but not as things stand now."""


class Invalid(Refusal):
    """What was submitted breaks a rule; `fields` says all that is wrong at once."""


def refuse(refusal: Conflict | None) -> None:
    """Raise a refusal, if there is one."""
    if refusal:
        raise refusal
