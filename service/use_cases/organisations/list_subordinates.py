"""The list of what stands below an organisation, on a page and as an Excel file (R-012)."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.organisations import organisation_changes
from service.printing import spreadsheets
from service.storage.db import reading
from service.storage.organisations import organisation_lists, organisations
from service.storage.organisations.organisation_lists import Filter, Listed
from service.use_cases.organisations.chains import require_chain

PER_PAGE, MOST_PER_PAGE = 20, 200
_HEADER = (
    "党组织编码", "党组织全称", "党组织简称", "组织类型", "党组织隶属关系", "单位性质", "以老年党员为主", "功能型",
    "批准建立日期", "联系人", "联系电话", "党员数",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list."""

    items: Sequence[Listed]
    total: int
    page: int
    per_page: int


def list_subordinates(code: str, wanted: Filter, *, actor: Actor, page: int = 1, per_page: int = PER_PAGE) -> Page:
    """What stands below, one page of it; refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE, E_QUERY_INVALID."""
    if page < 1 or not 1 <= per_page <= MOST_PER_PAGE:
        raise Refused("E_QUERY_INVALID", field="page")
    with reading():
        path, key = _require_own(code, actor)
        found = organisation_lists.below(path, key, wanted, limit=per_page, offset=(page - 1) * per_page)
        return Page(found, organisation_lists.count_below(path, key, wanted), page, per_page)


def export_subordinates(code: str, wanted: Filter, *, actor: Actor) -> bytes:
    """The whole list as an Excel file; refuses as the list does, and E_EXPORT_LIMIT."""
    with reading():
        path, key = _require_own(code, actor)
        found = organisation_lists.below(path, key, wanted, limit=spreadsheets.MOST_ROWS + 1)
    return spreadsheets.write("党组织", _HEADER, (_row(each) for each in found))


def _require_own(code: str, actor: Actor) -> tuple[str, int]:
    chain = require_chain(code)
    organisation_changes.require_in_reach(actor, chain)
    return organisations.path_of(chain[0].id), chain[0].id


def _row(org: Listed) -> tuple[object, ...]:
    return (
        org.code,
        org.name,
        org.short_name,
        org.org_type.value,
        org.affiliation,
        org.unit_kind,
        _yes(org.is_mainly_older),
        _yes(org.is_functional),
        org.approved_on,
        org.contact,
        org.telephone,
        org.members,
    )


def _yes(value: object) -> str:
    return "是" if value else "否"
