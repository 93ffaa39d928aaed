"""Logs: one JSON object per line, in UTC,
with the request's id and route pattern, and no personal data.
"""

import logging
import logging.config
import time
import traceback
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from pythonjsonlogger.json import JsonFormatter

from webapp.http.doors import request_id

log = logging.getLogger("gatebook")


class AddRequest(logging.Filter):
    """Adds the request's id to whatever is logged while it is answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        if has_request_context():
            record.request_id = request_id()
            if g.get("client_request_id"):
                record.client_request_id = g.client_request_id
        return True


def logging_config(level: str, *, server_level: str = "INFO") -> dict[str, Any]:
    """The configuration for `logging.config.dictConfig` and for the WSGI server,
    so that both log in the same format.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request": {"()": AddRequest}},
        "formatters": {"json": {"()": json_formatter}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["request"],
            }
        },
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "gatebook": {"level": level},
            "gunicorn.error": {"level": server_level, "propagate": True, "handlers": []},
            "gunicorn.access": {"level": "CRITICAL", "propagate": False, "handlers": []},
        },
    }


def json_formatter() -> JsonFormatter:
    formatter = JsonFormatter(
        "%(asctime)s %(levelname)s %(name)s %(message)s",
        rename_fields={"asctime": "at", "levelname": "level", "name": "from", "message": "what"},
        datefmt="%Y-%m-%dT%H:%M:%SZ",
        json_ensure_ascii=True,
    )
    formatter.converter = time.gmtime
    return formatter


class QuietFlask(Flask):
    """A Flask that logs its own failures the way we log ours."""

    def log_exception(self, exc_info: Any) -> None:
        log_failure(exc_info[1])


def log_failure(error: BaseException | None) -> None:
    """Log where something failed, without the error's message,
    which may quote personal data.
    """
    trace = "".join(traceback.format_tb(error.__traceback__)) if error else ""
    log.error("failure", extra={"error": type(error).__name__, "trace": trace})


def init_logs(app: Flask) -> None:
    """Log a line for each answered request, with its route pattern, never its address."""
    app.before_request(_note_start)
    app.after_request(_log_request)


def _note_start() -> None:
    g.started = time.perf_counter()


def _log_request(response: Response) -> Response:
    if request.endpoint in ("static", "assets.bundled") and response.status_code < 400:
        return response
    visitor, program = g.get("visitor"), g.get("program")
    log.info(
        "request",
        extra={
            "method": request.method,
            "route": request.url_rule.rule if request.url_rule else None,
            "status": response.status_code,
            "milliseconds": round(
                (time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1
            ),
            "staff_id": visitor.id if visitor else None,
            "key_id": program.id if program else None,
        },
    )
    return response
