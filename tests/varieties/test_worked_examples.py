"""Every worked example is walked to its end by the administrators it names."""

import pytest

from service.domain.errors import Refused
from service.domain.routes.hops import Fill, HopRole, HopState
from service.domain.transfers.effects import MembershipLeft, MembershipMoved
from service.domain.transfers.transfers import TransferState
from tests.reference.examples import EXAMPLES, Example
from tests.reference.notation import case_of, written_hop
from tests.reference.trees import TREE_OF_PROFILE, TREES, chains
from tests.varieties.walker import Walk, walk_of


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.number)
def test_walk_to_the_end(example: Example) -> None:
    tree = chains(TREES[TREE_OF_PROFILE[example.profile]])
    case = case_of(example, tree)
    if "refused" in example.expected:
        with pytest.raises(Refused):
            walk_of(case, example.profile, tree)
        return
    walk = walk_of(case, example.profile, tree).to_end()
    assert walk.transfer.state is TransferState.COMPLETED
    assert len(walk.memberships) == 1
    expected_letters(walk)
    if case.target is None:
        assert isinstance(walk.memberships[0], MembershipLeft)
    else:
        moved = walk.memberships[0]
        assert isinstance(moved, MembershipMoved)
        branch = tree[moved.branch.code]
        assert branch[0].is_branch
        assert case.target[0] in branch
    for hop in walk.transfer.hops:
        assert hop.state not in (HopState.PENDING, HopState.RETURNED), hop
    route = " > ".join(written_hop(hop) for hop in walk.transfer.hops)
    assert route.replace("[I]", "") == example.expected.split(": ")[1].replace("[I]", "")


def expected_letters(walk: Walk) -> None:
    mode = walk.context.profile.choice("letter.per_hop")
    hops = walk.transfer.hops
    if mode == "single":
        assert len(walk.letters) == 1
    elif mode == "every_hop":
        issuing = [h for h in hops if h.role in (HopRole.START, HopRole.APPROVE)]
        assert [(letter.issuer.code) for letter in walk.letters] == [h.code for h in issuing]
        assert [letter.is_automatic for letter in walk.letters] == [h.fill is not Fill.NORMAL for h in issuing]
    else:
        issuing = [h for h in hops if h.role is HopRole.APPROVE]
        assert [letter.issuer.code for letter in walk.letters] == [h.code for h in issuing]
