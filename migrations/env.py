"""Alembic's way in: migrations run on the application's own engine, on SQLite with foreign keys
off.
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from webapp.kernel.database import db
from webapp.search.projection import has_model, is_for_this_engine


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=has_model,
        include_object=is_for_this_engine,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


engine = current_app.extensions["migrate"].db.engine
if engine.dialect.name == "sqlite":
    # A batch rebuild drops its table; with foreign keys on, that would cascade. They can be
    # switched only out here.
    with engine.connect().execution_options(writes=True) as connection:
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            run(connection)
            connection.commit()
            broken = raw.execute("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"The migration left rows that point nowhere: {broken[:5]}")
        finally:
            raw.execute("PRAGMA foreign_keys=ON")
else:
    with engine.connect() as connection:
        run(connection)
