"""An application that came back is corrected and submitted again, under the rules it was first submitted under (R-077)."""

from datetime import timedelta

import pytest

from service.domain.accounts.actors import Actor
from service.domain.members.members import MemberStatus
from service.domain.transfers.actions import Action
from service.domain.transfers.transfers import TransferState
from service.storage.db import reading
from service.use_cases.transfers.preview_resubmission import preview_resubmission
from tests.reference.notation import written, written_hop
from tests.use_cases.attempts import outcome, refusal, rows
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.test_administrators_leave import appoint, relieve
from tests.use_cases.test_order_of_checks import become
from tests.use_cases.walker import Played, submit

RETURNS = {
    "beijing": ("XU-C1-B1", "XA-S1", "", Action.REJECT),
    "beijing-cuc": ("XU-C1-B1", "XA-S1", "", Action.REJECT),
    "national": ("GU-1-B1", "RC1-T-B1", "GU-1", Action.DISAPPROVE),
    "fujian": ("A2-T1-B1", "A1-T2-B1", "", Action.REJECT),
    "shandong": ("A2-T1-B1", "A1-T2-B1", "A2-T1-B1", Action.RETURN),
    "default": ("A2-T1-B1", "A1-T2-B1", "", Action.RETURN),
}
TARGETS = {"beijing": "XU-C2", "beijing-cuc": "XU-C2", "national": "RC1-T"}


def returned(make_world: MakeWorld, profile: str) -> Played:
    """A transfer that its first approver has sent back."""
    origin, target, starter, back = RETURNS[profile]
    played = submit(make_world(profile), origin, target, starter=starter).act(back)
    assert played.transfer.state is TransferState.RETURNED_TO_APPLICANT
    return played


def again(played: Played, **answers: object) -> Played:
    """Submit it again, by the action that its profile has for it."""
    offered = played.view(played.holder()).actions
    action = Action.SUBMIT if Action.SUBMIT in offered else Action.APPROVE_AND_ISSUE
    return played.act(action, **{"attestation": True, **answers})


def previewed(played: Played, actor: Actor | None = None, **answers: object) -> object:
    return preview_resubmission(
        played.id,
        answers=answers,
        actor=actor or played.holder(),
        now=played.now,
        deployment=played.world.deployment,
    )


@pytest.mark.requirement("R-077")
@pytest.mark.requirement("R-074")
@pytest.mark.parametrize("profile", sorted(RETURNS))
def test_corrected_previewed_and_submitted_again(make_world: MakeWorld, profile: str) -> None:
    played = returned(make_world, profile)
    target = TARGETS.get(profile, "A1-T1-B1")
    before = rows()
    route = previewed(played, target=target).route
    assert rows() == before
    again(played, target=target)
    assert played.transfer.target.org.code == target
    assert [hop.org for hop in route.hops] == [hop.org for hop in played.transfer.hops]
    assert written(route).split(": ")[1] == " > ".join(written_hop(hop) for hop in played.transfer.hops)
    played.to_end()
    assert played.transfer.state is TransferState.COMPLETED


@pytest.mark.requirement("R-074")
def test_only_who_may_submit_it_sees_its_route(make_world: MakeWorld) -> None:
    played = returned(make_world, "fujian")
    world = played.world
    assert outcome(lambda: previewed(played, world.admins["A2-T1-B1"])) == "E_NOT_CURRENT_HOP"
    assert outcome(lambda: previewed(played, world.admins["B1-S1"])) == "E_NOT_FOUND"
    again(played)
    assert outcome(lambda: previewed(played, played.member)) == "E_TRANSFER_LOCKED"


@pytest.mark.requirement("R-077")
@pytest.mark.requirement("R-223")
def test_the_same_rules_hold_and_every_fault_is_named(make_world: MakeWorld) -> None:
    played = returned(make_world, "fujian")
    wrong = {"contact": "1", "dues_paid_to": "2030-01", "reason": "", "sex": "FEMALE"}
    refused = refusal(lambda: again(played, **wrong))
    assert {each.field: each.code for each in refused.fields} == {
        "contact": "E_PHONE_FORMAT", "dues_paid_to": "E_DUES_FUTURE", "reason": "E_REASON_REQUIRED",
        "sex": "E_FIELD_READONLY",
    }  # fmt: skip
    for target, code in {
        "A2-T1-B1": "E_SAME_BRANCH", "A2-T1": "E_TARGET_IS_SUPERIOR", "H-O": "E_TARGET_NOT_ALLOWED",
        "A1-T2": "E_TARGET_PRECISION", "A9": "E_ORG_NOT_FOUND", "某支部": "E_ORG_NOT_FOUND",
    }.items():  # fmt: skip
        assert outcome(lambda at=target: again(played, target=at)) == code, target
        assert outcome(lambda at=target: previewed(played, target=at)) == code, target
    # The target is judged before the fields, as at first.
    assert outcome(lambda: again(played, target="A2-T1-B1", **wrong)) == "E_SAME_BRANCH"


