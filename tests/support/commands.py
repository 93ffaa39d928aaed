"""Run commands as an operator would."""

from tests.support.books import Book


def run(book: Book, *words: str) -> tuple[int, str]:
    """The exit status and the output."""
    result = book.app.test_cli_runner().invoke(args=list(words))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output
