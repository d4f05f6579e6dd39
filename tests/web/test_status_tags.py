"""Where an application stands looks the same wherever it is shown."""

import re

import pytest

from service.domain.organisations.organisation_changes import ChangeStatus
from tests.architecture.sources import ROOT
from tests.web.programs import Site

TEMPLATES = ROOT / "service/web/templates"


@pytest.mark.parametrize(
    ("status", "colour", "words"),
    [
        (ChangeStatus.OPEN, "tag tag-blue", "待审批"),
        (ChangeStatus.APPROVED, "tag tag-green", "已同意"),
        (ChangeStatus.REFUSED, "tag tag-amber", "未同意"),
        (ChangeStatus.WITHDRAWN, "tag ", "已撤回"),
    ],
)
def test_each_state_has_its_colour_and_word(still_site: Site, status: ChangeStatus, colour: str, words: str) -> None:
    with still_site.app.test_request_context("/"):
        macros = still_site.app.jinja_env.get_template("macros/applications.html").module
        assert str(macros.status_tag(status)) == f'<span class="{colour}">{words}</span>'  # type: ignore[attr-defined]


def test_no_page_draws_it_by_itself() -> None:
    drawing = re.compile(r"\bchange_title\(")
    found = [path.name for path in TEMPLATES.rglob("*.html") if drawing.search(path.read_text(encoding="utf-8"))]
    assert found == ["applications.html"]
