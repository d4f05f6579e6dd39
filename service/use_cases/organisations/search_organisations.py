"""Find an organisation by its code, a part of its name, or the first letters of how it is read (R-010)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.domain import search_texts
from service.domain.errors import Refused
from service.domain.organisations.organisations import Organisation
from service.storage.db import reading
from service.storage.organisations import organisations

MOST = 100


@dataclass(frozen=True, slots=True)
class FoundOrganisation:
    """An organisation with the names of its superiors, the nearest first: many have the same name."""

    organisation: Organisation
    superiors: tuple[str, ...]


def search_organisations(text: str, *, limit: int) -> tuple[FoundOrganisation, ...]:
    """The active organisations that fit, shortest names first (R-008, R-009).

    Refuses E_QUERY_TOO_SHORT for a text that is neither a code nor long enough to be a part of a name.
    """
    wanted = text.strip()
    with reading():
        found = organisations.search(wanted, limit=min(limit, MOST)) if wanted else ()
        if not found and not search_texts.wanted(search_texts.folded(wanted)):
            raise Refused(
                "E_QUERY_TOO_SHORT", field="query", detail_zh="至少两个字", detail_en="at least two characters"
            )
        chains = organisations.chains(org.code for org in found)
    return tuple(FoundOrganisation(org, tuple(each.name for each in chains[org.code][1:])) for org in found)


def names_of(codes: Iterable[str]) -> Mapping[str, str]:
    """The names of organisations by their codes; a code that nobody has is left out."""
    with reading():
        return {code: chain[0].name for code, chain in organisations.chains(codes).items() if chain}


def name_of(code: str) -> str:
    """The name of one organisation by its code, empty when there is none."""
    with reading():
        chain = organisations.chain(code)
    return chain[0].name if chain else ""
