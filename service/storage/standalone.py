"""The database without the web: commands and workers run in an application that is nothing but its context.

Flask-SQLAlchemy finds its engine through the current application; here is one for those that serve no requests.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from service.storage.db import db
from service.storage.migrate import require_current_schema
from service.storage.reachable import reached


def application(database_url: str) -> Flask:
    """An application around a database and nothing else."""
    app = Flask("zhuanjie")
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    db.init_app(app)
    return app


@contextmanager
def opened(database_url: str) -> Iterator[Flask]:
    """Run in the context of such an application; refuses E_SCHEMA_VERSION and, unreachable, E_SETTING_INVALID."""
    app = application(database_url)
    with app.app_context():
        try:
            with reached():
                require_current_schema(db.engine)
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()
