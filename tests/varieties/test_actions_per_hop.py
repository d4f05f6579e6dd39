"""What each hop offers in each profile, to its holder and to nobody else (requirements 4.6, R-089)."""

import pytest

from service.domain.errors import Refused
from service.domain.organisations.organisations import AuthorityLevel
from service.domain.routes.cases import RouteCase
from service.domain.transfers import judging
from service.domain.transfers.actions import Action, negative_action
from tests.reference.trees import TREE_OF_PROFILE, TREES, chains
from tests.varieties.walker import Walk, walk_of

HOPS = [
    ("beijing", "XU-C1-B1", "XA-S1", "XU-C1-B1", "approve reject"),
    ("beijing", "XU-C1-B1", "XA-S1", "XU-C1", "approve_in_city approve_out_of_city reject"),
    ("beijing", "XU-G1-B1", "XA-S1", "XU-G1", "approve_in_city approve_out_of_city reject"),
    ("beijing", "XU-C1-B1", "XU-C1-B2", "XU-C1", "approve reject"),
    ("beijing", "XU-C1-B1", "XA-S1", "XA-S1", "receive reject"),
    ("beijing", "XU-C1-B1", "", "XU-C1", "approve_in_city approve_out_of_city reject"),
    ("beijing-cuc", "XU-C1-B1", "XA-S1", "XU-C1", "approve_in_city approve_out_of_city reject"),
    ("beijing-cuc", "XU-DB", "XA-S1", "XU-DB", "approve reject"),
    ("national", "GU-1-B1", "RC1-T-B1", "RC1", "approve disapprove change_target revoke"),
    ("national", "GU-1-B1", "RC1-T-B1", "RC1-T", "receive disapprove change_target revoke"),
    ("national", "GU-1-B1", "", "GU", "close disapprove change_target revoke"),
    ("fujian", "A1-T1-B1", "B1-S1-B1", "A1-T1-B1", "approve reject"),
    ("fujian", "A1-T1-B1", "B1-S1-B1", "B1-S1", "approve reject"),
    ("fujian", "A1-T1-B1", "B1-S1-B1", "B1-S1-B1", "approve reject"),
    ("fujian", "A1-T1-B1", "", "A1-T1-B1", "approve reject"),
    ("fujian", "A1-T1-B1", "", "A1-T1", "approve save_letter reject"),
    ("fujian", "A1-T1-B1", "", "A1", "approve reject"),
    ("shandong", "A1-T1-B1", "A2-T1-B1", "A1-T1", "approve_and_issue return"),
    ("shandong", "A1-T1-B1", "A2-T1-B1", "A2", "approve_and_issue adjust_receiver return"),
    ("shandong", "A1-T1-B1", "A2-T1-B1", "A2-T1", "approve_and_issue adjust_receiver receive return"),
    ("shandong", "A1-T1-B1", "A2-T1-B1", "A2-T1-B1", "receive return"),
    ("shandong", "A1-T1-B1", "A2-T1", "A2-T1", "receive adjust_receiver return"),
    ("shandong", "A1-T1-B1", "", "A1", "approve_and_issue return"),
    ("default", "A1-T1-B1", "A2-T1-B1", "A1-T1", "approve_and_issue return"),
    ("default", "A1-T1-B1", "A2-T1-B1", "A2", "approve_and_issue adjust_receiver return"),
    ("default", "A1-T1-B1", "A2-T1-B1", "A2-T1", "approve_and_issue adjust_receiver receive return"),
    ("default", "A1-T1-B1", "A2-T1-B1", "A2-T1-B1", "receive return"),
    ("default", "A1-T1-B1", "", "A1", "approve_and_issue return"),
]


def begun(name: str, origin: str, target: str) -> Walk:
    tree = chains(TREES[TREE_OF_PROFILE[name]])
    starter = {"shandong": tree[origin], "default": tree[origin], "national": tree[origin][1:]}.get(name)
    has_cities = any(chain[0].level is AuthorityLevel.CITY_COMMITTEE for chain in tree.values())
    return walk_of(RouteCase(tree[origin], tree.get(target), starter, has_cities=has_cities), name, tree)


