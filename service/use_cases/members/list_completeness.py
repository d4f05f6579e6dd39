"""How complete the records of an organisation are, and of each one of the next level (R-208, R-209)."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.members import member_keeping
from service.storage.db import reading
from service.storage.members import member_details
from service.storage.organisations import organisation_lists, organisations
from service.storage.organisations.organisation_lists import Filter
from service.use_cases.organisations.chains import require_chain

PER_PAGE = 20
EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Completeness:
    """An organisation with the average of the members in it and below, in per cent; None where there are none."""

    code: str
    name: str
    members: int
    completeness: float | None


@dataclass(frozen=True, slots=True)
class CompletenessPage:
    """The organisation itself, and one page of the next level."""

    own: Completeness
    items: Sequence[Completeness]
    total: int
    page: int
    per_page: int


def own_completeness(code: str, *, actor: Actor) -> Completeness:
    """Of one organisation; refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_NOT_FOUND."""
    with reading():
        chain = require_chain(code)
        member_keeping.require_seen(actor, chain)
        return _of(code, chain[0].name, member_details.average(organisations.path_of(chain[0].id)))


def list_completeness(code: str, *, actor: Actor, page: int = 1, wanted: Filter = EVERYTHING) -> CompletenessPage:
    """Of the organisation and of a page of what `wanted` lists below it: the next level, unless it says otherwise.

    Refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_NOT_FOUND, E_QUERY_INVALID.
    """
    if page < 1:
        raise Refused("E_QUERY_INVALID", field="page")
    with reading():
        chain = require_chain(code)
        member_keeping.require_seen(actor, chain)
        path = organisations.path_of(chain[0].id)
        below = organisation_lists.below(path, chain[0].id, wanted, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
        total = organisation_lists.count_below(path, chain[0].id, wanted)
        paths = organisations.paths_of([each.id for each in below])
        own, averages = member_details.averages(path, [paths[each.id] for each in below])
        items = [_of(each.code, each.name, found) for each, found in zip(below, averages, strict=True)]
        return CompletenessPage(_of(code, chain[0].name, own), items, total, page, PER_PAGE)


def _of(code: str, name: str, found: member_details.Average) -> Completeness:
    number, average = found
    return Completeness(code, name, number, None if average is None else round(average, 1))
