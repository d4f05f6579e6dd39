"""What a transfer, its route, history and letters look like in the interface."""

import marshmallow as ma

from service.domain.transfers.actions import ACTION_TITLES
from service.web.api.fields import Moment


class Organisation(ma.Schema):
    """An organisation as a record names it; `code` never changes."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class Hop(ma.Schema):
    """One step of a route; `org` is null for the applicant and for a branch that is not chosen yet."""

    org = ma.fields.Nested(Organisation, allow_none=True)
    role = ma.fields.String(required=True)
    side = ma.fields.String(required=True)
    fill = ma.fields.String(required=True)
    made_by = ma.fields.String(required=True)
    state = ma.fields.String(required=True)


class Route(ma.Schema):
    """A planned route; `out_type` is null for an incoming transfer."""

    variety = ma.fields.String(required=True)
    out_type = ma.fields.String(allow_none=True)
    hops = ma.fields.List(ma.fields.Nested(Hop), required=True)


class Event(ma.Schema):
    """One line of the history; `told` holds reason, opinion and answers."""

    seq = ma.fields.Integer(required=True)
    at = Moment(required=True)
    who = ma.fields.String(required=True)
    org = ma.fields.String(allow_none=True)
    org_name = ma.fields.String(required=True)
    action = ma.fields.String(required=True)
    position = ma.fields.Integer(required=True)
    from_state = ma.fields.String(required=True)
    to_state = ma.fields.String(required=True)
    letter_no = ma.fields.String(allow_none=True)
    is_automatic = ma.fields.Boolean(required=True)
    told = ma.fields.Dict(keys=ma.fields.String(), required=True)


class LetterLine(ma.Schema):
    """One letter of a transfer."""

    id = ma.fields.Integer(required=True)
    number = ma.fields.String(required=True)
    position = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)
    issued_at = Moment(required=True)
    valid_until = ma.fields.Date(required=True)
    is_automatic = ma.fields.Boolean(required=True)


class Offer(ma.Schema):
    """An action the acting role may take now, what its button says, and what it asks for.

    `fields` are those of the open form that belong to it, `required` those it is refused without, `boxes` those to tick.
    """

    code = ma.fields.String(required=True, attribute="action")
    title_zh = ma.fields.Function(lambda offer: ACTION_TITLES[offer.action][0], metadata={"type": "string"})
    title_en = ma.fields.Function(lambda offer: ACTION_TITLES[offer.action][1], metadata={"type": "string"})
    fields_taken = ma.fields.List(ma.fields.String(), required=True, attribute="fields", data_key="fields")
    required = ma.fields.List(ma.fields.String(), required=True)
    boxes = ma.fields.List(ma.fields.String(), required=True)
    needs_reason = ma.fields.Boolean(required=True)
    needs_attestation = ma.fields.Boolean(required=True)


class Transfer(ma.Schema):
    """A transfer as the acting role sees it; the identity number is masked."""

    id = ma.fields.Integer(required=True)
    version = ma.fields.Integer(required=True)
    variety = ma.fields.String(required=True, attribute="transfer.variety")
    out_type = ma.fields.String(allow_none=True, attribute="transfer.out_type")
    in_type = ma.fields.String(allow_none=True, attribute="transfer.in_type")
    state = ma.fields.String(required=True, attribute="transfer.state")
    cause = ma.fields.String(allow_none=True, attribute="transfer.cause")
    member_name = ma.fields.String(required=True)
    member_number = ma.fields.String(required=True)
    member_kind = ma.fields.String(required=True)
    origin = ma.fields.Nested(Organisation, allow_none=True, attribute="transfer.origin")
    target = ma.fields.Nested(Organisation, allow_none=True, attribute="transfer.target.org")
    target_name = ma.fields.String(required=True, attribute="transfer.target.name")
    starter = ma.fields.Nested(Organisation, allow_none=True, attribute="transfer.starter")
    branch = ma.fields.Nested(Organisation, allow_none=True, attribute="transfer.branch")
    process_id = ma.fields.String(required=True)
    step = ma.fields.String(required=True)
    position = ma.fields.Integer(required=True, attribute="transfer.position")
    opened_at = Moment(required=True)
    created_at = Moment(required=True)
    valid_until = ma.fields.Date(allow_none=True)
    due_at = Moment(allow_none=True)
    finished_at = Moment(allow_none=True)
    hops = ma.fields.List(ma.fields.Nested(Hop), required=True)
    events = ma.fields.List(ma.fields.Nested(Event), required=True)
    letters = ma.fields.List(ma.fields.Nested(LetterLine), required=True)
    actions = ma.fields.List(ma.fields.Nested(Offer), required=True, attribute="offers")
    application = ma.fields.Dict(keys=ma.fields.String(), required=True)
    retrieved = ma.fields.Boolean(required=True, attribute="is_retrieved")
    may_view_receipt = ma.fields.Boolean(required=True)


class Answer(ma.Schema):
    """Where the transfer stands after the change; `holder` is the code of the organisation at turn."""

    transfer_id = ma.fields.Integer(required=True)
    version = ma.fields.Integer(required=True)
    state = ma.fields.String(required=True)
    step = ma.fields.String(required=True)
    holder = ma.fields.String(allow_none=True)
    letter_no = ma.fields.String(allow_none=True)
