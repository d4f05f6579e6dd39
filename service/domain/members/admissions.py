"""Members who enter by a spreadsheet: who submits it, when, and who decides it (R-043)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from service.domain.accounts.actors import Actor
from service.domain.deadlines.workdays import Calendar
from service.domain.errors import FieldError, Refused, refuse_fields
from service.domain.organisations.organisations import Chain, Organisation, OrgType

PRIMARY = frozenset(
    {
        OrgType.PRIMARY_COMMITTEE,
        OrgType.SECOND_LEVEL_COMMITTEE,
        OrgType.GENERAL_BRANCH,
        OrgType.DIRECT_BRANCH,
        OrgType.BRANCH,
    }
)
"""What counts as a primary organisation."""


_INTO_NEXT_MONTH = timedelta(days=31)


class AdmissionKind(StrEnum):
    """Why people enter: newly admitted, or members whom the system does not know yet."""

    NEW = "NEW"
    OMITTED = "OMITTED"


@dataclass(frozen=True, slots=True)
class Statement:
    """What the head of the primary organisation signs: the check that was made, and the reason."""

    check: str = ""
    reason: str = ""
    signed_by: str = ""


def require_submitter(actor: Actor) -> Organisation:
    """The primary organisation that submits; refuses E_FORBIDDEN."""
    if not actor.decides_for_org or actor.org is None or actor.org.org_type not in PRIMARY:
        raise Refused("E_FORBIDDEN", detail_zh="由基层党组织报送", detail_en="a primary organisation submits it")
    return actor.org


def window(today: date, calendar: Calendar) -> date:
    """The first working day of this month, of the next one where this is over."""
    day = _first_working_day(today, calendar)
    return day if today <= day else _first_working_day(today.replace(day=1) + _INTO_NEXT_MONTH, calendar)


def _first_working_day(month: date, calendar: Calendar) -> date:
    return calendar.onwards(month.replace(day=1) - timedelta(days=1), 1)


def require_window(today: date, calendar: Calendar) -> None:
    """Refuse E_IMPORT_WINDOW on any other day."""
    day = window(today, calendar)
    if today != day:
        raise Refused("E_IMPORT_WINDOW", detail_zh=f"下一个报送日为 {day}", detail_en=f"the next one is {day}")


def require_statement(kind: AdmissionKind, statement: Statement) -> None:
    """Refuse E_REASON_REQUIRED where omitted members come without the signed statement."""
    if kind is AdmissionKind.OMITTED:
        given = (("statement", statement.check), ("reason", statement.reason), ("signed_by", statement.signed_by))
        refuse_fields([FieldError("E_REASON_REQUIRED", name) for name, text in given if not text.strip()])


def decider(chain: Chain, kind: AdmissionKind) -> Organisation:
    """The organisation above; of omitted members the next working committee above, where there is one.

    Refuses E_FORBIDDEN where nothing stands above.
    """
    above = chain[1:]
    if not above:
        raise Refused("E_FORBIDDEN", detail_zh="没有上级党组织", detail_en="nothing stands above it")
    committees = (org for org in above if org.org_type is OrgType.WORKING_COMMITTEE)
    return next(committees, above[0]) if kind is AdmissionKind.OMITTED else above[0]
