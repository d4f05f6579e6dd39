"""Reading and writing routes in the notation of the worked examples."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.domain.organisations.organisations import AuthorityLevel, Chain
from service.domain.routes.cases import RouteCase
from service.domain.routes.hops import Fill, Hop, HopRole
from service.domain.routes.routes import Route
from service.domain.routes.varieties import DestinationKind
from tests.reference.examples import Example

_MARKS = {
    HopRole.START: "[S]",
    HopRole.APPLY: "[A]",
    HopRole.RECEIVE: "[R]",
    HopRole.CONFIRM_REPORT_IN: "[C]",
    HopRole.CONFIRM_OUTSIDE: "[C]",
    HopRole.RECORD_RECEIPT: "[RR]",
    HopRole.REPORT_IN: "[I]",
    HopRole.CLOSE: "[close]",
}
_FILLS = {Fill.AUTO: "[AUTO]", Fill.AUTO_FILLED: "[F]"}


def written(route: Route) -> str:
    """Write a route as the worked examples do."""
    return f"{route.variety}: " + " > ".join(written_hop(hop) for hop in route.hops)


def written_hop(hop: Hop) -> str:
    """Write one hop."""
    name = hop.code or ("applicant" if hop.role is HopRole.APPLY else "chosen branch")
    return name + (_FILLS.get(hop.fill) or _MARKS.get(hop.role, ""))


def written_answer(hops: Iterable[Mapping[str, Any]]) -> str:
    """Write the hops of an answer of the interface as the worked examples do."""
    return " > ".join(_written_plain(hop) for hop in hops)


def _written_plain(hop: Mapping[str, Any]) -> str:
    role = HopRole(hop["role"])
    name = hop["org"]["code"] if hop["org"] else "applicant" if role is HopRole.APPLY else "chosen branch"
    return name + (_FILLS.get(Fill(hop["fill"])) or _MARKS.get(role, ""))


def case_of(example: Example, chains: dict[str, Chain]) -> RouteCase:
    """Build the case of a worked example on its reference tree."""
    starter = example.starter
    if not starter:
        # Shandong's examples are started by the branch, the others by the member himself.
        starter = example.origin if example.profile == "shandong" else "member"
    return RouteCase(
        origin=chains[example.origin],
        target=chains.get(example.target),
        starter=None if starter == "member" else chains[starter],
        destination_kind=DestinationKind.MILITARY if "military" in example.title else None,
        has_cities=any(chain[0].level is AuthorityLevel.CITY_COMMITTEE for chain in chains.values()),
    )
