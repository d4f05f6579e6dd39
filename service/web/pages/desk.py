"""Where those begin who decide nothing for an organisation: what their role may do, with a link to each page."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.web import sessions

blueprint = Blueprint("desk", __name__)


@blueprint.get("/desk")
def show() -> ResponseReturnValue:
    """The page; whoever has lists begins with those."""
    if not is_for(sessions.actor()):
        return redirect(url_for("lists.first"), code=303)
    return render_template("desk.html")


def is_for(actor: Actor) -> bool:
    """Whether this role has a desk rather than lists of transfers."""
    return actor.role is not Role.MEMBER and not actor.decides_for_org
