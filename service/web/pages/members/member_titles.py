"""What the code names around members are called on a page: states, increase and decrease, what the log says was done."""

from collections.abc import Mapping

from flask import Flask

from service.domain.members.members import MemberStatus
from service.web.pages.language import said
from service.web.pages.members.sheets import field_title

_Titles = Mapping[str, tuple[str, str]]
_STATES: _Titles = {
    MemberStatus.ACTIVE: ("在册", "Active"),
    MemberStatus.MEMBERSHIP_SUSPENDED: ("停止党籍", "Membership suspended"),
    MemberStatus.PROVISIONAL: ("暂存", "Provisional"),
    MemberStatus.HIST_TRANSFERRED_OUT: ("已转出", "Transferred out"),
    MemberStatus.HIST_DECEASED: ("已故", "Deceased"),
    MemberStatus.HIST_EXPELLED: ("出党", "Expelled"),
}
_CHANGES: _Titles = {
    MemberStatus.ACTIVE: ("恢复党籍", "Resume the membership"),
    MemberStatus.MEMBERSHIP_SUSPENDED: ("停止党籍", "Suspend the membership"),
    MemberStatus.HIST_DECEASED: ("去世", "He has died"),
    MemberStatus.HIST_EXPELLED: ("出党", "He was expelled"),
}
_CAUSES: _Titles = {
    "TRANSFER": ("组织关系转接", "Transfer"),
    "ADMITTED": ("新发展", "Newly admitted"),
    "OMITTED": ("漏报补录", "Omitted earlier"),
    "DECEASED": ("去世", "Deceased"),
    "EXPELLED": ("出党", "Expelled"),
}
_DONE: _Titles = {
    "edit_member": ("修改党员信息", "Record changed"),
    "complete_record": ("完善党员信息", "Record completed"),
    "keep_portrait": ("上传照片", "Portrait uploaded"),
    "become_full": ("预备党员转正", "Became a full member"),
    "change_membership": ("党籍变更", "State of the membership changed"),
    "show_id_number": ("查看完整身份证号", "Identity number looked at"),
    "clear_phone": ("清空固定电话", "Landline cleared"),
    "record_duty": ("登记职务", "Duty recorded"),
}


def install(app: Flask) -> None:
    """Let the templates use them."""
    app.jinja_env.globals.update(
        member_state_title=lambda code: _titled(_STATES, code),
        state_change_title=lambda code: _titled(_CHANGES, code),
        move_title=lambda code: _titled(_CAUSES, code),
        member_logged_title=lambda code: _titled(_DONE, code),
        sheet_field_title=field_title,
    )


def _titled(titles: _Titles, code: str) -> str:
    return said(*titles[code]) if code in titles else str(code)
