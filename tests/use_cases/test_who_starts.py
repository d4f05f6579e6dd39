"""Who may start a transfer, for whom, through the use cases of every profile (R-050–R-056, R-079)."""

from dataclasses import replace

import pytest

from service.domain.accounts.roles import Role
from service.domain.applying.choosing import HIMSELF, Chosen
from service.domain.members.members import MemberKind, MemberStatus
from service.domain.transfers.transfers import TransferState
from service.storage.db import reading
from service.storage.members import members
from service.use_cases.transfers.draft_application import draft_application
from service.use_cases.transfers.offered_starts import Start, offered_starts
from tests.reference.seeding import VAULT, World
from tests.use_cases.attempts import attempt, outcome, started
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import NOW

# Profile; the member's branch and the target; who may start him: the member himself, then organisations above him.
STARTERS = {
    "beijing": ("XU-C1-B1", "XU-C1-B2", {"": "ok", "XU-C1-B1": "ok", "XU-C1": "E_START_NOT_ALLOWED"}),
    "beijing-cuc": ("XU-G1-B1", "XA-S1", {"": "ok", "XU-G1-B1": "ok", "XU-G1": "E_START_NOT_ALLOWED"}),
    "national": (
        "GU-1-B1",
        "GU-2",
        {"": "E_START_NOT_ALLOWED", "GU-1-B1": "E_START_NOT_ALLOWED", "GU-1": "ok", "GU": "E_NOT_SUBORDINATE"},
    ),
    "fujian": ("A1-T1-B1", "A1-T2-B1", {"": "ok", "A1-T1-B1": "ok", "A1-T1": "ok", "A1": "ok", "P": "ok"}),
    "shandong": (
        "A1-T1-B1",
        "A1-T2-B1",
        {"": "E_START_NOT_ALLOWED", "A1-T1-B1": "ok", "A1-T1": "ok", "A1": "E_START_NOT_ALLOWED"},
    ),
    "default": (
        "A1-T1-B1",
        "A1-T2-B1",
        {"": "ok", "A1-T1-B1": "ok", "A1-T1": "ok", "A1": "E_START_NOT_ALLOWED"},
    ),
}


@pytest.mark.requirement("R-050")
@pytest.mark.requirement("R-052")
@pytest.mark.requirement("R-079")
@pytest.mark.parametrize("profile", sorted(STARTERS))
def test_who_starts_in_each_profile(make_world: MakeWorld, profile: str) -> None:
    world = make_world(profile)
    origin, target, expected = STARTERS[profile]
    for starter, code in expected.items():
        member = world.newcomer(origin)
        actor, chosen = (world.admins[starter], Chosen(member.member_id)) if starter else (member, Chosen())
        assert attempt(world, actor, {"target": target}, chosen=chosen) == code, starter
        # Who may not start at all is not offered the button; whom he may move is asked later.
        offered = Start.OUTGOING in offered_starts(actor, profile=world.deployment.profile)
        assert offered is (code != "E_START_NOT_ALLOWED"), starter
        drafted = outcome(lambda who=actor, whom=chosen: draft(world, who, whom))
        assert drafted == ("E_TRANSFER_IN_PROGRESS" if code == "ok" else code)


def draft(world: World, actor: object, chosen: Chosen = HIMSELF) -> object:
    return draft_application(actor=actor, chosen=chosen, now=NOW, deployment=world.deployment)


