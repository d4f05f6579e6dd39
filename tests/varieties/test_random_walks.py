"""Random play on the real diagrams: whatever is offered may be done, and the transfer stays sound and can end."""

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain import judging
from service.domain.actions import Action
from service.domain.cases import RouteCase
from service.domain.effects import MembershipLeft, MembershipMoved
from service.domain.errors import Refused
from service.domain.hops import Fill, HopState
from service.domain.organisations import AuthorityLevel, Chain
from service.domain.transfers import TransferState
from tests.reference.trees import TREE_OF_PROFILE, TREES, chains
from tests.varieties.walker import ENGINE, Walk, diagram_of, walk_of

TREE_CHAINS = {name: chains(text) for name, text in TREES.items()}


@st.composite
def walks(draw: st.DrawFn) -> Walk:
    name = draw(st.sampled_from(sorted(TREE_OF_PROFILE)))
    tree = TREE_CHAINS[TREE_OF_PROFILE[name]]
    branches = sorted(code for code, chain in tree.items() if chain[0].is_branch)
    incoming = draw(st.integers(0, 9)) == 0
    origin = None if incoming else tree[draw(st.sampled_from(branches))]
    target = None if not incoming and draw(st.integers(0, 3)) == 0 else draw(st.sampled_from(sorted(tree)))
    case = RouteCase(
        origin=origin,
        target=tree[target] if target else None,
        starter=draw(_starter(tree, origin)),
        has_cities=any(c[0].level is AuthorityLevel.CITY_COMMITTEE for c in tree.values()),
    )
    try:
        return walk_of(case, name, tree)
    except Refused:
        return Walk(None, tree)  # type: ignore[arg-type]


def _starter(tree: dict[str, Chain], origin: Chain | None) -> st.SearchStrategy[Chain | None]:
    if origin is None:
        return st.sampled_from(sorted(tree)).map(tree.__getitem__)
    return st.sampled_from([None, *(tree[org.code] for org in origin)])


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(walk=walks(), data=st.data())
def test_whatever_is_offered_keeps_the_transfer_sound(walk: Walk, data: st.DataObject) -> None:
    if walk.context is None:
        return
    for _ in range(data.draw(st.integers(0, 12))):
        if walk.transfer.state.is_final:
            break
        actor = data.draw(st.sampled_from([walk.actor(), *map(walk.admin, sorted(walk.chains))]))
        offered = judging.offered(walk.context, actor)
        if not offered:
            continue
        action = data.draw(st.sampled_from(offered))
        play(walk, actor, action, data)
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
