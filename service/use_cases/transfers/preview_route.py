"""Show the route a transfer would take, before anything is started (R-074, R-082)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from service.domain.errors import Refused
from service.domain.organisations.organisations import Chain
from service.domain.profile import Profile
from service.domain.routes.cases import RouteCase
from service.domain.routes.routes import Route
from service.domain.routes.routes import preview_route as plan
from service.domain.routes.varieties import DestinationKind, OutType, Variety
from service.storage.db import reading
from service.storage.organisations import organisations

APPLICANT = "applicant"


@dataclass(frozen=True, slots=True)
class Question:
    """A route asked for by organisation codes.

    Empty `origin` = incoming, empty `target` = outside; `starter` is a code or "applicant".
    """

    origin: str
    target: str
    starter: str
    destination_kind: DestinationKind | None = None
    variety: Variety | None = None
    out_type: OutType | None = None
    off_tree: bool = False
    is_graduate: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes it names."""
        starter = "" if self.starter == APPLICANT else self.starter
        return tuple(code for code in (self.origin, self.target, starter) if code)


def preview_route(question: Question, *, profile: Profile) -> Route:
    """Plan one route; refuses E_ORG_NOT_FOUND and whatever the start of such a transfer would refuse."""
    with reading():
        return plan(build_case(question), profile)


def preview_routes(questions: Iterable[Question], *, profile: Profile) -> Iterator[Route | Refused]:
    """Plan many routes in the order of the questions; a refusal takes the place of its route."""
    with reading():
        for question in questions:
            try:
                yield plan(build_case(question), profile)
            except Refused as refusal:
                yield refusal


def build_case(question: Question) -> RouteCase:
    """Look the organisations up; refuses E_ORG_NOT_FOUND naming the unknown codes' field."""
    chains = organisations.chains(question.codes)
    by_member = question.starter == APPLICANT
    return RouteCase(
        origin=_chain(chains, question.origin, "origin"),
        target=_chain(chains, question.target, "target"),
        starter=None if by_member else _chain(chains, question.starter, "starter"),
        destination_kind=question.destination_kind,
        variety=question.variety,
        out_type=question.out_type,
        off_tree=question.off_tree,
        is_graduate=question.is_graduate,
        has_cities=organisations.has_cities(),
    )


def _chain(chains: Mapping[str, Chain], code: str, field: str) -> Chain | None:
    if not code:
        return None
    if code not in chains:
        raise Refused("E_ORG_NOT_FOUND", field=field, detail_zh=code, detail_en=code)
    return chains[code]
