"""What people write is shown as text, wherever it appears; it never becomes a part of the page."""

import pytest
import sqlalchemy as sa

from service.storage.db import execute, transaction
from service.storage.members import members
from tests.use_cases.walker import submit

NAME = "<img src=x onerror=window.PWN=1>"
WORDS = "</textarea><script>window.PWN=1</script>\"'><svg onload=window.PWN=1>{{7*7}}"


@pytest.fixture
def hostile(served):
    """A member with a hostile name whose transfer has hostile reasons and waits at the town committee."""
    with served.app.app_context():
        played = submit(served.world, "A1-T1-B1", "B1-S1-B1", reason=WORDS)
        played.forward()
        with transaction():
            execute(sa.update(members.table).values(name=NAME))
        return played.id


PAGES = (
    "/lists/todo",
    "/lists/own",
    "/transfers/{id}",
    "/transfers/{id}?do=reject",
    "/apply/members",
    "/organisations/search?into=field-target&target=%3Cscript%3E",
)


def test_nothing_that_was_written_is_run(visitor, hostile, password):
    visitor.log_in("adm-A1-T1", password)
    for path in PAGES:
        visitor.open(path.format(id=hostile))
        assert visitor.page.evaluate("window.PWN === undefined"), path
        assert visitor.page.locator("img, svg[onload], main script").count() == 0, path
    visitor.open(f"/transfers/{hostile}").sees(NAME)
    visitor.sees("{{7*7}}")


def test_what_comes_back_with_a_refusal_is_text_too(visitor, hostile, password):
    visitor.log_in("adm-A1-T1", password).open(f"/transfers/{hostile}")
    visitor.act("同意", 审批意见=WORDS + "长" * 450)
    assert visitor.page.evaluate("window.PWN === undefined")
    visitor.log_in(WORDS, "x")
    assert visitor.page.get_by_label("身份证号或用户名").input_value() == WORDS
    assert visitor.page.evaluate("window.PWN === undefined")
