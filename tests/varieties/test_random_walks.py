"""Random play on the real diagrams: whatever is offered may be done, and the transfer stays sound and can end."""

import contextlib
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.definitions.profiles import profile
from service.domain.errors import Refused
from service.domain.organisations.organisations import AuthorityLevel, Chain
from service.domain.routes.cases import RouteCase
from service.domain.routes.hops import Fill, HopState
from service.domain.routes.routes import preview_route
from service.domain.routes.varieties import Variety
from service.domain.transfers import judging
from service.domain.transfers.actions import Action
from service.domain.transfers.effects import MembershipLeft, MembershipMoved
from service.domain.transfers.transfers import TransferState
from tests.reference.trees import TREE_OF_PROFILE, TREES, chains
from tests.varieties.walker import ENGINE, Walk, diagram_of, walk_of

TREE_CHAINS = {name: chains(text) for name, text in TREES.items()}


@cache
def cases_of(name: str) -> dict[Variety, list[RouteCase]]:
    """Every start that the profile allows on its reference tree, by variety."""
    tree, rules = TREE_CHAINS[TREE_OF_PROFILE[name]], profile(name)
    has_cities = any(chain[0].level is AuthorityLevel.CITY_COMMITTEE for chain in tree.values())
    found: dict[Variety, list[RouteCase]] = {}
    for origin, target, starter in starts(tree):
        case = RouteCase(origin=origin, target=target, starter=starter, has_cities=has_cities)
        with contextlib.suppress(Refused):
            found.setdefault(preview_route(case, rules).variety, []).append(case)
    return found


def starts(tree: dict[str, Chain]) -> Iterator[tuple[Chain | None, Chain | None, Chain | None]]:
    for target in tree.values():
        yield from ((None, target, starter) for starter in tree.values())
    for origin in (chain for chain in tree.values() if chain[0].is_branch):
        for target in (None, *tree.values()):
            yield origin, target, None
            yield from ((origin, target, tree[org.code]) for org in origin)


PLAYS = [
    (name, variety)
    for name in sorted(TREE_OF_PROFILE)
    for variety in Variety
    if not (variety is Variety.INTRA_COUNTY and name.startswith("beijing"))
]


@pytest.mark.parametrize(("name", "variety"), PLAYS)
@given(data=st.data())
def test_whatever_is_offered_keeps_the_transfer_sound(name: str, variety: Variety, data: st.DataObject) -> None:
    """Beijing has no intra-county variety; every other diagram is played in every profile."""
    case = data.draw(st.sampled_from(cases_of(name)[variety]))
    walk = walk_of(case, name, TREE_CHAINS[TREE_OF_PROFILE[name]])
    sound(walk)
    for _ in range(data.draw(st.integers(0, 12))):
        if walk.transfer.state.is_final:
            break
        actor = data.draw(st.sampled_from([walk.actor(), *map(walk.admin, sorted(walk.chains))]))
        offered = judging.offered(walk.context, actor)
        if offered:
            play(walk, actor, data.draw(st.sampled_from(offered)), data)
            sound(walk)
    walk.to_end()
    sound(walk)
    assert walk.transfer.state.is_final


def play(walk: Walk, actor: object, action: Action, data: st.DataObject) -> None:
    target = data.draw(st.sampled_from(sorted(walk.chains))) if action in TARGETING else ""
    branch = data.draw(st.sampled_from(["", *sorted(walk.chains)])) if action is Action.RECEIVE else ""
    before = walk.context
    with contextlib.suppress(Refused):
        walk.decide(actor, action, target=target, branch=branch)
        return
    assert walk.context.transfer == before.transfer


TARGETING = frozenset({Action.CHANGE_TARGET, Action.ADJUST_RECEIVER})


def sound(walk: Walk) -> None:
    transfer = walk.transfer
    opened = ENGINE.open_tasks(diagram_of(transfer.variety), state=walk.state)
    if transfer.state.is_final:
        assert opened == ()
        waiting = [h for h in transfer.hops if h.state in (HopState.PENDING, HopState.RETURNED)]
        assert transfer.state is not TransferState.COMPLETED or waiting == []
        return
    assert [task.element for task in opened] == [transfer.hop.step]
    assert transfer.hop.state is HopState.PENDING
    assert all(h.state not in (HopState.PENDING, HopState.RETURNED) for h in transfer.hops[: transfer.position])
    assert transfer.hop.fill is not Fill.AUTO
    moves = [e for e in walk.memberships if isinstance(e, MembershipMoved | MembershipLeft)]
    if transfer.state is TransferState.COMPLETED:
        assert moves
