"""Receipts: the one that came back from outside, and the one that goes there (R-132, R-149)."""

import marshmallow as ma

from service.use_cases.letters.show_return_receipt import ReturnReceipt as ReceiptToOutside
from service.use_cases.letters.show_return_receipt import show_return_receipt
from service.use_cases.transfers.show_receipt import ReceiptView, show_receipt
from service.web.api.arguments import Blueprint, transfer_path
from service.web.api.fields import Moment
from service.web.deployed import deployment
from service.web.sessions import actor

blueprint = Blueprint("receipts", __name__, description="回执 / receipts")


class Receipt(ma.Schema):
    """A receipt as it was recorded; `attachments` are the names of its scans."""

    transfer_id = ma.fields.Integer(required=True)
    letter_no = ma.fields.String(required=True)
    receiving_committee = ma.fields.String(required=True)
    receipt_date = ma.fields.String(required=True)
    handler = ma.fields.String(required=True)
    telephone = ma.fields.String(required=True)
    remark = ma.fields.String(required=True)
    recorded_by = ma.fields.String(required=True)
    recorded_at = Moment(required=True)
    attachments = ma.fields.List(ma.fields.String(), required=True)


class ReturnReceipt(ma.Schema):
    """Part 3 of the paper letter, as it is sent back."""

    transfer_id = ma.fields.Integer(required=True)
    texts = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)


@blueprint.get(transfer_path("/receipt"))
@blueprint.response(200, Receipt)
def get_receipt(transfer_id: int) -> ReceiptView:
    """查看回执 / The receipt of a transfer outside, for the committee that recorded it."""
    return show_receipt(transfer_id, actor=actor(), deployment=deployment())


@blueprint.get(transfer_path("/return-receipt"))
@blueprint.response(200, ReturnReceipt)
def get_return_receipt(transfer_id: int) -> ReceiptToOutside:
    """转入回执 / The receipt for the committee outside from which a member came, once he was taken in."""
    return show_return_receipt(transfer_id, actor=actor(), deployment=deployment())
