"""The reading budget: how many customers one person may look at in an hour;
beyond that, pages come slowly and admins are told.
"""

from flask import Flask, current_app

from webapp.kernel.refusals import TooMuch
from webapp.settings import Settings
from webapp.staff import members
from webapp.staff.leases import Leases
from webapp.staff.rate_limit import Bucket
from webapp.web.frame.auth import visitor

LEASED = 250


def init_reading(app: Flask, settings: Settings) -> None:
    size = settings.records_per_hour
    bucket = Bucket("records read", size=size, refill_seconds=3_600 / size)
    app.extensions["records_read"] = Leases(bucket, min(LEASED, size // 10))


class ReadTooMuch(TooMuch):
    sentence = "You have looked at very many customers in a short time; wait a moment, then go on"


def count_read(records: int) -> None:
    """Count the customers that a page is about to show to the visitor.

    Raises:
        TooMuch: too many in too short a time; the visitor must wait some seconds.
    """
    leases: Leases = current_app.extensions["records_read"]
    standing = leases.take(str(visitor().id), records) if records else None
    if standing and standing.wait:
        members.note_much_reading(visitor().id)
        raise ReadTooMuch(standing.wait)
