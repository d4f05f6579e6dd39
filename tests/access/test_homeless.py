"""Accounts that stand nowhere: a role for no organisation, or no role at all, shows nobody and breaks nothing (R-039)."""

import re
from urllib.parse import quote

import pytest

from service.storage.db import reading
from service.storage.members import members
from tests.access.place import Place
from tests.reference.seeding import PASSWORD, VAULT

_STRANGERS = ("off-homeless", "off-homeless liaison", "off-homeless admin", "off-no role")
_ABSENT = {"process": "apply", "step": "x", "version": 1, "name": "x", "filename": "x", "key": "x"}


def pages(place: Place) -> list[str]:
    """Every page there is, asked for everything there is."""
    rules = [each for each in place.site.app.url_map.iter_rules() if "GET" in (each.methods or ())]
    shown = [each for each in rules if not each.rule.startswith("/api") and each.endpoint != "static"]
    found: dict[str, None] = {}
    for rule in shown:
        for things in place.things.values():
            for thing in things:
                parts = {**_ABSENT, **place.parts[thing]}
                named = re.findall(r"<(?:[^:<>]+:)?(\w+)>", rule.rule)
                values = {name: quote(str(parts.get(name, 1))) for name in named}
                found[re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda part, values=values: values[part[1]], rule.rule)] = None
    return list(found)


@pytest.mark.requirement("R-039")
@pytest.mark.parametrize("login", _STRANGERS)
def test_who_stands_nowhere_sees_nobody_on_any_page(place: Place, login: str) -> None:
    with place.site.app.app_context(), reading():
        keys = {parts["member_id"] for parts in place.parts.values() if "member_id" in parts}
        people = [members.by_id(int(str(key)), VAULT) for key in keys]
    names = {each.member.name for each in people if each is not None}
    assert names
    client = place.site.app.test_client()
    assert client.post("/log-in", data={"login": login, "password": PASSWORD}).status_code == 303
    seen, broken, shown = [], [], 0
    for path in pages(place):
        answer = client.get(path)
        shown += answer.status_code == 200
        if answer.status_code >= 500:
            broken.append(f"{path}: {answer.status_code}")
        if any(name in answer.get_data().decode(errors="replace") for name in names):
            seen.append(path)
    assert (broken, seen) == ([], [])
    assert shown > 3, "nothing was looked at"