@pytest.mark.requirement("R-050")
@pytest.mark.requirement("R-014")
@pytest.mark.scenario("S-03")
def test_without_permission_or_office_nobody_starts(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    member = Chosen(world.people["A1-T1-G-B1"].member_id)
    assert attempt(world, world.admins["A1-T1-G"], {"target": "A1-T1-B1"}, chosen=member) == "E_NO_TRANSFER_PERMISSION"
    assert offered_starts(world.admins["A1-T1-G"], profile=world.deployment.profile) == frozenset()
    auditor = replace(world.admins["A1-T1"], role=Role.AUDITOR)
    assert attempt(world, auditor, {"target": "A1-T1-B1"}, chosen=member) == "E_START_NOT_ALLOWED"


@pytest.mark.requirement("R-052")
def test_a_member_applies_for_himself_only(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    feng, other = world.people["A2-T1-B1"], world.people["A1-T1-B1"]
    for chosen in (Chosen(other.member_id), Chosen(name="张样例", id_number="379901198501010017")):
        assert attempt(world, feng, {"target": "A1-T2-B1"}, chosen=chosen) == "E_FORBIDDEN"
    assert attempt(world, feng, {"target": "A1-T2-B1"}, chosen=Chosen(feng.member_id)) == "ok"


@pytest.mark.requirement("R-051")
@pytest.mark.scenario("S-58")
@pytest.mark.parametrize("profile", ["beijing", "beijing-cuc"])
def test_for_a_probationary_member_his_branch_applies(make_world: MakeWorld, profile: str) -> None:
    world = make_world(profile)
    lu = world.newcomer("XU-C1-B2", name="吕样例", kind=MemberKind.PROBATIONARY)
    assert attempt(world, lu, {"target": "XA-S1"}) == "E_PROBATIONARY_SELF_START"
    started(world, world.admins["XU-C1-B2"], {"target": "XA-S1"}, chosen=Chosen(lu.member_id))


@pytest.mark.requirement("R-053")
@pytest.mark.requirement("R-059")
def test_a_branch_in_beijing_is_asked_for_the_target_alone(make_world: MakeWorld) -> None:
    world = make_world("beijing")
    nothing = dict.fromkeys(("dues_paid_to", "contact", "reason", "attestation"))
    bare = nothing | {f"committee_{name}": None for name in ("contact", "telephone", "fax", "postcode", "address")}
    who = world.newcomer("XU-C1-B1")
    played = started(world, world.admins["XU-C1-B1"], {**bare, "target": "XU-C1-B2"}, chosen=Chosen(who.member_id))
    # The branch's own approval follows as a separate step.
    assert played.transfer.hop.code == "XU-C1-B1"
    assert played.transfer.state is TransferState.IN_PROGRESS
    other = world.newcomer("XU-C1-B1")
    assert attempt(world, world.admins["XU-C1-B1"], {**bare, "target": None}, chosen=Chosen(other.member_id)) == (
        "E_REQUIRED_FIELD"
    )
    # The member himself says up to when he has paid.
    assert attempt(world, other, {**bare, "target": "XU-C1-B2"}) == "E_REQUIRED_FIELD"


@pytest.mark.requirement("R-055")
@pytest.mark.requirement("R-056")
@pytest.mark.requirement("R-046")
@pytest.mark.requirement("R-041")
@pytest.mark.scenario("S-17")
def test_start_checks_on_the_person(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    people = {
        "赵样例": ("37990119960606004X", "A1-T1-B2", {"kind": MemberKind.PROBATIONARY}),
        "张样例": ("379901198501010017", "A1-T1-B1", {}),
        "王样例": ("379901197811300031", "A1-T1-B1", {}),
        "郑样例": ("379901198303030084", "A1-T1-B1", {"status": MemberStatus.HIST_TRANSFERRED_OUT}),
        "钱样例": ("379901197007070095", "A1-T1-B1", {"status": MemberStatus.MEMBERSHIP_SUSPENDED}),
    }
    for name, (number, branch, wishes) in people.items():
        world.newcomer(branch, name=name, id_number=number, **wishes)
    branch = world.admins["A1-T1-B1"]

    def enter(name: str, number: str) -> str:
        return attempt(world, branch, {"target": "A1-T1-B2"}, chosen=Chosen(name=name, id_number=number))

    assert enter("张样例", "379901198501010017") == "ok"
    assert enter("赵样例", "37990119960606004x") == "E_NOT_SUBORDINATE"
    assert enter("张样例", "379901198501010017") == "E_TRANSFER_IN_PROGRESS"
    assert enter("郑样例", "379901198303030084") == "E_MEMBER_HISTORICAL"
    assert enter("钱样例", "379901197007070095") == "E_MEMBER_SUSPENDED"
    assert enter("张样例", "379901197811300031") == "E_ID_MISMATCH"
    assert enter("张样例", "379901198501010018") == "E_ID_CHECKSUM"
    assert enter("张样例", "37990119850230001X") == "E_ID_FORMAT"
    assert enter("孔样例", "429901198709090516") == "E_MEMBER_NOT_FOUND"
    assert enter("", "379901198501010017") == "E_REQUIRED_FIELD"
    assert enter("", "") == "E_NO_MEMBER_SELECTED"


@pytest.mark.requirement("R-044")
def test_who_came_from_outside_enters_by_an_incoming_transfer_only(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    yang = world.newcomer("H-O", name="杨样例")
    assert attempt(world, yang, {"target": "A1-T2-B1"}) == "E_USE_INCOMING"
    province = world.admins["P"]
    assert attempt(world, province, {"target": "A1-T2-B1"}, chosen=Chosen(yang.member_id)) == "E_USE_INCOMING"
    county = world.admins["A1"]
    assert attempt(world, county, {"target": "A1-T2-B1"}, chosen=Chosen(yang.member_id)) == "E_NOT_SUBORDINATE"


@pytest.mark.requirement("R-055")
def test_nobody_learns_whose_a_number_is(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    stranger = world.people["B1-S1-B1"]
    with reading():
        person = members.by_id(stranger.member_id, VAULT)
    typed = Chosen(name="别人", id_number=person.member.id_number)
    # Whether the name fits is not said of a member of others.
    assert attempt(world, world.admins["A1-T1-B1"], {"target": "A1-T1-B2"}, chosen=typed) == "E_NOT_SUBORDINATE"


@pytest.mark.requirement("R-052")
@pytest.mark.requirement("R-058")
@pytest.mark.requirement("R-064")
def test_a_draft_shows_what_the_records_say(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    chosen = Chosen(world.people["A1-T1-B1"].member_id)
    found = draft(world, world.admins["A1-T1"], chosen)
    with reading():
        born = members.by_id(chosen.member_id, VAULT).member.birth_date
    age = 2025 - born.year - (0 if (born.month, born.day) <= (3, 10) else 1)
    expected = {
        "name": "张样例", "sex": "MALE", "kind": "FULL", "ethnicity": "汉族", "age": str(age), "contact": "13900000001",
        "origin": "柳溪村党支部", "issuer": "柳溪镇党委", "application_date": "2025-03-10",
        "transfer_out_date": "2025-03-10", "committee_name": "柳溪镇党委", "committee_contact": "样例联系人",
        "committee_telephone": "0530-1234567",
    }  # fmt: skip
    assert {name: found.values.get(name) for name in expected} == expected
    assert {"committee_name", "committee_fax", "dues_paid_to", "target"} <= set(found.required)
    assert draft(make_world("fujian"), world.people["A1-T1-B1"]).required_outside == ("letter_heading",)
