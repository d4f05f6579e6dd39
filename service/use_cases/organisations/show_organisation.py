"""One organisation of the tree with its superiors, and the level below it."""

from collections.abc import Sequence

from service.domain.errors import Refused
from service.domain.organisations.organisations import Chain, Organisation
from service.storage.db import reading
from service.storage.organisations import organisations


def show_organisation(code: str) -> Chain:
    """up(x) of one organisation; refuses E_ORG_NOT_FOUND."""
    with reading():
        return _chain(code)


def list_children(code: str, *, page: int = 1, per_page: int = 20) -> Sequence[Organisation]:
    """One page of the next level below an organisation; refuses E_ORG_NOT_FOUND."""
    with reading():
        _chain(code)
        return organisations.children(code, limit=per_page, offset=(page - 1) * per_page)


def _chain(code: str) -> Chain:
    found = organisations.chain(code)
    if not found:
        raise Refused("E_ORG_NOT_FOUND", detail_zh=code[:40], detail_en=code[:40])
    return found
