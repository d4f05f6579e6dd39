"""The list of subordinates, its order, its counts, and the search for a target."""

import pytest

from service.domain.accounts.duties import Duty
from service.domain.errors import Refused
from service.domain.members.members import MemberKind
from service.domain.organisations.organisations import OrgType
from service.printing import spreadsheets
from service.storage.accounts import duties
from service.storage.db import transaction
from service.storage.organisations.organisation_lists import Filter
from service.use_cases.organisations.list_subordinates import export_subordinates, list_subordinates
from service.use_cases.organisations.order_subordinates import export_order, import_order, set_order, shifted
from service.use_cases.organisations.search_organisations import search_organisations
from service.use_cases.organisations.show_record import count_organisation, show_changes, show_record
from tests.organisations.conftest import Upkeep
from tests.support.refusals import refused


def listed(upkeep: Upkeep, code: str, *, by: str = "", **wanted: object) -> list[str]:
    found = list_subordinates(code, Filter(**wanted), actor=upkeep.world.admins[by or code], per_page=100)  # type: ignore[arg-type]
    assert found.total == len(found.items)
    return [org.code for org in found.items]


@pytest.mark.requirement("R-012")
def test_the_list_filters(university: Upkeep) -> None:
    assert listed(university, "XU") == ["XU-C1", "XU-C2", "XU-G1", "XU-DB"]
    assert listed(university, "XU", deep=True)[:3] == ["XU-C1", "XU-C1-B1", "XU-C1-B2"]
    assert listed(university, "XU", deep=True, org_type=OrgType.GENERAL_BRANCH) == ["XU-G1"]
    assert listed(university, "XU", deep=True, text="教工") == ["XU-C1-B1", "XU-C2-B1"]
    assert listed(university, "XU", deep=True, text="tyb") == ["XU-G1", "XU-G1-B1", "XU-G1-B2"]
    assert listed(university, "XU", deep=True, text="教") == ["XU-C1-B1", "XU-C2-B1", "XU-G1-B1"]
    assert listed(university, "XU", text="教工") == []
    university.set("XU-C1-B2", is_mainly_older=True)
    assert listed(university, "XU", deep=True, is_mainly_older=True) == ["XU-C1-B2"]
    assert "XU-C1-B2" not in listed(university, "XU", deep=True, is_mainly_older=False)
    university.set("XU-C1-B2", status="DISSOLVED")
    assert "XU-C1-B2" not in listed(university, "XU", deep=True)
    assert listed(university, "XU", deep=True, dissolved=True) == ["XU-C1-B2"]


@pytest.mark.requirement("R-012")
def test_the_list_says_what_lies_below_and_who_belongs_there(university: Upkeep) -> None:
    found = list_subordinates("XU", Filter(deep=True), actor=university.world.admins["XU"], page=1, per_page=2)
    committee, branch = found.items
    assert (found.total, committee.has_children, committee.members) == (10, True, 0)
    assert (branch.has_children, branch.members) == (False, 1)
    second = list_subordinates("XU", Filter(deep=True), actor=university.world.admins["XU"], page=2, per_page=2)
    assert [org.code for org in second.items] == ["XU-C1-B2", "XU-C1-B3"]


@pytest.mark.requirement("R-012")
@pytest.mark.requirement("R-018")
def test_nobody_lists_what_is_not_his(university: Upkeep) -> None:
    for by, code, refusal in (
        ("XU-C1", "XU", "E_ORG_OUT_OF_SCOPE"), ("XU-C1", "XU-C2", "E_ORG_OUT_OF_SCOPE"), ("XU", "NONE", "E_ORG_NOT_FOUND"),
    ):  # fmt: skip
        actor = university.world.admins[by]
        for ask in (
            lambda: list_subordinates(code, Filter(), actor=actor),  # noqa: B023 - asked at once
            lambda: export_subordinates(code, Filter(), actor=actor),  # noqa: B023
            lambda: export_order(code, actor=actor),  # noqa: B023
            lambda: count_organisation(code, actor=actor),  # noqa: B023
            lambda: show_record(code, actor=actor, deployment=university.world.deployment),  # noqa: B023
            lambda: show_changes(code, actor=actor),  # noqa: B023
        ):
            with refused(refusal):
                ask()
    with refused("E_FORBIDDEN"):
        list_subordinates("XU-C1", Filter(), actor=university.world.people["XU-C1-B1"])
    for page, per_page in ((0, 20), (1, 0), (1, 1000)):
        with refused("E_QUERY_INVALID"):
            list_subordinates("XU", Filter(), actor=university.world.admins["XU"], page=page, per_page=per_page)


@pytest.mark.requirement("R-012")
def test_the_list_is_exported_to_excel_without_formulas(university: Upkeep) -> None:
    university.set("XU-C1-B2", short_name="=1+1", telephone="+8613900000001")
    content = export_subordinates("XU", Filter(deep=True), actor=university.world.admins["XU"])
    lines = [cells for _, cells in spreadsheets.read(content)]
    assert lines[0][:3] == ["党组织编码", "党组织全称", "党组织简称"]
    assert [line[0] for line in lines[1:4]] == ["XU-C1", "XU-C1-B1", "XU-C1-B2"]
    assert "=1+1" in lines[3]
    assert b"<f>" not in content


