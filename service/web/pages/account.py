"""My account: who I am here, and the roles I may act in."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
def show() -> ResponseReturnValue:
    """The page."""
    return render_template("account.html")
