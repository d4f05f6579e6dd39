"""Find an organisation by its code or by a part of its name (R-010)."""

from dataclasses import dataclass

from service.domain.organisations import Organisation
from service.storage import organisations
from service.storage.db import reading

MOST = 100


@dataclass(frozen=True, slots=True)
class FoundOrganisation:
    """An organisation with the names of its superiors, the nearest first: many have the same name."""

    organisation: Organisation
    superiors: tuple[str, ...]


def search_organisations(text: str, *, limit: int) -> tuple[FoundOrganisation, ...]:
    """The active organisations that fit, shortest names first; none for an empty text."""
    wanted = text.strip()
    if not wanted:
        return ()
    with reading():
        found = organisations.search(wanted, limit=min(limit, MOST))
        chains = organisations.chains(org.code for org in found)
    return tuple(FoundOrganisation(org, tuple(each.name for each in chains[org.code][1:])) for org in found)


def name_of(code: str) -> str:
    """The name of one organisation by its code, empty when there is none."""
    with reading():
        chain = organisations.chain(code)
    return chain[0].name if chain else ""
