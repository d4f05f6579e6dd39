"""States of a membership on the page of a member, with what was done about him (R-045, R-046)."""

import pytest
from flask.testing import FlaskClient

from service.domain.members.members import MemberKind
from tests.members.conftest import WHOLE
from tests.reference.seeding import PASSWORD, World
from tests.web.conftest import MakeSite
from tests.web.programs import Site
from tests.web.test_account_pages import csrf, visit


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    return make_site("beijing-cuc")


@pytest.fixture
def college(site: Site) -> FlaskClient:
    return visit(site, "adm-XU-C1", PASSWORD)


def newcomer(site: Site, **wishes: object) -> int:
    with site.app.app_context():
        actor = World.newcomer(site.world, "XU-C1-B1", **wishes)
    return actor.member_id or 0


@pytest.mark.requirement("R-045")
def test_a_probationary_member_becomes_full_on_the_page(site: Site, college: FlaskClient) -> None:
    member = newcomer(site, name="罗样例", kind=MemberKind.PROBATIONARY)
    path = f"/members/{member}"
    shown = college.get(path).text
    assert ("预备党员转正" in shown, "先补录入党日期" in shown) == (True, True)
    token = csrf(college, path)
    record = {**WHOLE, "joined_on": "2024-03-01", "csrf": token, "version": "0"}
    assert college.post(f"{path}/edit", data=record).status_code == 303
    for day, code in (("", "E_REQUIRED_FIELD"), ("2099-01-01", "E_DATE_FUTURE"), ("2024-03-01", "E_DATE_ORDER")):
        answer = college.post(f"{path}/full-membership", data={"csrf": token, "full_on": day})
        assert (answer.status_code, code in answer.text) == (422, True), day
    nonsense = college.post(f"{path}/full-membership", data={"csrf": token, "full_on": "gestern"})
    assert nonsense.status_code == 422
    day = site.now.date().isoformat()
    done = college.post(f"{path}/full-membership", data={"csrf": token, "full_on": day}, follow_redirects=True)
    assert "已登记转正" in done.text
    assert "登记转正" not in done.text.replace("已登记转正", "")
    assert day in done.text.partition("变更记录")[2]


@pytest.mark.requirement("R-046")
def test_a_membership_is_suspended_resumed_and_ended_on_the_page(site: Site, college: FlaskClient) -> None:
    path = f"/members/{newcomer(site, name='罗样例')}"
    day, token = site.now.date().isoformat(), csrf(college, path)

    def change(status: str, on: str = day) -> str:
        data = {"csrf": token, "status": status, "on": on}
        return college.post(f"{path}/membership", data=data, follow_redirects=True).text

    assert "E_REQUIRED_FIELD" in change("")
    assert "E_REQUIRED_FIELD" in change("HIST_DECEASED", "")
    assert "E_ACTION_NOT_ALLOWED" in change("HIST_TRANSFERRED_OUT"), "to leave takes a transfer"
    assert "E_DATE_FUTURE" in change("HIST_DECEASED", "2099-01-01")
    suspended = change("MEMBERSHIP_SUSPENDED")
    assert ("党籍状态已变更" in suspended, "恢复党籍" in suspended) == (True, True)
    assert "停止党籍</span>" in suspended
    assert "停止党籍</span>" not in change("ACTIVE")
    ended = change("HIST_DECEASED")
    assert "已故" in ended
    assert "变更为" not in ended, "who has left is gone"
    moves = ended.partition("增减记录")[2].partition("变更记录")[0]
    assert (day in moves, "减少" in moves, "去世" in moves) == (True, True, True)
    assert ended.partition("变更记录")[2].count("党籍变更") == 3


@pytest.mark.requirement("R-210")
def test_a_branch_without_authorisation_sees_the_states_and_changes_none(site: Site) -> None:
    branch, path = visit(site, "adm-XU-C1-B1", PASSWORD), f"/members/{newcomer(site, name='罗样例')}"
    assert "变更为" not in branch.get(path).text
    data = {"csrf": csrf(branch, path), "status": "HIST_DECEASED", "on": "2010-01-01"}
    assert branch.post(f"{path}/membership", data=data).status_code == 403
