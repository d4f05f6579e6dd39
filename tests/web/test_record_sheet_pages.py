"""Records corrected by a spreadsheet, on a page and through the interface: download, upload, report of each line (R-040)."""

import io

import pytest

from service.printing import spreadsheets
from tests.reference.seeding import PASSWORD
from tests.web.conftest import MakeSite
from tests.web.test_account_pages import csrf, visit


@pytest.mark.requirement("R-040")
@pytest.mark.requirement("R-210")
def test_a_sheet_is_downloaded_corrected_and_uploaded(make_site: MakeSite) -> None:
    site = make_site("beijing-cuc")
    college, path = visit(site, "adm-XU-C1", PASSWORD), "/organisations/XU-C1/members"
    assert f"{path}/import" in college.get(path).text
    token = csrf(college, f"{path}/import")
    (_, titles), *rows = spreadsheets.read(college.get(f"{path}/records.xlsx").data)
    texts = [dict(zip(titles, cells, strict=False)) for _, cells in rows]

    def sheet(**changes: str) -> tuple[io.BytesIO, str]:
        line = texts[0] | changes
        return io.BytesIO(spreadsheets.write("x", titles, [[line.get(each, "") for each in titles]])), "a.xlsx"

    wrong = college.post(f"{path}/import", data={"csrf": token, "file": sheet(入党日期="2099-01-01")})
    assert (wrong.status_code, "第 2 行" in wrong.text, "E_DATE_FUTURE" in wrong.text) == (422, True, True)
    whole = {"入党日期": "2010-07-01", "转正日期": "2011-07-01", "手机": "13900000002", "职称": "讲师", "民族": "汉族"}
    done = college.post(f"{path}/import", data={"csrf": token, "file": sheet(**whole)})
    assert (done.status_code, "更新 1 名党员" in done.text, "职称" in done.text) == (200, True, True)
    member = texts[0]["人员编号"]
    assert "讲师" in college.get(f"/members/{member}").text
    none = college.post(f"{path}/import", data={"csrf": token})
    assert (none.status_code, "E_REQUIRED_FIELD" in none.text) == (422, True)
    program = site.admin("XU-C1")
    answer = program.ask("POST", f"{path}/records", data={"file": sheet(版本="0", 职称="教授")})
    assert [(each["line"], each["code"]) for each in answer.json["defects"]] == [(2, "E_STALE")]
    answer = program.ask("POST", f"{path}/records", data={"file": sheet(版本="1", 职称="教授", 民族="满族")})
    assert answer.json["changed"][0]["changed_fields"] == ["ethnicity", "mobile", "professional_title"]
    assert len(list(spreadsheets.read(program.get(f"{path}/records.xlsx").data))) == len(rows) + 1
    branch = visit(site, "adm-XU-C1-B1", PASSWORD)
    own = "/organisations/XU-C1-B1/members"
    assert f"{own}/import" not in branch.get(own).text
    assert branch.get(f"{own}/import").status_code == 403
    assert college.get("/organisations/XU-C2/members/import").status_code == 404