@pytest.mark.requirement("R-077")
def test_a_full_name_is_found_here_too(make_world: MakeWorld) -> None:
    played = again(returned(make_world, "fujian"), target="柳溪村党支部")
    assert played.transfer.target.org.code == "A1-T1-B1"
    assert played.view(played.member).application["target"] == "A1-T1-B1"


@pytest.mark.requirement("R-076")
@pytest.mark.requirement("R-070")
def test_its_kind_stays_what_it_was(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    outside = submit(world, "A2-T1-B1", "").act(Action.REJECT)
    for changed, code in (
        ({"off_tree": False}, "E_OFF_TREE_LOCKED"),
        ({"destination_kind": "ABROAD"}, "E_FIELD_READONLY"),
        ({"variety": "INTERNAL"}, "E_FIELD_READONLY"),
        ({"target": "A1-T2-B1"}, "E_TARGET_MUST_BE_TEXT"),
    ):
        assert outcome(lambda given=changed: again(outside, **given)) == code
    again(outside, off_tree=True, destination_kind="OTHER_PROVINCE", target="中共另一市委组织部")
    assert outside.transfer.target.text == "中共另一市委组织部"
    inside = submit(world, "A2-T1-B1", "A1-T2-B1").act(Action.REJECT)
    assert outcome(lambda: again(inside, off_tree=True)) == "E_FIELD_READONLY"
    assert outcome(lambda: again(inside, off_tree=True, target="某省委")) == "E_ORG_NOT_FOUND"
    # Another variety would need another diagram.
    assert outcome(lambda: again(inside, target="A2-T1-B2")) == "E_ORG_NOT_FOUND"


@pytest.mark.requirement("R-073")
def test_a_target_of_another_variety_needs_another_transfer(make_world: MakeWorld) -> None:
    played = submit(make_world("fujian"), "A1-T1-B1", "A1-T1-B2").act(Action.REJECT)
    assert outcome(lambda: again(played, target="A2-T1-B1")) == "E_VARIETY_MISMATCH"
    assert outcome(lambda: previewed(played, target="A2-T1-B1")) == "E_VARIETY_MISMATCH"


@pytest.mark.requirement("R-075")
@pytest.mark.parametrize("profile", ["national", "default"])
def test_the_box_is_ticked_again(make_world: MakeWorld, profile: str) -> None:
    played = returned(make_world, profile)
    assert outcome(lambda: again(played, attestation=None)) == "E_ATTESTATION_REQUIRED"
    assert outcome(lambda: previewed(played)) == "ok"
    assert outcome(lambda: again(played)) == "ok"


@pytest.mark.requirement("R-061")
@pytest.mark.parametrize("profile", ["shandong", "fujian"])
def test_it_keeps_its_date(make_world: MakeWorld, profile: str) -> None:
    played = returned(make_world, profile)
    played.now += timedelta(days=9)
    again(played, transfer_out_date="2025-03-10")
    known = played.view(played.holder()).application
    assert (known["application_date"], known["transfer_out_date"]) == ("2025-03-10", "2025-03-10")


@pytest.mark.requirement("R-046")
@pytest.mark.requirement("R-199")
def test_what_has_become_of_the_person_counts(make_world: MakeWorld) -> None:
    played = returned(make_world, "fujian")
    world, member = played.world, played.member
    become(member.member_id, MemberStatus.MEMBERSHIP_SUSPENDED)
    assert outcome(lambda: again(played)) == "E_MEMBER_SUSPENDED"
    become(member.member_id, MemberStatus.ACTIVE)
    relieve(world, world.admins["A2-T1-B1"], "A2-T1-B1")
    appoint(world, member, "A2-T1-B1")
    assert outcome(lambda: again(played)) == "E_ADMIN_SUCCESSOR_REQUIRED"
    appoint(world, world.people["A2-T1-B1"], "A2-T1-B1")
    assert outcome(lambda: again(played)) == "ok"
    with reading():
        assert world.branch_of(member) == "A2-T1-B1"