@pytest.mark.requirement("R-089")
@pytest.mark.parametrize(("name", "origin", "target", "hop", "expected"), HOPS)
def test_a_hop_offers(name: str, origin: str, target: str, hop: str, expected: str) -> None:
    walk = begun(name, origin, target)
    while walk.transfer.hop.code != hop:
        walk.forward()
    offered = judging.offered(walk.context, walk.actor())
    own = [action for action in offered if action not in (Action.REVOKE, Action.WITHDRAW_APPROVAL)]
    assert set(own) == {Action(code) for code in expected.split()} - {Action.REVOKE}
    others = {code for code in walk.chains if code != hop}
    for code in others:
        elsewhere = judging.offered(walk.context, walk.admin(code))
        assert not set(elsewhere) & set(own), f"{code} may not decide for {hop}"


LATE = [
    ("fujian", "A1-T1-B1", "A1-T1-B2", "confirm_report_in", {"A1-T1-B2": "confirm_report_in object withdraw_approval"}),
    ("fujian", "A1-T1-B1", "", "confirm_outside", {"A1": "confirm_outside withdraw_approval"}),
    ("shandong", "A1-T1-B1", "", "record_receipt", {"A1-T1": "record_receipt", "A1": "recall_letter"}),
    (
        "default",
        "A1-T1-B1",
        "",
        "record_receipt",
        {"A1-T1": "record_receipt", "A1": "recall_letter", "A1-T1-B1": "revoke"},
    ),
    ("beijing", "XU-C1-B1", "", "record_receipt", {"XU-C1": "record_receipt recall_letter", "XU": ""}),
    ("beijing-cuc", "XU-G1-B1", "", "record_receipt", {"XU": "record_receipt recall_letter", "XU-G1": ""}),
    (
        "national",
        "GU-1-B1",
        "GU-2-B1",
        "report_in",
        {
            "GU-2-B1": "report_in",
            "GU-2": "report_in return_unreported revoke",
            "RE": "report_in return_unreported",
            "GU-1": "revoke",
        },
    ),
]


@pytest.mark.requirement("R-123")
@pytest.mark.requirement("R-133")
@pytest.mark.parametrize(("name", "origin", "target", "step", "expected"), LATE)
def test_the_last_steps_offer(name: str, origin: str, target: str, step: str, expected: dict[str, str]) -> None:
    walk = begun(name, origin, target)
    while walk.step != step:
        walk.forward()
    for code, actions in expected.items():
        offered = judging.offered(walk.context, walk.admin(code))
        assert set(offered) == {Action(each) for each in actions.split()}, code


@pytest.mark.scenario("S-53")
@pytest.mark.requirement("R-127")
def test_approve_is_not_offered_at_the_terminal() -> None:
    walk = begun("national", "GU-1-B1", "")
    with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
        walk.decide(walk.admin("GU"), Action.APPROVE)
    with pytest.raises(Refused, match="E_NOT_CURRENT_HOP"):
        walk.decide(walk.admin("GU-1"), Action.CLOSE)


APPLICANTS = [
    ("shandong", "A1-T1-B1", "A2-T1-B1", "approve_and_issue void"),
    ("default", "A1-T1-B1", "A2-T1-B1", "submit void revoke"),
    ("fujian", "A1-T1-B1", "A2-T1-B1", "submit void"),
    ("beijing", "XU-C1-B1", "XA-S1", "submit void"),
    ("beijing-cuc", "XU-C1-B1", "XA-S1", "submit void"),
    ("national", "GU-1-B1", "RC1-T-B1", "submit revoke"),
]


@pytest.mark.requirement("R-107")
@pytest.mark.parametrize(("name", "origin", "target", "expected"), APPLICANTS)
def test_the_initiator_who_gets_it_back(name: str, origin: str, target: str, expected: str) -> None:
    walk = begun(name, origin, target)
    walk.decide(walk.actor(), negative_action(walk.context.profile))
    assert walk.transfer.at_application
    assert set(judging.offered(walk.context, walk.actor())) == {Action(each) for each in expected.split()}


@pytest.mark.requirement("R-164")
def test_the_receiving_side_hands_the_one_letter_on_without_writing_it() -> None:
    walk = begun("fujian", "A1-T1-B1", "B1-S1-B1")
    while walk.transfer.hop.code != "B1-S1-B1":
        walk.forward()
    letter = walk.transfer.letter
    assert letter is not None
    assert (letter.issuer.code, letter.addressee.code) == ("A1-T1", "B1-S1-B1")
