"""Requests that no page of ours sends: each gets a page with a code, none is a fault."""

import pytest

ADDRESSES = (
    "/transfers/99999999999999999999", "/letters/99999999999999999999", "/lists/todo?page=0", "/lists/todo?page=x",
    "/lists/nothing", "/apply?member=99999999", "/apply/members?name=%00", "/transfers/1?do=%00&done=%3Cscript%3E",
    "/organisations/search?into=field-target&target=%00%25_%5C",
)  # fmt: skip


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_address_is_a_fault(visitor, password, path):
    visitor.log_in("adm-A1", password)
    assert visitor.page.request.get(f"{visitor.base}{path}").status < 500


@pytest.mark.parametrize("path", ["/transfers/1", "/apply", "/incoming", "/role", "/preferences", "/log-in"])
def test_an_empty_form_is_not_a_fault(visitor, password, path):
    visitor.log_in("adm-A1", password)
    token = visitor.page.locator("meta[name=csrf-token]").get_attribute("content")
    answer = visitor.page.request.post(f"{visitor.base}{path}", form={"csrf": token, "key": "\x00", "go": "\x00"})
    assert answer.status < 500
