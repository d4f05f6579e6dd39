"""What the code names around organisations are called on a page, in both languages."""

from collections.abc import Iterable, Mapping

from flask import Flask

from service.definitions import forms
from service.domain.accounts.duties import DUTY_TITLES, Duty
from service.domain.members.admissions import AdmissionKind
from service.domain.organisations.organisation_changes import ChangeStatus
from service.domain.organisations.organisations import AuthorityLevel, OrgStatus, OrgType, Scope
from service.domain.organisations.permissions import Permission
from service.storage.audit import Entry
from service.use_cases.organisations.saving import FORM
from service.use_cases.organisations.search_organisations import names_of
from service.web.pages.language import said

_Titles = Mapping[str, tuple[str, str]]
_TYPES: _Titles = {
    **{option.value: (option.title, option.title_en) for option in forms.form(*FORM).fields[2].options},
    OrgType.HOLDING_UNKNOWN: ("未知党组织", "Holding node: unknown"),
    OrgType.HOLDING_OUTSIDE: ("省外组织", "Holding node: outside"),
    OrgType.HOLDING_TEMP: ("临时党组织", "Holding node: temporary"),
}
LEVELS: _Titles = {
    AuthorityLevel.PROVINCIAL_COMMITTEE: ("省级党委", "Provincial committee"),
    AuthorityLevel.PROVINCIAL_DIRECT: ("省级直属的党（工）委", "Committee directly under the province"),
    AuthorityLevel.CITY_COMMITTEE: ("市级党委", "City committee"),
    AuthorityLevel.CITY_DIRECT: ("市级直属的党（工）委", "Committee directly under the city"),
    AuthorityLevel.COUNTY_COMMITTEE: ("县（市、区）级党委", "County committee"),
    AuthorityLevel.FIRST_LEVEL: ("一级党（工）委", "First-level committee"),
    AuthorityLevel.BELOW_FIRST: ("一级党（工）委以下级别", "Below the first level"),
}
SCOPES: _Titles = {
    Scope.NONE.name: ("无", "None"),
    Scope.COUNTY.name: ("县内", "County"),
    Scope.PROVINCE.name: ("全省", "Province"),
    Scope.NATIONAL.name: ("全国", "Nationwide"),
}
_STATUSES: _Titles = {
    ChangeStatus.OPEN: ("待审批", "Open"),
    ChangeStatus.APPROVED: ("已同意", "Approved"),
    ChangeStatus.REFUSED: ("未同意", "Refused"),
    ChangeStatus.WITHDRAWN: ("已撤回", "Withdrawn"),
}
_DONE: _Titles = {
    "create_org": ("新建党组织", "Created"),
    "edit_org": ("更新党组织信息", "Record changed"),
    "dissolve_org": ("撤销党组织", "Dissolved"),
    "set_permissions": ("权限配置", "Permissions set"),
    "order_orgs": ("下级组织排序", "Subordinates put in order"),
    "apply_superior": ("申请变更上级", "Applied for another superior"),
    "decide_superior": ("审批上级变更", "Application decided"),
    "withdraw_superior": ("撤回变更申请", "Application withdrawn"),
    "change_superior": ("变更上级党组织", "Superior changed"),
    "submit_admission": ("报送新增党员", "New members submitted"),
    "decide_admission": ("审批新增党员", "New members decided"),
    "authorise_keeping": ("授权维护党员信息", "Authorised to keep records"),
}
"""What the log calls what was done."""
PERMISSIONS: _Titles = {
    Permission.CAN_TRANSFER: ("转接党员组织关系权限", "May take part in transfers"),
    Permission.SCOPE: ("转接范围", "Scope"),
    Permission.AUTO_APPROVE_CHILDREN: ("直属下一级党组织之间直接转接权限", "Direct transfers between its subordinates"),
    Permission.AUTHORITY_LEVEL: ("组织权限级别", "Authority level"),
}
_FIELDS: _Titles = {
    **{field.name: (field.title, field.title_en) for field in forms.form(*FORM).fields},
    **PERMISSIONS,
    "superior": ("上级党组织", "Superior"),
    "status": ("状态", "Status"),
    "organisations": ("随迁组织数", "Organisations moved"),
    "reason": ("理由", "Reason"),
    "opinion": ("审批意见", "Opinion"),
    "change": ("申请编号", "Application"),
    "codes": ("排序", "Order"),
    "admission": ("报送编号", "Submission"),
    "people": ("人数", "People"),
    "kind": ("种类", "Kind"),
    "authorised": ("已授权", "Authorised"),
}
_VALUES: Mapping[str, _Titles] = {
    **{
        field.name: {option.value: (option.title, option.title_en) for option in field.options}
        for field in forms.form(*FORM).fields
    },
    "org_type": _TYPES,
    "status": {
        **_STATUSES,
        OrgStatus.ACTIVE: ("正常", "Active"),
        OrgStatus.DISSOLVED: ("已撤销", "Dissolved"),
    },
    "kind": {AdmissionKind.NEW: ("新发展党员", "Newly admitted"), AdmissionKind.OMITTED: ("漏报党员", "Omitted")},
    Permission.AUTHORITY_LEVEL: LEVELS,
    Permission.SCOPE: SCOPES,
}
"""What the values of the log's fields are called."""


def install(app: Flask) -> None:
    """Let the templates use them."""
    app.jinja_env.globals.update(
        org_type_title=lambda code: _said(_TYPES, code),
        level_title=lambda code: _said(LEVELS, code) if code else said("未设置", "Not set"),
        scope_title=lambda code: _said(SCOPES, code),
        change_title=lambda code: _said(_STATUSES, code),
        logged_title=lambda code: _said(_DONE, code),
        permission_title=lambda code: _said(PERMISSIONS, code),
        record_field_title=lambda code: _said(_FIELDS, code),
        logged_value=_logged,
        duty_title=lambda duty: said(*DUTY_TITLES[Duty(duty)]),
    )


def _said(titles: _Titles, code: str) -> str:
    known = titles.get(str(code))
    return said(*known) if known else str(code)


def names_in(log: Iterable[Entry]) -> Mapping[str, str]:
    """The names of the organisations that entries of the log name by their codes."""
    entries = tuple(log)
    codes = {each.acting_org for each in entries if each.acting_org}
    for values in (values for each in entries for values in (each.before, each.after) if values):
        codes |= {values[name] for name in ("superior",) if values.get(name)} | set(values.get("codes") or ())
    return names_of(sorted(codes))


def _logged(name: str, value: object, names: Mapping[str, str]) -> str:
    """A value of the log as a person reads it: no code name, no `True`; `names` are those of organisations by code."""
    if isinstance(value, bool):
        return said("是", "Yes") if value else said("否", "No")
    if isinstance(value, list):
        return said("、", ", ").join(names.get(str(each), str(each)) for each in value)
    if name == "superior":
        return names.get(str(value), str(value))
    return _said(_VALUES.get(name, {}), str(value))
