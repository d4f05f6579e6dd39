"""Whom an application is for (R-052, R-054, R-055, R-080)."""

import pytest

from service.definitions.profiles import profile
from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.applying import choosing
from service.domain.applying.choosing import HIMSELF, MOST_AT_ONCE, Chosen, Selected
from service.domain.errors import Refused

MEMBER = Actor(1, "冯样例", Role.MEMBER, member_id=7)
OFFICER = Actor(2, "陈样例", Role.BRANCH_ADMIN, member_id=8)
CASES = [
    (MEMBER, HIMSELF, Chosen(7)),
    (MEMBER, Chosen(7), Chosen(7)),
    (MEMBER, Chosen(9), "E_FORBIDDEN"),
    (MEMBER, Chosen(name="冯样例", id_number="35"), "E_FORBIDDEN"),
    (Actor(3, "虚拟", Role.MEMBER), HIMSELF, "E_FORBIDDEN"),
    (OFFICER, HIMSELF, "E_NO_MEMBER_SELECTED"),
    (OFFICER, Chosen(name=" "), "E_NO_MEMBER_SELECTED"),
    (OFFICER, Chosen(9), Chosen(9)),
    (OFFICER, Chosen(name="张样例", id_number="37"), Chosen(name="张样例", id_number="37")),
    (OFFICER, Chosen(name="张样例"), "E_REQUIRED_FIELD id_number"),
    (OFFICER, Chosen(id_number="37"), "E_REQUIRED_FIELD name"),
]


@pytest.mark.requirement("R-052")
@pytest.mark.requirement("R-054")
@pytest.mark.requirement("R-055")
@pytest.mark.parametrize(("actor", "chosen", "expected"), CASES)
def test_who_is_meant(actor: Actor, chosen: Chosen, expected: Chosen | str) -> None:
    if isinstance(expected, Chosen):
        assert choosing.whom(chosen, actor) == expected
        return
    with pytest.raises(Refused) as refusal:
        choosing.whom(chosen, actor)
    code, _, field = expected.partition(" ")
    assert refusal.value.code == code
    assert not field or [each.field for each in refusal.value.fields] == [field]


@pytest.mark.requirement("R-080")
@pytest.mark.parametrize(
    ("name", "number", "code"),
    [
        ("national", 0, "E_NO_MEMBER_SELECTED"),
        ("national", 3, None),
        ("national", MOST_AT_ONCE, None),
        ("national", MOST_AT_ONCE + 1, "E_FIELD_INVALID"),
        ("fujian", 1, None),
        ("fujian", 2, "E_FIELD_INVALID"),
        ("beijing", 2, "E_FIELD_INVALID"),
        ("shandong", 2, "E_FIELD_INVALID"),
        ("default", 2, "E_FIELD_INVALID"),
    ],
)
def test_several_at_once_where_the_profile_allows_it(name: str, number: int, code: str | None) -> None:
    selected = [Selected(Chosen(each)) for each in range(number, 0, -1)]
    if code is None:
        assert [each.chosen.member_id for each in choosing.several(selected, profile(name))] == [*range(1, number + 1)]
        return
    with pytest.raises(Refused, match=code):
        choosing.several(selected, profile(name))


@pytest.mark.requirement("R-080")
def test_each_member_counts_once_and_says_of_himself_only_what_is_his() -> None:
    twice = [Selected(Chosen(1)), Selected(Chosen(1), {"contact": "13900000001"}), Selected(HIMSELF)]
    assert [each.chosen for each in choosing.several(twice, profile("national"))] == [Chosen(1)]
    with pytest.raises(Refused, match="E_FIELD_INVALID"):
        choosing.several([Selected(Chosen(1), {"target": "GU-2"})], profile("national"))
