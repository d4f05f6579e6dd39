"""Lists of members: completeness, search, export, and names that old systems could not write (R-208, R-209, S-70)."""

import pytest

from service.domain.members.members import MemberKind, MemberStatus
from service.printing import spreadsheets
from service.storage.members import member_search
from service.storage.members.member_search import Sought
from service.use_cases.members.find_members import FoundMembers, export_members, find_members
from service.use_cases.members.list_completeness import list_completeness
from tests.members.conftest import WHOLE, Keeping
from tests.support.refusals import refused


def find(keeping: Keeping, text: str = "", *, by: str = "XU-C1", of: str = "", **sought: object) -> FoundMembers:
    return find_members(
        of or by,
        Sought(text, **sought),
        actor=keeping.world.admins[by],
        now=keeping.now,
        deployment=keeping.world.deployment,
    )


def names(found: FoundMembers) -> list[str]:
    return [each.name for each in found.items]


@pytest.mark.requirement("R-208")
@pytest.mark.requirement("R-209")
@pytest.mark.requirement("R-210")
@pytest.mark.scenario("S-70")
def test_a_record_is_completed_and_the_branch_with_it(university: Keeping) -> None:
    member = university.add("XU-C1-B1", name="罗样例")
    lacking = dict.fromkeys(("native_place", "professional_title", "social_stratum"), "")
    university.edit(member, by="XU-C1", **{**WHOLE, **lacking})
    yan = university.world.admins["XU-C1"]
    assert [each.completeness for each in find(university, "罗样例").items] == [85]
    before = list_completeness("XU-C1", actor=yan)
    view = university.show(member, by="XU-C1")
    assert (view.completeness, view.missing) == (85, tuple(lacking))
    university.edit(member, by="XU-C1", native_place="样例省", professional_title="讲师", social_stratum="无")
    assert [each.completeness for each in find(university, "罗样例").items] == [100]
    after = list_completeness("XU-C1", actor=yan)
    branch = {each.code: each for each in before.items}["XU-C1-B1"]
    risen = {each.code: each for each in after.items}["XU-C1-B1"]
    assert (branch.members, risen.members) == (2, 2)
    # The other member of the branch has 11 of 20: name, number, sex, birth, kind, branch, three marks, nation, mobile.
    assert (branch.completeness, risen.completeness) == (70.0, 77.5)
    assert after.own.completeness > before.own.completeness


@pytest.mark.requirement("R-208")
def test_a_probationary_member_lacks_no_day_of_becoming_full(university: Keeping) -> None:
    member = university.add("XU-C1-B1", kind=MemberKind.PROBATIONARY)
    university.edit(member, by="XU-C1", **{**WHOLE, "full_on": ""})
    assert university.show(member, by="XU-C1").completeness == 100


@pytest.mark.requirement("R-209")
def test_members_are_found_by_name_first_letters_and_whole_number(university: Keeping) -> None:
    wanted = university.add("XU-C1-B1", name="单样例")
    university.add("XU-C1-B2", name="单于样", kind=MemberKind.PROBATIONARY)
    university.add("XU-C2-B1", name="单样例")
    number = university.person(wanted).member.id_number
    assert names(find(university, "单")) == ["单于样", "单样例"], "in the order of the names"
    assert (
        names(find(university, "单样")) == names(find(university, "SYL")) == names(find(university, "sy")) == ["单样例"]
    )
    assert names(find(university, "样例")) == []
    assert names(find(university, "单", kind=MemberKind.PROBATIONARY)) == ["单于样"]
    found = find(university, number.lower())
    assert [(each.id, each.id_number) for each in found.items] == [(wanted, f"{number[:6]}********{number[-4:]}")]
    assert names(find(university, number[:-1])) == names(find(university, "%")) == []
    assert names(find(university, "单", status=MemberStatus.HIST_DECEASED)) == []
    assert len(find(university, "单", by="XU").items) == 3


@pytest.mark.requirement("R-209")
def test_whose_whole_name_was_typed_comes_before_those_whose_name_goes_on(university: Keeping) -> None:
    for branch, name in (("XU-C1-B1", "单样例"), ("XU-C1-B1", "单样"), ("XU-C2-B1", "单样")):
        university.add(branch, name=name)
    assert (
        names(find(university, "单样", by="XU")) == names(find(university, "sy", by="XU")) == ["单样", "单样", "单样例"]
    )
    assert names(find(university, "单样", by="XU-C1")) == ["单样", "单样例"]


@pytest.mark.requirement("R-209")
def test_counting_of_a_common_name_stops_and_says_so(university: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(member_search, "MOST_FITTING", 2)
    for _ in range(2):
        university.add("XU-C1-B1", name="单样例")
    assert ((some := find(university, "单")).total, some.is_more) == (2, False)
    university.add("XU-C1-B1", name="单样")
    assert ((some := find(university, "单")).total, some.is_more) == (2, True)
    assert not find(university).is_more


@pytest.mark.requirement("R-209")
def test_nobody_lists_what_is_not_his(university: Keeping) -> None:
    for by, of, code in (("XU-C1", "XU-C2", "E_NOT_FOUND"), ("XU-C1-B1", "XU-C1", "E_NOT_FOUND")):
        with refused(code):
            find(university, by=by, of=of)
        with refused(code):
            list_completeness(of, actor=university.world.admins[by])
    with refused("E_FORBIDDEN"):
        list_completeness("XU", actor=university.world.people["XU-C1-B1"])


@pytest.mark.requirement("R-209")
def test_the_list_is_exported_with_masked_numbers(university: Keeping) -> None:
    member = university.add("XU-C1-B1", name="=罗样例")
    number = university.person(member).member.id_number
    actor, deployment = university.world.admins["XU-C1"], university.world.deployment
    content = export_members("XU-C1", Sought("=罗"), actor=actor, now=university.now, deployment=deployment)
    _, (_, line) = (lines := list(spreadsheets.read(content)))
    assert len(lines) == 2
    assert (line[0], line[2], line[-2], line[-1]) == ("=罗样例", f"{number[:6]}********{number[-4:]}", "XU-C1-B1", "55")


@pytest.mark.requirement("R-040")
@pytest.mark.parametrize(
    ("typed", "stored", "letters"),
    [
        ("𠮷䶮㛃", "𠮷䶮㛃", "jyj"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提", "abdlmmt"),
        ("阿卜杜拉・买买提", "阿卜杜拉·买买提", "abdl"),
        ("刘\ue863", "刘䶮", "ly"),
    ],
)
def test_rare_characters_are_stored_found_and_shown(university: Keeping, typed: str, stored: str, letters: str) -> None:
    member = university.add("XU-C1-B1")
    university.edit(member, by="XU-C1", **{**WHOLE, "name": typed})
    assert university.show(member, by="XU-C1").member.name == stored
    for text in (typed, stored, stored[:1], letters):
        assert stored in names(find(university, text))


@pytest.mark.requirement("R-040")
def test_what_only_the_sender_can_read_is_refused_by_name(university: Keeping) -> None:
    member = university.add("XU-C1-B1")
    with refused("E_FIELD_INVALID", "name") as caught:
        university.edit(member, by="XU-C1", **{**WHOLE, "name": "刘\ue000"})
    assert "U+E000" in str(caught.value.fields[0].message_en)
