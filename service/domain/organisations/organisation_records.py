"""What must be right about the record of an organisation before it is saved (R-002, R-004, R-005)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.domain.errors import FieldError, Refused
from service.domain.names import invisible, normalised
from service.domain.organisations.organisation_names import name_errors
from service.domain.organisations.organisations import BRANCHES, OrgType
from service.domain.profile import Profile

PROVINCE, BRANCH_CATEGORY, SAME_UNIT = "2", "631", "1"
_NAMES = ("name", "short_name", "letter_heading")
_PRIVATE = frozenset({"contact", "telephone", "fax"})


@dataclass(frozen=True, slots=True)
class Saving:
    """In what circumstances a record is saved."""

    profile: Profile
    today: date
    is_new: bool


def required(org_type: OrgType, saving: Saving) -> tuple[str, ...]:
    """The fields that must be filled in besides name and type (R-005)."""
    if org_type not in BRANCHES:
        return ()
    asks_unit = not saving.is_new and saving.profile.flag("org.branch_same_unit_required")
    return ("short_name", "category", "affiliation", "approved_on", *(("unit_relation",) if asks_unit else ()))


def clean(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with names in their one written form."""
    return {name: normalised(value) if name in _NAMES else value for name, value in facts.items()}


def errors(facts: Mapping[str, Any], saving: Saving) -> Iterator[FieldError]:
    """Everything the rules have against a record, beyond what its form says.

    E_REQUIRED_FIELD, E_DATE_FUTURE, E_DATE_ORDER, E_FIELD_INVALID, E_ORG_NAME_FORMAT.
    """
    if "org_type" not in facts:
        return
    org_type = OrgType(facts["org_type"])
    yield from _missing(facts, org_type, saving)
    yield from _wrong_dates(facts, saving.today)
    for name in _NAMES:
        if found := invisible(str(facts.get(name, ""))):
            yield FieldError("E_FIELD_INVALID", name, zh=f"含有不可见字符 {found}", en=f"it holds {found}")
    yield from name_errors(
        org_type,
        name=str(facts.get("name", "")),
        short_name=str(facts.get("short_name", "")),
        profile=saving.profile,
    )


def require_same_type(facts: Mapping[str, Any], org_type: str) -> None:
    """Refuse E_FIELD_READONLY when an organisation would become another type: its place in the tree hangs on it."""
    if facts.get("org_type", org_type) != org_type:
        raise Refused(
            "E_FIELD_READONLY", field="org_type", detail_zh=f"应为 {org_type}", detail_en=f"expected {org_type}"
        )


def loggable(changed: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the audit log holds them: of persons and telephones only that they changed."""
    return {name: ("***" if value else "") if name in _PRIVATE else value for name, value in changed.items()}


def _missing(facts: Mapping[str, Any], org_type: OrgType, saving: Saving) -> Iterator[FieldError]:
    expected = {
        "affiliation": (PROVINCE, "应为 2 省（区、市）", "expected 2, province"),
        "category": (BRANCH_CATEGORY, "应为党支部（631）", "expected 631, branch"),
        "unit_relation": (SAME_UNIT, "须勾选“与上级党组织在同一法人单位”", "tick 1, the same legal entity"),
    }
    for name in required(org_type, saving):
        only, zh, en = expected.get(name, (None, "", ""))
        value = facts.get(name)
        if not value or (only is not None and value != only):
            yield FieldError("E_REQUIRED_FIELD", name, zh=zh, en=en)


def _wrong_dates(facts: Mapping[str, Any], today: date) -> Iterator[FieldError]:
    if facts.get("approved_on", "") > today.isoformat():
        yield FieldError("E_DATE_FUTURE", "approved_on")
    if facts.get("term_from") and facts.get("term_until", "9999") < facts["term_from"]:
        yield FieldError("E_DATE_ORDER", "term_until")
