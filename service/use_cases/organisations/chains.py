"""Finding the organisation a request names."""

from service.domain.errors import Refused
from service.domain.organisations.organisations import Chain
from service.storage.organisations import organisation_moves, organisation_records, organisations
from service.storage.organisations.organisation_records import OrganisationRecord

_SHOWN = 40


def require_chain(code: str, *, field: str | None = None) -> Chain:
    """up(x) of one organisation; refuses E_ORG_NOT_FOUND."""
    found = organisations.chain(code)
    if not found:
        raise _unknown(code, field)
    return found


def require_record(code: str) -> OrganisationRecord:
    """Its record, kept from others until the change ends; refuses E_ORG_NOT_FOUND."""
    organisation_moves.keep_structure()
    found = organisation_records.lock(code)
    if found is None:
        raise _unknown(code, None)
    return found


def _unknown(code: str, field: str | None) -> Refused:
    return Refused("E_ORG_NOT_FOUND", field=field, detail_zh=code[:_SHOWN], detail_en=code[:_SHOWN])
