"""Records are edited, organisations dissolved: by whom, and what stands in the way."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from service.domain.members.members import MemberStatus
from service.domain.transfers.actions import Action
from service.storage.db import execute, reading, transaction
from service.storage.members import members
from service.storage.organisations import organisations
from service.storage.transfers import letters
from service.use_cases.organisations.show_record import offers, show_record
from tests.organisations.conftest import Upkeep
from tests.support.refusals import refused
from tests.use_cases.walker import NOW, submit

ROOM = "中国共产党星海大学信息学院教工支部委员会"


@pytest.fixture
def running(make_upkeep: Callable[..., Upkeep]) -> Upkeep:
    """A transfer from XU-C1-B1 to XA-S1 runs under the rules of the media university."""
    upkeep = make_upkeep("beijing-cuc")
    upkeep.now = NOW
    upkeep.played = submit(upkeep.world, "XU-C1-B1", "XA-S1", dues_paid_to="2025-03")  # type: ignore[attr-defined]
    return upkeep


@pytest.mark.scenario("S-67")
@pytest.mark.requirement("R-202")
@pytest.mark.requirement("R-203")
@pytest.mark.requirement("R-204")
@pytest.mark.requirement("R-207")
def test_s_67_a_running_transfer_locks_its_branch(running: Upkeep) -> None:
    played = running.played  # type: ignore[attr-defined]
    for attempt in (
        lambda: running.edit("XU-C1-B1", by="XU-C1", name=ROOM),
        lambda: running.dissolve("XU-C1-B1", by="XU-C1"),
        lambda: running.move("XU-C1-B1", below="XU-C2", by="XU"),
    ):
        with refused("E_ORG_HAS_PENDING_TRANSFERS") as caught:
            attempt()
        assert [each.field for each in caught.value.fields] == [f"transfers/{played.id}"]
        assert caught.value.fields[0].member == "张样例"
    played.to_end()
    with refused("E_ORG_NOT_EMPTY"):
        running.dissolve("XU-C1-B1", by="XU-C1")
    with transaction():
        execute(sa.update(members.table).values(branch_id=running.world.chains["XA-S1-B1"][0].id))
    running.dissolve("XU-C1-B1", by="XU-C1")
    assert running.column("XU-C1-B1", "status") == "DISSOLVED"


@pytest.mark.requirement("R-202")
@pytest.mark.requirement("R-204")
def test_the_target_and_those_on_the_way_are_locked_as_well(running: Upkeep) -> None:
    with transaction():
        execute(sa.delete(members.increases))
        execute(sa.update(members.table).values(branch_id=running.world.chains["XU-C1-B1"][0].id))
    for code in ("XA-S1", "XA"):
        with refused("E_ORG_HAS_PENDING_TRANSFERS"):
            running.dissolve(code, by="XM")
    with refused("E_ORG_NOT_EMPTY"):
        running.dissolve("XU-C2", by="XU")


@pytest.mark.requirement("R-202")
@pytest.mark.requirement("R-204")
def test_both_ends_are_locked_though_the_branch_left_decides_nothing(make_upkeep: Callable[..., Upkeep]) -> None:
    upkeep = make_upkeep("national")
    upkeep.now = NOW
    played = submit(upkeep.world, "GU-1-B1", "GU-2-B1", starter="GU-1")
    assert "GU-1-B1" not in [hop.code for hop in played.transfer.hops]
    with transaction():
        execute(sa.update(members.table).values(branch_id=upkeep.world.chains["RC1-T-B1"][0].id))
    for code, by in (("GU-1-B1", "GU-1"), ("GU-2-B1", "GU-2")):
        with refused("E_ORG_HAS_PENDING_TRANSFERS", f"transfers/{played.id}"):
            upkeep.dissolve(code, by=by)


@pytest.mark.requirement("R-202")
def test_what_has_nothing_to_do_with_it_is_free(running: Upkeep) -> None:
    assert running.edit("XU-C1-B2", by="XU-C1") == 2
    assert running.edit("XA-S1", by="XA-S1", org_type="WORKING_COMMITTEE", name="槐树街道党工委") == 2


@pytest.mark.requirement("R-202")
def test_a_profile_may_lift_the_lock_on_editing(running: Upkeep) -> None:
    values = running.world.deployment.profile.values
    assert isinstance(values, dict)
    values["org.lock_on_pending"] = False
    try:
        assert running.edit("XU-C1-B1", by="XU-C1") == 2
        with refused("E_ORG_HAS_PENDING_TRANSFERS"):
            running.dissolve("XU-C1-B1", by="XU-C1")
    finally:
        values["org.lock_on_pending"] = True


@pytest.mark.scenario("S-68")
@pytest.mark.requirement("R-204")
def test_s_68_a_branch_with_members_is_not_dissolved(university: Upkeep) -> None:
    with refused("E_ORG_NOT_EMPTY") as caught:
        university.dissolve("XU-C1-B2", by="XU-C1")
    assert "1 members" in caught.value.message_en


@pytest.mark.requirement("R-204")
def test_a_committee_with_branches_is_not_dissolved_but_one_with_dissolved_ones_is(university: Upkeep) -> None:
    with transaction():
        gone = {"status": MemberStatus.HIST_TRANSFERRED_OUT.value}
        execute(sa.update(members.table).values(**gone))
    with refused("E_ORG_NOT_EMPTY"):
        university.dissolve("XU-C2", by="XU")
    university.dissolve("XU-C2-B1", by="XU-C2")
    university.dissolve("XU-C2", by="XU")
    with refused("E_ACTION_NOT_ALLOWED"):
        university.dissolve("XU-C2", by="XU")
    with refused("E_ORG_ROOT"):
        university.dissolve("XM", by="XM")
    assert [entry.action for entry in university.log()] == ["dissolve_org", "dissolve_org"]


@pytest.mark.requirement("R-206")
def test_the_dissolved_stay_in_letters_and_history_under_their_then_name(make_upkeep: Callable[..., Upkeep]) -> None:
    province = make_upkeep("shandong")
    played = submit(province.world, "A1-T1-B1", "A1-T1-B2", starter="A1-T1-B1")
    played.to_end()
    with transaction():
        execute(sa.update(members.table).values(branch_id=province.world.chains["A1-T1-B2"][0].id))
    province.now = NOW
    record = {"name": "更名后的党支部", "short_name": "更名支部"}
    province.edit("A1-T1-B1", by="A1-T1", **record)
    province.dissolve("A1-T1-B1", by="A1-T1")
    with reading():
        assert organisations.chain("A1-T1-B1")[0].name == "更名后的党支部"
        assert letters.of_transfer(played.id)
    assert played.transfer.origin is not None
    assert played.transfer.origin.name == "柳溪村党支部"
    assert played.transfer.hops[0].org is not None
    assert played.transfer.hops[0].org.name == "柳溪村党支部"
    view = show_record("A1-T1-B1", actor=province.world.admins["A1-T1"], deployment=province.world.deployment)
    assert view.record.status.value == "DISSOLVED"
    assert view.record.dissolved_on is not None
    assert not view.offers.edit


@pytest.mark.requirement("R-009")
@pytest.mark.requirement("R-206")
def test_the_dissolved_are_no_target_any_more(province: Upkeep) -> None:
    with transaction():
        execute(sa.update(members.table).values(branch_id=province.world.chains["A1-T1-B1"][0].id))
    province.dissolve("A1-T1-B2", by="A1-T1")
    with reading():
        assert organisations.search("桥头", limit=5) == []
        assert organisations.search("A1-T1-B2", limit=5) == []


@pytest.mark.requirement("R-228")
def test_under_beijing_cuc_those_above_keep_a_branch(university: Upkeep) -> None:
    for attempt in (
        lambda: university.edit("XU-C1-B1", by="XU-C1-B1", name=ROOM),
        lambda: university.dissolve("XU-C1-B1", by="XU-C1-B1"),
    ):
        with refused("E_FORBIDDEN"):
            attempt()
    assert university.edit("XU-C1-B1", by="XU-C1", name=ROOM) == 2
    own = offers(
        university.world.admins["XU-C1-B1"], university.world.chains["XU-C1-B1"], university.world.deployment.profile
    )
    assert (own.edit, own.dissolve) == (False, False)


@pytest.mark.requirement("R-228")
def test_elsewhere_a_branch_keeps_its_own_record(province: Upkeep) -> None:
    assert province.edit("A1-T1-B1", by="A1-T1-B1", name="柳溪新村党支部") == 2
    assert province.column("A1-T1-B1", "name") == "柳溪新村党支部"


@pytest.mark.requirement("R-005")
def test_the_box_of_the_same_legal_entity_is_asked_on_updating(university: Upkeep) -> None:
    with refused("E_REQUIRED_FIELD", "unit_relation"):
        university.edit("XU-C1-B1", by="XU-C1", unit_relation="")


def test_of_two_who_edit_the_slower_one_is_told(university: Upkeep) -> None:
    assert university.edit("XU-C1-B1", by="XU-C1", version=1, name=ROOM) == 2
    with refused("E_STALE", "version"):
        university.edit("XU-C1-B1", by="XU", version=1, name=ROOM, contact="样例联系人")


def test_who_changes_nothing_leaves_no_trace(university: Upkeep) -> None:
    university.edit("XU-C1-B1", by="XU-C1")
    assert university.edit("XU-C1-B1", by="XU-C1") == 2
    assert [entry.action for entry in university.log()] == ["edit_org"]


def test_the_log_says_what_became_of_what(university: Upkeep) -> None:
    university.edit("XU-C1-B1", by="XU-C1", name=ROOM, telephone="13900000001")
    (entry,) = university.log()
    assert entry.before is not None
    assert entry.after is not None
    assert (entry.before["name"], entry.after["name"]) == ("信息学院教工党支部", ROOM)
    assert entry.after["telephone"] == "***"
    assert "address" not in entry.after
    with reading():
        assert [org.code for org in organisations.search("学院教工支部", limit=5)] == ["XU-C1-B1"]


@pytest.mark.requirement("R-002")
def test_the_type_of_an_organisation_stays(university: Upkeep) -> None:
    with refused("E_FIELD_READONLY", "org_type"):
        university.edit("XU-C1-B1", by="XU-C1", org_type="GENERAL_BRANCH")


@pytest.mark.requirement("R-204")
def test_a_branch_that_sent_the_transfer_back_waits_for_it_still(make_upkeep: Callable[..., Upkeep]) -> None:
    upkeep = make_upkeep("shandong")
    upkeep.now = NOW
    played = submit(upkeep.world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    while played.transfer.hop.code != "A2-T1-B1":
        played.forward()
    played.act(Action.RETURN)
    with transaction():
        execute(sa.delete(members.increases))
        execute(sa.update(members.table).values(branch_id=upkeep.world.chains["A1-T1-B1"][0].id))
    with refused("E_ORG_HAS_PENDING_TRANSFERS"):
        upkeep.dissolve("A2-T1-B1", by="A2-T1")
