"""Names by pattern, codes nobody chooses, and what a record must hold."""

from datetime import date
from itertools import islice

import pytest

from service.definitions import profiles
from service.domain.errors import Refused
from service.domain.organisations import organisation_records as records
from service.domain.organisations.organisation_codes import candidates, without_code
from service.domain.organisations.organisation_names import fits
from service.domain.organisations.organisation_records import Saving

FULL, SHORT = "中国共产党<单位><院系><名称>支部委员会", "<单位简称><院系简称><名称>党支部"
TODAY = date(2018, 11, 5)
BRANCH = {
    "name": "中国共产党星海大学信息学院本科生支部委员会", "short_name": "星海信院本科生党支部", "org_type": "BRANCH",
    "affiliation": "2", "category": "631", "approved_on": "2018-09-18",
}  # fmt: skip


@pytest.mark.requirement("R-004")
@pytest.mark.parametrize(
    ("text", "pattern", "does"),
    [
        ("中国共产党星海大学信息学院本科生支部委员会", FULL, True),
        ("中国共产党甲乙丙支部委员会", FULL, True),
        ("中国共产党甲乙支部委员会", FULL, False),
        ("信息学院本科生党支部", FULL, False),
        ("中国共产党星海大学信息学院本科生党支部", FULL, False),
        ("中国共产党星海大学信息学院总支部委员会", FULL, False),
        ("中共星海大学信息学院本科生支部委员会", FULL, False),
        ("前缀中国共产党星海大学信息学院本科生支部委员会", FULL, False),
        ("星海信院本科生党支部", SHORT, True),
        ("星海信院本科生支部", SHORT, False),
        ("甲乙党支部", SHORT, False),
        ("a.b[c]", "<甲>.<乙>[c]", True),
        ("axb[c]", "<甲>.<乙>[c]", False),
        ("随便", "", True),
    ],
)
def test_names_follow_the_pattern_of_the_profile(text: str, pattern: str, does: bool) -> None:
    assert fits(text, pattern) is does


@pytest.mark.requirement("R-003")
def test_codes_have_twelve_digits_and_differ() -> None:
    one, two = list(islice(candidates(7), 3)), list(islice(candidates(8), 3))
    assert all(len(code) == 12 and code.isdigit() for code in (*one, *two))
    assert len({*one, *two}) == 6


@pytest.mark.requirement("R-003")
def test_no_code_can_be_chosen_or_changed() -> None:
    assert without_code({"code": "A", "name": "x"}, "A") == {"name": "x"}
    assert without_code({"code": ""}, None) == {}
    for answers, own in (({"code": "B"}, "A"), ({"code": "B"}, None)):
        with pytest.raises(Refused, match="E_ORG_CODE_IMMUTABLE"):
            without_code(answers, own)


def faults(profile: str = "default", *, is_new: bool = True, **answers: object) -> list[tuple[str, str | None]]:
    saving = Saving(profiles.profile(profile), TODAY, is_new=is_new)
    given = {name: value for name, value in {**BRANCH, **answers}.items() if value not in ("", None)}
    return [(each.code, each.field) for each in records.errors(records.clean(given), saving)]


@pytest.mark.requirement("R-005")
@pytest.mark.parametrize("profile", ["default", "beijing-cuc", "fujian", "shandong", "national"])
def test_a_branch_has_affiliation_2_category_631_and_a_date(profile: str) -> None:
    assert faults(profile) == []
    assert faults(profile, affiliation="3") == [("E_REQUIRED_FIELD", "affiliation")]
    missing = dict.fromkeys(("short_name", "affiliation", "category", "approved_on"), "")
    assert {name for _, name in faults(profile, **missing)} == set(missing)


@pytest.mark.requirement("R-005")
def test_dates() -> None:
    assert faults(approved_on="2018-11-05") == []
    assert faults(approved_on="2018-11-06") == [("E_DATE_FUTURE", "approved_on")]
    assert faults(term_from="2018-01-01", term_until="2017-12-31") == [("E_DATE_ORDER", "term_until")]
    assert faults(term_from="2018-01-01", term_until="2018-01-01") == []


@pytest.mark.requirement("R-005")
def test_the_same_legal_entity_is_ticked_on_updating_under_beijing_cuc() -> None:
    assert faults("beijing-cuc", is_new=True) == []
    assert faults("beijing-cuc", is_new=False) == [("E_REQUIRED_FIELD", "unit_relation")]
    assert faults("beijing-cuc", is_new=False, unit_relation="2") == [("E_REQUIRED_FIELD", "unit_relation")]
    assert faults("beijing-cuc", is_new=False, unit_relation="1") == []
    assert faults("default", is_new=False) == []
    assert faults("default", is_new=False, unit_relation="2") == []


@pytest.mark.requirement("R-005")
def test_committees_need_none_of_this() -> None:
    nothing = dict.fromkeys(("short_name", "affiliation", "category", "approved_on"), "")
    assert faults("beijing-cuc", org_type="GENERAL_BRANCH", name="体育部党总支", **nothing) == []


@pytest.mark.requirement("R-004")
def test_names_are_asked_of_branches_of_that_profile_only() -> None:
    assert faults("beijing-cuc", name="甲支部", short_name="乙") == [
        ("E_ORG_NAME_FORMAT", "name"), ("E_ORG_NAME_FORMAT", "short_name"),
    ]  # fmt: skip
    assert faults("default", name="甲支部", short_name="乙") == []


def test_a_name_nobody_can_read_is_refused() -> None:
    assert faults(name="甲\u200b支部") == [("E_FIELD_INVALID", "name")]


def test_a_type_stays() -> None:
    records.require_same_type({"org_type": "BRANCH"}, "BRANCH")
    records.require_same_type({}, "BRANCH")
    with pytest.raises(Refused, match="E_FIELD_READONLY"):
        records.require_same_type({"org_type": "GENERAL_BRANCH"}, "BRANCH")
