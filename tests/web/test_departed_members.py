"""The page of a member who moved away: those who had him read where he went, nobody else anything (R-039)."""

import re

import pytest

from tests.reference.seeding import PASSWORD
from tests.use_cases.walker import submit
from tests.web.programs import Site
from tests.web.test_account_pages import csrf, visit


@pytest.mark.requirement("R-039")
def test_who_had_him_reads_where_he_went_and_nobody_else_anything(site: Site) -> None:
    with site.app.app_context():
        moved = submit(site.world, "A1-T1-B1", "A1-T2-B1")
        member = moved.member.member_id
        before = visit(site, "adm-A1-T2", PASSWORD).get(f"/members/{member}")
        moved.to_end()
    path = f"/members/{member}"
    assert (before.status_code, "已转出" in before.text) == (404, False), "it is only under way"
    for login in ("adm-A1-T1-B1", "adm-A1-T1"):
        told = visit(site, login, PASSWORD).get(path)
        assert told.status_code == 404
        assert all(each in told.text for each in ("已转出", "“白塔村党支部”", f"/transfers/{moved.id}", "/members")), (
            login
        )
    for login in ("adm-A2-T1", "adm-A1-T1-B2"):
        answer = visit(site, login, PASSWORD).get(path)
        assert (answer.status_code, "白塔村" in answer.text, "张样例" in answer.text) == (404, False, False)
    for login in ("adm-A1-T2-B1", "adm-A1"):
        assert visit(site, login, PASSWORD).get(path).status_code == 200, login


@pytest.mark.requirement("R-040")
@pytest.mark.requirement("R-038")
def test_sex_and_age_are_shown_and_the_day_of_birth_with_the_full_number(plain_site: Site) -> None:
    member = plain_site.world.people["A1-T1-B1"].member_id
    branch, path = visit(plain_site, "adm-A1-T1-B1", PASSWORD), f"/members/{member}"
    shown = branch.get(path).text
    whole = branch.post(f"{path}/id-number", data={"csrf": csrf(branch, path)}).text
    number = re.search(r"\b\d{17}[\dX]\b", whole)
    assert number is not None
    day = f"{number[0][6:10]}-{number[0][10:12]}-{number[0][12:14]}"
    assert ("性别" in shown, "男" in shown or "女" in shown, f"{day[:4]} 年" in shown, day in shown) == (
        True, True, True, False,
    )  # fmt: skip
    assert day in whole
