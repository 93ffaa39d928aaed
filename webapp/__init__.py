"""Gatebook: the customer book of a company that takes payments from people."""

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from jinja2 import StrictUndefined

from webapp import api, assets, commands, database, engines, health, housekeeping, http, logs, pages, sealing
from webapp.api import errors as api_errors
from webapp.customers import answers, identifiers
from webapp.customers import models as customer_models
from webapp.history import book
from webapp.pages import errors as page_errors
from webapp.pages.doorway import csrf, session_limits
from webapp.settings import PROJECT, Settings
from webapp.staff import models as staff_models
from webapp.staff.access import Permission

TABLES = (answers, book, customer_models, identifiers, staff_models)


def create_app(settings: Settings) -> Flask:
    """Assemble the application.

    Raises:
        LookupError: a route does not say which permission it needs.
    """
    app = logs.QuietFlask(__name__, root_path=str(PROJECT), instance_path=str(PROJECT / "instance"))
    sealing.use_keys(secret_key=settings.secret_key, history_key=settings.history_key)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engines.engine_options(settings.database_url)
    database.db.init_app(app)
    Migrate(app, database.db, directory=str(PROJECT / "migrations"))

    http.init_http(app, settings)
    logs.init_logs(app)
    assets.init_assets(app)
    pages.init_pages(app, settings)
    housekeeping.init_housekeeping(app, session_limits(settings))
    api.init_api(app, settings)
    csrf.exempt(api.api)  # it never reads a cookie
    http.answer_errors(app, pages=page_errors, api=api_errors)
    app.register_blueprint(health.health)
    commands.init_commands(app)

    app.config["COMPRESS_ALGORITHM"] = app.config["COMPRESS_ALGORITHM_STREAMING"] = ["gzip"]
    Compress(app)
    http.needs(Permission.ANYONE)(app.view_functions["static"])
    http.refuse_undeclared_routes(app)
    with app.app_context():
        try:
            book.refuse_another_history_key()
        finally:
            database.db.session.remove()
            database.db.engine.dispose()
    return app
