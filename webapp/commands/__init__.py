"""The commands: `flask --app wsgi …`. Each calls the same services as the pages."""

from flask import Flask

from webapp.commands.api_keys import api_keys
from webapp.commands.blacklist import blacklist
from webapp.commands.book import book
from webapp.commands.data import data
from webapp.commands.history import history
from webapp.commands.sample import sample_data, sample_staff
from webapp.commands.staff import staff


def init_commands(app: Flask) -> None:
    for command in (sample_data, sample_staff, staff, api_keys, blacklist, history, book, data):
        app.cli.add_command(command)
