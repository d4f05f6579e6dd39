"""An application around a database, as `service.app` makes one, but with nothing besides the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from flask import Flask


@contextmanager
def storing(url: str) -> Iterator[Flask]:
    """Open a database for this thread; another thread enters `with app.app_context():` of its own."""
    db = import_module("service.storage.db").db
    app = Flask("tests")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        import_module("service.storage.db").configure(db.engine)
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()
