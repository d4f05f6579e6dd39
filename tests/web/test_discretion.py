"""What a refusal must not tell: whether a transfer exists that is out of sight, where a stranger belongs."""

import pytest

from tests.use_cases.walker import FORM
from tests.web.programs import Site, problem, refused
from tests.web.test_decisions import holder_of, start

ELSEWHERE = "B1-S1-B1"
OF_THE_CASE = ("type", "title", "status", "code", "message_zh", "message_en", "errors")


@pytest.mark.parametrize("answers", [{}, {"decision": "nonsense"}, {"decision": "receive", "branch": "NOPE"}])
def test_a_transfer_out_of_sight_is_refused_as_one_that_does_not_exist(site: Site, answers: dict[str, str]) -> None:
    hidden, missing, stranger = start(site), 999_999, site.admin(ELSEWHERE)
    body = {"version": 1, "answers": answers}
    both = [problem(stranger.post(f"/transfers/{each}/decisions", body)) for each in (hidden, missing)]
    assert both[0]["code"] == "E_NOT_FOUND"
    assert [both[0][name] for name in OF_THE_CASE] == [both[1][name] for name in OF_THE_CASE]
    shown = [problem(stranger.get(f"/transfers/{each}")) for each in (hidden, missing)]
    assert [shown[0][name] for name in OF_THE_CASE] == [shown[1][name] for name in OF_THE_CASE]


def test_where_a_member_of_others_belongs_is_not_told(site: Site) -> None:
    with site.app.app_context():
        member = site.world.newcomer("A1-T1-B1").member_id
    answer = site.admin(ELSEWHERE).post(
        "/transfers/preview", {"member_id": member, "answers": {**FORM, "target": "A1-T2-B1"}}
    )
    assert refused(answer) == (403, "E_NOT_SUBORDINATE")
    assert "A1-T1-B1" not in answer.text
    assert "张样例" not in answer.text


def test_a_period_of_ten_thousand_digits_is_no_fault(site: Site) -> None:
    transfer = start(site)
    answer = site.admin(holder_of(site, transfer)).decide(transfer, "approve", validity_days="9" * 9_000)
    assert answer.status_code == 422
    problem(answer)
