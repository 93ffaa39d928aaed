"""Why a file cannot be read as a table."""

from webapp.kernel.refusals import Invalid


class NotATable(Invalid):
    """The file is no table that can be read, with a sentence that says why."""

    code = "not_a_table"
    meaning = "The file cannot be read as a table; the message says why"

    def __init__(self, sentence: str = "", **facts: object) -> None:
        super().__init__(None, **facts)
        self.message = sentence or self.message
        self.fields = {"file": [self.message]}


class Empty(NotATable):
    sentence = "This file is empty"


class TooWide(NotATable):
    sentence = "A row has {number} columns; keep only those you need, at most {most}"


class CellTooLong(NotATable):
    sentence = "Row {number} has a cell or line that is too long. Look for a quote that never ends"


class NotReadable(NotATable):
    sentence = "Some of this file cannot be read as {encoding}. Choose another encoding"
