"""What a transfer, its route, history and letters look like in the interface."""

from typing import Any

import marshmallow as ma

from service.domain.actions import ACTION_TITLES, Action
from service.web.api.fields import Moment

_required = {"required": True}


class Organisation(ma.Schema):
    """An organisation as a record names it; `code` never changes."""

    code = ma.fields.String(**_required)
    name = ma.fields.String(**_required)


class Hop(ma.Schema):
    """One step of a route; `org` is null for the applicant and for a branch that is not chosen yet."""

    org = ma.fields.Nested(Organisation, allow_none=True)
    role = ma.fields.String(**_required)
    side = ma.fields.String(**_required)
    fill = ma.fields.String(**_required)
    made_by = ma.fields.String(**_required)
    state = ma.fields.String(**_required)


class Route(ma.Schema):
    """A planned route; `out_type` is null for an incoming transfer."""

    variety = ma.fields.String(**_required)
    out_type = ma.fields.String(allow_none=True)
    hops = ma.fields.List(ma.fields.Nested(Hop), **_required)


class Event(ma.Schema):
    """One line of the history; `told` holds reason, opinion and answers."""

    seq = ma.fields.Integer(**_required)
    at = Moment(**_required)
    who = ma.fields.String(**_required)
    org = ma.fields.String(allow_none=True)
    org_name = ma.fields.String(**_required)
    action = ma.fields.String(**_required)
    position = ma.fields.Integer(**_required)
    from_state = ma.fields.String(**_required)
    to_state = ma.fields.String(**_required)
    letter_no = ma.fields.String(allow_none=True)
    is_automatic = ma.fields.Boolean(**_required)
    told = ma.fields.Dict(keys=ma.fields.String(), **_required)


class LetterLine(ma.Schema):
    """One letter of a transfer."""

    id = ma.fields.Integer(**_required)
    number = ma.fields.String(**_required)
    position = ma.fields.Integer(**_required)
    state = ma.fields.String(**_required)
    issued_at = Moment(**_required)
    valid_until = ma.fields.Date(**_required)
    is_automatic = ma.fields.Boolean(**_required)


class Offer(ma.Schema):
    """An action the acting role may take now, with what its button says."""

    code = ma.fields.String(**_required)
    title_zh = ma.fields.String(**_required)
    title_en = ma.fields.String(**_required)


class Transfer(ma.Schema):
    """A transfer as the acting role sees it; the identity number is masked."""

    id = ma.fields.Integer(**_required)
    version = ma.fields.Integer(**_required)
    variety = ma.fields.String(**_required, attribute="transfer.variety")
    out_type = ma.fields.String(allow_none=True, attribute="transfer.out_type")
    in_type = ma.fields.String(allow_none=True, attribute="transfer.in_type")
    state = ma.fields.String(**_required, attribute="transfer.state")
    cause = ma.fields.String(allow_none=True, attribute="transfer.cause")
    member_name = ma.fields.String(**_required)
    member_number = ma.fields.String(**_required)
    member_kind = ma.fields.String(**_required)
    origin = ma.fields.Nested(Organisation, allow_none=True, attribute="transfer.origin")
    target = ma.fields.Nested(Organisation, allow_none=True, attribute="transfer.target.org")
    target_name = ma.fields.String(**_required, attribute="transfer.target.name")
    starter = ma.fields.Nested(Organisation, allow_none=True, attribute="transfer.starter")
    branch = ma.fields.Nested(Organisation, allow_none=True, attribute="transfer.branch")
    process_id = ma.fields.String(**_required)
    step = ma.fields.String(**_required)
    position = ma.fields.Integer(**_required, attribute="transfer.position")
    opened_at = Moment(**_required)
    created_at = Moment(**_required)
    valid_until = ma.fields.Date(allow_none=True)
    finished_at = Moment(allow_none=True)
    hops = ma.fields.List(ma.fields.Nested(Hop), **_required)
    events = ma.fields.List(ma.fields.Nested(Event), **_required)
    letters = ma.fields.List(ma.fields.Nested(LetterLine), **_required)
    actions = ma.fields.Method("_actions", metadata={"type": "array", "items": {"$ref": "#/components/schemas/Offer"}})
    application = ma.fields.Dict(keys=ma.fields.String(), **_required)
    needs_attestation = ma.fields.Boolean(**_required)
    needs_reason = ma.fields.Boolean(**_required)

    def _actions(self, view: Any) -> list[dict[str, str]]:
        return [offer(action) for action in view.actions]


class Answer(ma.Schema):
    """Where the transfer stands after the change; `holder` is the code of the organisation at turn."""

    transfer_id = ma.fields.Integer(**_required)
    version = ma.fields.Integer(**_required)
    state = ma.fields.String(**_required)
    step = ma.fields.String(**_required)
    holder = ma.fields.String(allow_none=True)
    letter_no = ma.fields.String(allow_none=True)


def offer(action: Action) -> dict[str, str]:
    """An action with its titles."""
    zh, en = ACTION_TITLES[action]
    return {"code": action.value, "title_zh": zh, "title_en": en}