@pytest.mark.requirement("R-012")
def test_the_order_is_set_exported_and_imported_again(university: Upkeep) -> None:
    actor = university.world.admins["XU"]
    assert set_order("XU", ["XU-DB", "XU-G1"], actor=actor, now=university.now) == 2
    assert listed(university, "XU") == ["XU-DB", "XU-G1", "XU-C1", "XU-C2"]
    exported = export_order("XU", actor=actor)
    assert [cells[1] for _, cells in spreadsheets.read(exported)][1:] == ["XU-DB", "XU-G1", "XU-C1", "XU-C2"]
    set_order("XU", shifted(listed(university, "XU"), "XU-C2", by=-1), actor=actor, now=university.now)
    assert listed(university, "XU") == ["XU-DB", "XU-G1", "XU-C2", "XU-C1"]
    assert import_order("XU", exported, actor=actor, now=university.now) == 4
    assert listed(university, "XU") == ["XU-DB", "XU-G1", "XU-C1", "XU-C2"]
    assert [entry.action for entry in university.log()] == ["order_orgs"] * 3


@pytest.mark.requirement("R-012")
def test_a_wrong_order_is_refused_line_by_line(university: Upkeep) -> None:
    actor, now = university.world.admins["XU"], university.now
    with refused("E_FIELD_INVALID", "codes.0", "codes.2"):
        set_order("XU", ["XU-C1-B1", "XU-C1", "XU-C1"], actor=actor, now=now)
    header = ["序号", "党组织编码", "党组织全称"]
    wrong = spreadsheets.write("排序", header, [[1, "XU-C1", ""], [2, "NONE", ""], [3, "XU-C1", ""]])
    with refused("E_IMPORT_FORMAT", "line 3: code", "line 4: code"):
        import_order("XU", wrong, actor=actor, now=now)
    for content in (b"", spreadsheets.write("排序", ["编码"], [["XU-C1"]])):
        with refused("E_IMPORT_FORMAT"):
            import_order("XU", content, actor=actor, now=now)
    assert listed(university, "XU") == ["XU-C1", "XU-C2", "XU-G1", "XU-DB"]


def test_nobody_is_moved_beyond_the_ends() -> None:
    assert shifted(["A", "B"], "A", by=-1) == ["A", "B"]
    assert shifted(["A", "B"], "B", by=1) == ["A", "B"]
    assert shifted(["A", "B", "C"], "C", by=-1) == ["A", "C", "B"]
    assert shifted(["A"], "?", by=1) == ["A"]


@pytest.mark.requirement("R-011")
def test_an_organisation_knows_how_many_it_has(university: Upkeep) -> None:
    university.world.newcomer("XU-C1-B1", kind=MemberKind.PROBATIONARY)
    counts = count_organisation("XU", actor=university.world.admins["XU"])
    assert counts.organisations == {"SECOND_LEVEL_COMMITTEE": 2, "GENERAL_BRANCH": 1, "DIRECT_BRANCH": 1, "BRANCH": 6}
    assert counts.members == {"FULL": 7, "PROBATIONARY": 1}
    branch = count_organisation("XU-C1-B1", actor=university.world.admins["XU-C1"])
    assert (branch.organisations, branch.members) == ({}, {"FULL": 1, "PROBATIONARY": 1})


@pytest.mark.requirement("R-002")
@pytest.mark.requirement("R-011")
def test_an_organisation_names_its_secretary_deputies_and_committee_members(university: Upkeep) -> None:
    world = university.world
    committee = world.chains["XU-C1"][0]
    for name, duty in (
        ("委员样例", Duty.COMMITTEE_MEMBER),
        ("书记样例", Duty.SECRETARY),
        ("副书记样例", Duty.DEPUTY_SECRETARY),
    ):
        person = world.newcomer("XU-C1-B1", name=name)
        with transaction():
            duties.record(person.member_id or 0, committee.id, duty, recorded_by=person.account_id, now=university.now)
    view = show_record("XU-C1", actor=world.admins["XU-C1"], deployment=world.deployment)
    assert [(each.name, each.duty) for each in view.leaders] == [
        ("书记样例", Duty.SECRETARY), ("副书记样例", Duty.DEPUTY_SECRETARY), ("委员样例", Duty.COMMITTEE_MEMBER),
    ]  # fmt: skip
    assert show_record("XU-C2", actor=world.admins["XU"], deployment=world.deployment).leaders == []


@pytest.mark.requirement("R-010")
def test_a_target_is_searched(province: Upkeep) -> None:
    found = search_organisations("柳溪", limit=20)
    assert {each.organisation.code for each in found} == {"A1-T1", "A1-T1-G", "A1-T1-G-B1", "A1-T1-B1"}
    assert found[0].superiors[-1] == "云东省委"
    assert [each.organisation.code for each in search_organisations("A1-T1-B2", limit=20)] == ["A1-T1-B2"]
    assert [each.organisation.code for each in search_organisations("P", limit=20)] == ["P"]
    for text in ("", " ", "柳", "x", "%"):
        with pytest.raises(Refused, match="E_QUERY_TOO_SHORT"):
            search_organisations(text, limit=20)
    assert search_organisations("没有这样的组织", limit=20) == ()


@pytest.mark.requirement("R-008")
@pytest.mark.requirement("R-009")
def test_neither_strangers_nor_holding_nodes_are_found(province: Upkeep) -> None:
    for text in ("未知党组织", "省外组织", "临时党组织", "H-U", "外省某某党委"):
        assert search_organisations(text, limit=20) == (), text
