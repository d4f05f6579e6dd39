"""Several members in one application: each gets a transfer of his own, and all of them start or none (R-080, R-054)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from service.domain.accounts.actors import Actor
from service.domain.applying.choosing import Chosen, Selected
from service.domain.errors import Refused
from service.domain.members.members import MemberStatus
from service.storage.db import execute, reading
from service.storage.members import members
from service.storage.transfers import letters, transfers
from service.use_cases.transfers.draft_application import draft_application
from service.use_cases.transfers.list_candidates import list_candidates
from service.use_cases.transfers.submit_several import preview_several, submit_several
from tests.reference.notation import written
from tests.reference.seeding import World
from tests.use_cases.attempts import outcome, refusal, rows
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import FORM, NOW, submit

LETTER = {"dues_paid_to": "2025-03", "attestation": True, "target": "GU-2"}


def several(world: World, people: list[Actor], *, key: str = "several", **answers: object) -> tuple:
    return submit_several(
        {**LETTER, **answers},
        actor=world.admins["GU-1"],
        selected=[Selected(Chosen(each.member_id)) for each in people],
        key=key,
        now=NOW,
        deployment=world.deployment,
    )


@pytest.mark.requirement("R-080")
def test_each_becomes_a_transfer_and_a_letter(make_world: MakeWorld) -> None:
    world = make_world("national")
    people = [world.newcomer("GU-1-B1", name=name) for name in ("朱样例", "秦样例")] + [world.newcomer("GU-1-B2")]
    answers = several(world, people)
    with reading():
        found = [transfers.get(each.transfer_id).transfer for each in answers]
        numbers = {letters.of_transfer(each.transfer_id)[0].number for each in answers}
    assert [each.member_id for each in found] == [each.member_id for each in people]
    assert {each.target.org.code for each in found} == {"GU-2"}
    assert {hop.code for each in found for hop in each.hops if hop.role == "START"} == {"GU-1"}
    assert len(numbers) == 3
    # The same request again has the same answer and no second effect.
    before = rows()
    assert [each.plain() for each in several(world, people)] == [each.plain() for each in answers]
    assert rows() == before
    assert outcome(lambda: several(world, people[:2])) == "E_IDEMPOTENCY_REUSED"


@pytest.mark.requirement("R-080")
@pytest.mark.parametrize("position", [0, 1, 2])
def test_one_who_is_refused_is_named_and_nobody_starts(make_world: MakeWorld, position: int) -> None:
    world = make_world("national")
    people = [world.newcomer("GU-1-B1", name=name) for name in ("朱样例", "秦样例", "尤样例")]
    busy = people[position]
    world_busy(world, busy)
    before = rows()
    refused = refusal(lambda: several(world, people))
    assert refused.code == "E_TRANSFER_IN_PROGRESS"
    assert [each.member for each in refused.fields] == [busy.name]
    assert rows() == before
    assert outcome(lambda: several(world, [each for each in people if each is not busy])) == "ok"


def world_busy(world: World, member: Actor) -> None:
    several(world, [member], key="busy")


@pytest.mark.requirement("R-080")
def test_a_fault_in_what_one_of_them_said_names_him(make_world: MakeWorld) -> None:
    world = make_world("national")
    zhu, qin = world.newcomer("GU-1-B1", name="朱样例"), world.newcomer("GU-1-B1", name="秦样例")

    def submit_own(month: str) -> tuple:
        own = [Selected(Chosen(zhu.member_id)), Selected(Chosen(qin.member_id), {"dues_paid_to": month, "age": 30})]
        return submit_several(
            LETTER, actor=world.admins["GU-1"], selected=own, key=f"own {month}", now=NOW, deployment=world.deployment
        )

    refused = refusal(lambda: submit_own("2025-04"))
    assert [(each.code, each.field, each.member[:3]) for each in refused.fields] == [
        ("E_DUES_FUTURE", "dues_paid_to", "秦样例")
    ]
    answers = submit_own("2025-02")
    with reading():
        stored = [transfers.get(each.transfer_id) for each in answers]
    vault = world.deployment.vault
    with reading():
        said = [
            vault.open(members.by_id(each.transfer.member_id, vault).person_key, each.application_sealed)
            for each in stored
        ]
    assert [each["dues_paid_to"] for each in said] == ["2025-03", "2025-02"]


@pytest.mark.requirement("R-080")
@pytest.mark.requirement("R-054")
@pytest.mark.requirement("R-056")
def test_strangers_and_nobody(make_world: MakeWorld) -> None:
    world = make_world("national")
    zhu, stranger = world.newcomer("GU-1-B1", name="朱样例"), world.people["GU-2-B1"]
    assert outcome(lambda: several(world, [])) == "E_NO_MEMBER_SELECTED"
    refused = refusal(lambda: several(world, [zhu, stranger]))
    # Whose key it is, is not told.
    assert (refused.code, [each.member for each in refused.fields]) == ("E_NOT_SUBORDINATE", [str(stranger.member_id)])


@pytest.mark.requirement("R-080")
@pytest.mark.parametrize("profile", ["fujian", "shandong", "default"])
def test_elsewhere_one_at_a_time(make_world: MakeWorld, profile: str) -> None:
    world = make_world(profile)
    people = [world.newcomer("A1-T1-B1") for _ in range(2)]

    def ask(number: int) -> tuple:
        return submit_several(
            {**FORM, "target": "A1-T2-B1"},
            actor=world.admins["A1-T1-B1"],
            selected=[Selected(Chosen(each.member_id)) for each in people[:number]],
            key=f"n{number}",
            now=NOW,
            deployment=world.deployment,
        )

    assert outcome(lambda: ask(2)) == "E_FIELD_INVALID"
    assert outcome(lambda: ask(1)) == "ok"


@pytest.mark.requirement("R-080")
@pytest.mark.requirement("R-074")
def test_the_routes_of_all_are_shown_first(make_world: MakeWorld) -> None:
    world = make_world("national")
    people = [world.newcomer("GU-1-B1", name="朱样例"), world.newcomer("GU-1-B2", name="秦样例")]
    before = rows()
    planned = preview_several(
        {**LETTER, "attestation": None},
        actor=world.admins["GU-1"],
        selected=[Selected(Chosen(each.member_id)) for each in people],
        now=NOW,
        deployment=world.deployment,
    )
    assert [each.member_name for each in planned] == ["朱样例", "秦样例"]
    assert {written(each.route) for each in planned} == {"INTRA_COUNTY: GU-1[S] > GU-2[R] > chosen branch[I]"}
    assert rows() == before


@pytest.mark.requirement("R-080")
def test_of_two_who_choose_the_same_people_one_gets_them(make_world: MakeWorld) -> None:
    world = make_world("national")
    people = [world.newcomer("GU-1-B1") for _ in range(4)]
    barrier = Barrier(2)

    def ask(key: str) -> str:
        with world.app.app_context():
            barrier.wait()
            try:
                several(world, people if key == "a" else people[::-1], key=key)
            except Refused as refused:
                return refused.code
            return "ok"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, ("a", "b"))) == ["E_TRANSFER_IN_PROGRESS", "ok"]
    assert len(started_ids()) == 4


def started_ids() -> list[int]:
    with reading():
        return list(execute(sa.select(transfers.table.c.id)).scalars())


@pytest.mark.requirement("R-054")
@pytest.mark.requirement("R-057")
@pytest.mark.scenario("S-48")
def test_the_list_to_choose_from(make_world: MakeWorld) -> None:
    world = make_world("national", changes={"GU-3": {"scope": 0}})
    busy = submit(world, "GU-1-B1", "GU-2", starter="GU-1")
    gone = world.newcomer("GU-1-B1", name="钱样例", status=MemberStatus.MEMBERSHIP_SUSPENDED)
    world.newcomer("GU-1-B1", name="郑样例", status=MemberStatus.HIST_TRANSFERRED_OUT)

    def listed(starter: str, **wishes: object) -> dict[int, str | None]:
        found = list_candidates(actor=world.admins[starter], now=NOW, deployment=world.deployment, **wishes)
        assert found.takes_several
        return {line.id: line.hindrance.code if line.hindrance else None for line in found.items}

    college = listed("GU-1")
    assert college == {
        world.people["GU-1-B1"].member_id: None,
        world.people["GU-1-B2"].member_id: None,
        busy.member.member_id: "E_TRANSFER_IN_PROGRESS",
        gone.member_id: "E_MEMBER_SUSPENDED",
    }
    # Of those below a university only the ones it moves itself: here those of the library, which has no scope.
    assert listed("GU") == {world.people["GU-3-B1"].member_id: None}
    assert listed("GU-1", name="钱样例") == {gone.member_id: "E_MEMBER_SUSPENDED"}
    assert outcome(lambda: listed("GU-1-B1")) == "E_START_NOT_ALLOWED"
    assert outcome(lambda: listed("GU-1", page=0)) == "E_QUERY_INVALID"


@pytest.mark.requirement("R-053")
@pytest.mark.requirement("R-056")
def test_elsewhere_the_whole_subtree_may_be_chosen_from(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    found = list_candidates(actor=world.admins["A1-T1"], now=NOW, deployment=world.deployment)
    assert {line.branch_code for line in found.items} == {"A1-T1-G-B1", "A1-T1-B1", "A1-T1-B2"}
    assert not found.takes_several
    assert outcome(lambda: list_candidates(actor=world.people["A1-T1-B1"], now=NOW, deployment=world.deployment)) == (
        "E_START_NOT_ALLOWED"
    )


@pytest.mark.requirement("R-054")
def test_the_list_holds_those_whom_the_rule_allows_and_no_others(make_world: MakeWorld) -> None:
    world = make_world("national", changes={"GU-3": {"scope": 0}})
    for code, actor in world.admins.items():
        try:
            found = list_candidates(actor=actor, now=NOW, deployment=world.deployment)
        except Refused as refused:
            assert refused.code == "E_START_NOT_ALLOWED"
            continue
        assert all(line.hindrance is None for line in found.items), code
        listed = {line.branch_code for line in found.items}
        for branch, member in world.people.items():
            code_of_start = outcome(lambda who=actor, whom=member: draft(world, who, whom))
            assert (code_of_start == "ok") is (branch in listed), (code, branch)


def draft(world: World, actor: Actor, member: Actor) -> object:
    return draft_application(actor=actor, chosen=Chosen(member.member_id), now=NOW, deployment=world.deployment)
