"""A transfer under way: where it stands, its route and history, and the form of its open task."""

from service.definitions.forms import Form
from service.domain.errors import Refused
from service.use_cases.transfers.show_transfer import TransferView, show_transfer
from service.web.api.arguments import Blueprint, transfer_path
from service.web.api.transfers.forms import FormShown
from service.web.api.transfers.transfer_schemas import Transfer
from service.web.deployed import deployment
from service.web.sessions import actor

blueprint = Blueprint("transfers", __name__, description="转接 / transfers")


@blueprint.get(transfer_path())
@blueprint.response(200, Transfer)
def get_transfer(transfer_id: int) -> TransferView:
    """转接详情 / A transfer with route, history, letters, and the actions offered to the acting role."""
    return show_transfer(transfer_id, actor=actor(), deployment=deployment())


@blueprint.get(transfer_path("/form"))
@blueprint.response(200, FormShown)
def get_open_form(transfer_id: int) -> Form:
    """当前表单 / The form of the open task; E_TRANSFER_FINISHED when there is none."""
    view = show_transfer(transfer_id, actor=actor(), deployment=deployment())
    if not view.step:
        raise Refused("E_TRANSFER_FINISHED")
    return view.form
