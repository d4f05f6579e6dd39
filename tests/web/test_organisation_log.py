"""What was changed about an organisation, as its page tells it: in words of the reader's language, without code names."""

import re

import pytest
from flask.testing import FlaskClient

from tests.reference.seeding import PASSWORD
from tests.web.programs import Site
from tests.web.test_account_pages import visit
from tests.web.test_organisations import create

_TIMELINE = re.compile(r'<ol class="timeline" reversed>(.*?)</ol>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_CODE_NAME = re.compile(r"\b[A-Z]{2,}(?:_[A-Z]+)*\b|\b[a-z]+_[a-z_]+\b|\b[AB]1(?:-\w+)+|\bTrue\b|\bNone\b")


def timeline(client: FlaskClient, code: str, language: str) -> str:
    client.set_cookie("zhuanjie_language", language)
    found = _TIMELINE.search(client.get(f"/organisations/{code}").text)
    assert found is not None, code
    return _TAG.sub(" ", found[1])


@pytest.fixture
def changed(site: Site) -> str:
    """A branch that was created, edited, given permissions and another superior; its towns got an order."""
    town, county = site.admin("A1-T1"), site.admin("A1")
    code = create(town, "A1-T1")
    record = town.get(f"/organisations/{code}/record").json
    body = {"version": record["version"], "answers": {**record["answers"], "contact": "样例联系人"}}
    assert town.ask("PUT", f"/organisations/{code}/record", json=body).status_code == 200
    wanted = {"can_transfer": False, "authority_level": "BELOW_FIRST"}
    assert county.ask("PATCH", "/organisations/A1-T2/permissions", json=wanted).status_code == 200
    moved = {"superior": "A1-T2", "as_a_whole": True}
    assert county.ask("PUT", f"/organisations/{code}/superior", json=moved).status_code == 204
    order = [each["code"] for each in county.get("/organisations/A1/children").json["items"]]
    assert county.ask("PUT", "/organisations/A1/order", json={"codes": order[::-1]}).status_code == 200
    return code


@pytest.mark.requirement("R-012")
def test_the_log_speaks_of_names_in_the_language_of_the_reader(site: Site, changed: str) -> None:
    client = visit(site, "adm-A1", PASSWORD)
    told = {(code, each): timeline(client, code, each) for code in (changed, "A1-T2", "A1") for each in ("zh", "en")}
    for place, text in told.items():
        assert _CODE_NAME.findall(text) == [], place
    zh, en = told[changed, "zh"], told[changed, "en"]
    assert "上级党组织：柳溪镇党委 → 白塔乡党委" in re.sub(r"\s+", " ", zh)
    assert ("柳溪镇党委" in en, "Superior" in en, "Branch" in en) == (True, True, True)
    assert "白塔乡党委" in told["A1", "zh"]
    assert "一级党（工）委以下级别" in told["A1-T2", "zh"]
    assert "Below the first level" in told["A1-T2", "en"]
