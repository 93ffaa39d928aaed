"""The whole application, put together on one screen."""

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from jinja2 import StrictUndefined

from webapp import api, cli, housekeeping, projections, web
from webapp.api import errors as api_errors
from webapp.history import book
from webapp.http import doors, health, logs
from webapp.http.page import PageFlask
from webapp.kernel import crypto, database, dialects
from webapp.settings import PROJECT, Settings
from webapp.staff.permissions import Permission
from webapp.web.frame import assets
from webapp.web.frame import errors as page_errors
from webapp.web.frame.auth import csrf, session_limits


def create_app(settings: Settings) -> Flask:
    """Assemble the application.

    Raises:
        LookupError: a route does not say which permission it needs.
    """
    projections.install()
    app = PageFlask(__name__, root_path=str(PROJECT), instance_path=str(PROJECT / "instance"))
    crypto.use_keys(settings.secret_key, settings.history_key, settings.root_key)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = dialects.engine_options(settings.database_url)
    database.db.init_app(app)
    Migrate(app, database.db, directory=str(PROJECT / "migrations"))

    doors.init_http(app, settings)
    logs.init_logs(app)
    # At these levels one more would cost a core more time than it saves on a line of 400 kbit/s.
    app.config["COMPRESS_ALGORITHM"] = app.config["COMPRESS_ALGORITHM_STREAMING"] = ["zstd", "gzip"]
    app.config["COMPRESS_ZSTD_LEVEL"], app.config["COMPRESS_LEVEL"] = 7, 6
    Compress(app)  # before what compresses by itself: these functions run in reverse
    assets.init_assets(app)
    web.init_pages(app, settings)
    housekeeping.init_housekeeping(app, settings, session_limits(settings))
    api.init_api(app, settings)
    csrf.exempt(api.api)  # the API never reads a cookie
    doors.answer_errors(app, pages=page_errors, api=api_errors)
    app.register_blueprint(health.health)
    cli.init_commands(app, settings)
    # Used by the command that copies a book to another database.
    app.extensions["create_app"] = create_app

    doors.needs(Permission.ANYONE)(app.view_functions["static"])
    doors.refuse_undeclared_routes(app)
    with app.app_context():
        try:
            book.refuse_another_history_key()
        finally:
            database.db.session.remove()
            database.db.engine.dispose()
    return app
