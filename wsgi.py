"""Entry point for the WSGI server and for `flask --app wsgi`."""

from webapp.assembly import create_app
from webapp.settings import Settings

app = create_app(Settings.from_environment())
