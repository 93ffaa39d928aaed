"""The commands: `flask --app wsgi …`. They call the same use cases as the pages."""

from flask import Flask

from webapp.cli import api_keys
from webapp.cli.blacklist import blacklist
from webapp.cli.book import book
from webapp.cli.customers import customers
from webapp.cli.data import data
from webapp.cli.entries import entries
from webapp.cli.exports import exports
from webapp.cli.history import history
from webapp.cli.lookalikes import lookalikes
from webapp.cli.sample import sample_data, sample_staff
from webapp.cli.staff import staff
from webapp.cli.webhooks import webhooks
from webapp.cli.worker.work import jobs, work
from webapp.settings import Settings


def init_commands(app: Flask, settings: Settings) -> None:
    app.config["SMTP_URL"], app.config["ROOTS_TO"] = settings.smtp_url, settings.roots_to
    app.config["PUBLIC_URL"] = settings.public_url
    for command in (
        sample_data,
        sample_staff,
        staff,
        api_keys.commands,
        webhooks,
        blacklist,
        entries,
        lookalikes,
        customers,
        history,
        book,
        data,
        exports,
        work,
        jobs,
    ):
        app.cli.add_command(command)
