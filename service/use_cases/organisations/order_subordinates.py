"""The order of the next level: set by hand, exported, and imported again (R-012)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.errors import FieldError, Refused
from service.domain.organisations import organisation_changes
from service.printing import spreadsheets
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import reading, transaction
from service.storage.organisations import organisation_lists, organisation_records
from service.use_cases.organisations.chains import require_chain, require_record

HEADER = ("序号", "党组织编码", "党组织全称")
_CODE = 1
_NAMED = 100


def export_order(code: str, *, actor: Actor) -> bytes:
    """The next level in its order, as an Excel file; refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE."""
    with reading():
        chain = require_chain(code)
        organisation_changes.require_in_reach(actor, chain)
        found = organisation_lists.codes_in_order(chain[0].id)
    return spreadsheets.write("组织排序", HEADER, ((place, *each[1:]) for place, each in enumerate(found, start=1)))


def import_order(code: str, content: bytes, *, actor: Actor, now: datetime) -> int:
    """Put the next level in the order of the lines of such a file; names and numbers in it count for nothing.

    Refuses E_IMPORT_FORMAT with each line at fault, and what `set_order` refuses.
    """
    return set_order(code, list(_codes(spreadsheets.read(content))), actor=actor, now=now, is_file=True)


def set_order(code: str, codes: Sequence[str], *, actor: Actor, now: datetime, is_file: bool = False) -> int:
    """Put subordinates in this order, those not named behind them; return how many were named.

    Refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE, and E_FIELD_INVALID (in a file E_IMPORT_FORMAT) for a code
    that is no active organisation of the next level, or stands twice.
    """
    with transaction():
        record, chain = require_record(code), require_chain(code)
        organisation_changes.require_in_reach(actor, chain)
        known = {each[1]: each[0] for each in organisation_lists.codes_in_order(record.id)}
        _refuse_wrong(codes, known, is_file=is_file)
        named = set(codes)
        rest = [key for each, key in known.items() if each not in named]
        organisation_records.order(record.id, [*(known[each] for each in codes), *rest])
        audit.append(
            "order_orgs",
            subject=Subject("organisation", code, record.id),
            actor=actor,
            now=now,
            before={"codes": list(known)[:_NAMED]},
            after={"codes": list(codes)[:_NAMED]},
        )
    return len(codes)


def shift_order(code: str, moved: str, *, by: int, actor: Actor, now: datetime) -> None:
    """Move one of the next level up (-1) or down (+1); refuses as `set_order`, nothing at either end."""
    with reading():
        chain = require_chain(code)
        organisation_changes.require_in_reach(actor, chain)
        codes = [each[1] for each in organisation_lists.codes_in_order(chain[0].id)]
    wanted = shifted(codes, moved, by=by)
    if wanted != codes:
        set_order(code, wanted, actor=actor, now=now)


def shifted(codes: Sequence[str], code: str, *, by: int) -> list[str]:
    """The order with one organisation moved up (-1) or down (+1); as it was at either end or when it is not there."""
    found = list(codes)
    if code in found:
        here = found.index(code)
        there = min(max(here + by, 0), len(found) - 1)
        found.insert(there, found.pop(here))
    return found


def _codes(lines: Iterable[tuple[int, list[str]]]) -> Iterable[str]:
    header = [""]
    for number, cells in lines:
        if number == 1:
            header = cells
        elif len(cells) > _CODE:
            yield cells[_CODE]
    if tuple(header[: len(HEADER)]) != HEADER:
        expected = ", ".join(HEADER)
        raise Refused(
            "E_IMPORT_FORMAT", field="file", detail_zh=f"表头应为 {expected}", detail_en=f"expected {expected}"
        )


def _refuse_wrong(codes: Sequence[str], known: dict[str, int], *, is_file: bool) -> None:
    seen: set[str] = set()
    faults = []
    for number, code in enumerate(codes, start=2 if is_file else 0):
        if code not in known or code in seen:
            where = f"line {number}: code" if is_file else f"codes.{number}"
            zh, en = ("重复", "stands twice") if code in seen else ("不是直属下级组织", "is none of the next level")
            faults.append(FieldError("E_FIELD_INVALID", where, zh=f"{code[:40]} {zh}", en=f"{code[:40]} {en}"))
        seen.add(code)
    if faults:
        raise Refused("E_IMPORT_FORMAT" if is_file else "E_FIELD_INVALID", fields=faults[:_NAMED])
