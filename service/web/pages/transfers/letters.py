"""A letter as HTML, for reading; what is valid on paper is printed from it by the organisation."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.domain.letters.letters import LetterState
from service.printing.letters import letter_html
from service.use_cases.letters.show_letter import show_letter
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.requests import LARGEST_ID

blueprint = Blueprint("letters", __name__)


@blueprint.get(f"/letters/<int(max={LARGEST_ID}):letter_id>")
def show(letter_id: int) -> ResponseReturnValue:
    """The three parts of a letter; refuses E_NOT_FOUND."""
    letter = show_letter(letter_id, actor=sessions.actor(), now=now(), deployment=deployment())
    html = letter_html(letter.snapshot, template=letter.template, state=LetterState(letter.state))
    # The letter's own sandbox has escaped every value.
    return render_template("letter.html", letter=letter, html=Markup(html))  # noqa: S704
