"""The form of an organisation's record: what an import left open is said before anything is entered (R-005)."""

import re

import pytest

from tests.reference.seeding import PASSWORD
from tests.web.conftest import MakeSite
from tests.web.programs import Site
from tests.web.test_account_pages import csrf, visit

_NAMED = re.compile(r'<li><a href="#field-(\w+)">')
_AWAITED = re.compile(r'id="awaited">.*?</ul>', re.DOTALL)
WHOLE = {"short_name": "柳溪村支部", "category": "631", "affiliation": "2", "approved_on": "2018-09-18"}


def awaited(text: str) -> list[str]:
    found = _AWAITED.search(text)
    return _NAMED.findall(found[0]) if found else []


@pytest.mark.requirement("R-005")
def test_the_form_names_at_once_what_an_imported_branch_lacks(plain_site: Site) -> None:
    town, path = visit(plain_site, "adm-A1-T1", PASSWORD), "/organisations/A1-T1-B1/edit"
    shown = town.get(path).text
    assert awaited(shown) == list(WHOLE)
    assert "应为党支部（631）" in shown
    form = {"csrf": csrf(town, path), "version": "1", "name": "中共柳溪村支部委员会", "contact": "样例联系人"}
    refused = town.post(path, data=form)
    assert (refused.status_code, awaited(refused.text)) == (422, [])
    assert set(_NAMED.findall(refused.text)) == set(WHOLE), "and all of them again when it is sent without"
    assert town.post(path, data=form | WHOLE).status_code == 303
    assert awaited(town.get(path).text) == []
    assert awaited(town.get("/organisations/A1-T1/new").text) == [], "a new one begins empty"


@pytest.mark.requirement("R-005")
def test_the_legal_entity_is_awaited_where_the_profile_asks_for_it(make_site: MakeSite) -> None:
    college = visit(make_site("beijing-cuc"), "adm-XU-C1", PASSWORD)
    assert "unit_relation" in awaited(college.get("/organisations/XU-C1-B1/edit").text)
