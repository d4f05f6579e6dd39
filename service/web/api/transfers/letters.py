"""Letters: the snapshot that was issued, with the state the letter has now."""

import marshmallow as ma

from service.use_cases.letters.show_letter import LetterView, show_letter
from service.web.api.arguments import Blueprint
from service.web.deployed import deployment, now
from service.web.requests import LARGEST_ID
from service.web.sessions import actor

blueprint = Blueprint("letters", __name__, description="介绍信 / letters")


class Letter(ma.Schema):
    """A letter; each full display is recorded."""

    id = ma.fields.Integer(required=True)
    transfer_id = ma.fields.Integer(required=True)
    number = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    return_reason = ma.fields.String(required=True)
    snapshot = ma.fields.Dict(keys=ma.fields.String(), required=True)


@blueprint.get(f"/letters/<int(max={LARGEST_ID}):letter_id>")
@blueprint.response(200, Letter)
def get_letter(letter_id: int) -> LetterView:
    """介绍信 / A letter with the texts it was issued with."""
    return show_letter(letter_id, actor=actor(), now=now(), deployment=deployment())
