"""The cross-cutting scenarios about transfers that belong to no single manual (requirements 5.6)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.systems.conftest import MakeSystem
from tests.systems.playing import System, on_both, outside, refused
from tests.systems.upkeep import second_administrator
from tests.web.programs import refused as refusal_of

_UNSET = {"authority_level": None}


@on_both
@pytest.mark.scenario("S-73")
def test_s_73_two_administrators_one_task(standard: System) -> None:
    seen = standard.person("王样例").starts("张样例", "A1-T2-B1")
    both = (standard.person("华样例"), second_administrator(standard, "A1-T1"))
    assert [each.todo() for each in both] == [["张样例"], ["张样例"]]
    decision = {"version": both[0].sees(seen)["version"], "answers": {"decision": "approve_and_issue"}}
    programs = [each.program for each in both]
    with ThreadPoolExecutor(2) as at_once:
        answers = list(at_once.map(lambda one: one.post(f"/transfers/{seen.id}/decisions", decision), programs))
    first, second = sorted(answers, key=lambda answer: answer.status_code)
    assert first.status_code == 200, first.text
    assert refusal_of(second) == (409, "E_ALREADY_DECIDED")
    issued = [each["position"] for each in seen.letters if not each["is_automatic"]]
    assert (seen.at, issued) == ("A1-T2", [0, 1])


@pytest.mark.scenario("S-76")
def test_s_76_an_expired_letter_blocks(standard: System) -> None:
    seen = standard.person("王样例").starts("张样例", "A1-T1-B2", validity_days=15)
    assert seen.at == "A1-T1-B2"
    standard.at("2025-03-26")
    receiver, hua = standard.admin("A1-T1-B2"), standard.person("华样例")
    with refused("E_LETTER_EXPIRED"):
        receiver.does("receive", seen)
    receiver.does("return", seen, reason="介绍信已过有效期")
    assert (seen.at, hua.todo()) == ("A1-T1", ["张样例"])
    hua.does("approve_and_issue", seen, validity_days=15)
    assert seen.at == "A1-T1-B2"
    receiver.does("receive", seen)
    assert (seen.state, standard.branch_of("张样例")) == ("COMPLETED", "A1-T1-B2")


@pytest.mark.scenario("S-77")
def test_s_77_no_authority_anywhere(make_system: MakeSystem) -> None:
    fujian = make_system("fujian", "2017-12-07", changes=dict.fromkeys(("P", "CA", "A2", "A2-T2"), _UNSET))
    han = fujian.member("韩样例")
    with refused("E_ROUTE_NO_AUTHORITY"):
        han.applies(outside("中共样例市委组织部"))
    assert han.lines("own") == []


@pytest.mark.scenario("S-79")
def test_s_79_an_offline_target_inside_the_province(national: System) -> None:
    you = national.person("尤样例")
    with refused("E_OFF_TREE_FLAG_REQUIRED", "off_tree"):
        you.starts("朱样例", {"target": "隐蔽单位样例党委", "variety": "IN_PROVINCE"})
    seen = you.starts("朱样例", {"target": "隐蔽单位样例党委", "variety": "IN_PROVINCE", "off_tree": True})
    assert seen.route == "GU-1[S] > GU-1[close]"
