"""The instruments themselves: the persons are there, a refusal is a refusal, the clock can be set."""

import pytest

from tests.systems.playing import Refusal, System, on_both, refused


@on_both
def test_a_transfer_is_played(shandong: System) -> None:
    wang = shandong.person("王样例")
    seen = wang.starts("张样例", "A1-T1-B2")
    assert seen.route == "A1-T1-B1[S] > A1-T1[AUTO] > A1-T1-B2[R]"
    assert (seen.at, shandong.admin("A1-T1-B2").todo()) == ("A1-T1-B2", ["张样例"])
    shandong.at("2025-03-12")
    shandong.admin("A1-T1-B2").does("receive", seen)
    assert (seen.state, seen.at, shandong.branch_of("张样例")) == ("COMPLETED", "", "A1-T1-B2")
    assert shandong.moves_of("张样例") == ([("A1-T1-B1", "2025-03-12")], [("A1-T1-B2", "2025-03-12")])


def test_a_refusal_that_was_not_expected_fails(shandong: System) -> None:
    with pytest.raises(Refusal, match="E_SAME_BRANCH"):
        shandong.person("王样例").starts("张样例", "A1-T1-B1")
    with pytest.raises(AssertionError, match="E_SAME_BRANCH"), refused("E_TARGET_NOT_ALLOWED"):
        shandong.person("王样例").starts("张样例", "A1-T1-B1")


@pytest.mark.parametrize("profile", ["shandong", "fujian", "national", "beijing", "beijing-cuc", "default"])
def test_every_organisation_has_an_administrator_who_can_log_in(make_system, profile: str) -> None:
    system = make_system(profile, "2025-03-10")
    assert system.branch_of("张样例" if profile in ("shandong", "fujian", "default") else "尤样例") in (
        "A1-T1-B1",
        None,
    )
    for code, chain in system.site.world.chains.items():
        if not chain[0].is_holding_node:
            assert system.admin(code).todo() == []
