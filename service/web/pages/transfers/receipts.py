"""Receipts on pages: the one that came back from outside, and the one that goes there (R-132, R-149)."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.printing.letters import receipt_html
from service.use_cases.letters.show_return_receipt import show_return_receipt
from service.use_cases.transfers.show_receipt import show_receipt
from service.web import sessions
from service.web.deployed import deployment
from service.web.requests import LARGEST_ID

blueprint = Blueprint("receipts", __name__)


@blueprint.get(f"/transfers/<int(max={LARGEST_ID}):transfer_id>/receipt")
def show(transfer_id: int) -> ResponseReturnValue:
    """What was recorded; refuses E_NOT_FOUND, E_FORBIDDEN, E_TRANSFER_NOT_FINISHED."""
    receipt = show_receipt(transfer_id, actor=sessions.actor(), deployment=deployment())
    return render_template("receipt.html", receipt=receipt)


@blueprint.get(f"/transfers/<int(max={LARGEST_ID}):transfer_id>/return-receipt")
def show_return(transfer_id: int) -> ResponseReturnValue:
    """Part 3 of the paper letter, to be printed and sent back; refuses as `show_return_receipt`."""
    receipt = show_return_receipt(transfer_id, actor=sessions.actor(), deployment=deployment())
    html = receipt_html(receipt.texts, template=receipt.template)
    # The template's own sandbox has escaped every value.
    return render_template("return_receipt.html", receipt=receipt, html=Markup(html))  # noqa: S704
