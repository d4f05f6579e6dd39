"""Records of members corrected by a spreadsheet on a page: download, upload, a report of each line (R-040, R-210)."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from service.domain.errors import Refused
from service.use_cases.members.record_sheets import MOST_LINES
from service.use_cases.members.update_records import (
    RecordsReport,
    records_sheet,
    require_may_update,
    update_records,
)
from service.use_cases.organisations.show_organisation import show_organisation
from service.web import sessions, uploads
from service.web.deployed import deployment, now
from service.web.pages.members import sheets

_PATH = "/organisations/<string:code>/members"

blueprint = Blueprint("record_sheets", __name__)


@blueprint.get(f"{_PATH}/import")
def show(code: str) -> ResponseReturnValue:
    """The form; refuses E_ORG_NOT_FOUND, E_NOT_FOUND, E_FORBIDDEN to who may not change records."""
    require_may_update(code, actor=sessions.actor())
    return _page(code)


@blueprint.get(f"{_PATH}/records.xlsx")
def download(code: str) -> Response:
    """The sheet with what is stored; refuses as above, E_EXPORT_LIMIT."""
    return sheets.workbook(records_sheet(code, actor=sessions.actor(), deployment=deployment()), f"{code}-records")


@blueprint.post(f"{_PATH}/import")
@uploads.takes_files
def upload(code: str) -> ResponseReturnValue:
    """Take a corrected sheet over; what came of it is shown below the form."""
    actor = sessions.actor()
    require_may_update(code, actor=actor)
    try:
        uploads.require_readable("file")
        report = update_records(code, uploads.sent("file").content, actor=actor, now=now(), deployment=deployment())
    except Refused as refusal:
        return _page(code, refusal=refusal), refusal.status
    return _page(code, report=report), 422 if report.found else 200


def _page(code: str, *, refusal: Refused | None = None, report: RecordsReport | None = None) -> str:
    return render_template(
        "member_import.html",
        code=code,
        chain=show_organisation(code),
        refusal=refusal,
        report=report,
        defects=sheets.drawn(report.defects) if report else (),
        most=MOST_LINES,
    )
