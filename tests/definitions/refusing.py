"""The shortest sound diagram, and what the loader says of an unsound one."""

import pytest

from service.domain.errors import Refused
from tests.engine import tiny

LINE_NODES = """
start begin
script plan plan()
user apply
script finish finish()
end done
"""
LINE_FLOWS = """
begin plan
plan apply
apply finish
finish done
"""
LINE = tiny.bpmn(LINE_NODES, LINE_FLOWS)


def refused(xml: bytes, **options) -> dict[str | None, str]:
    """Load, expect a refusal, and return what it says of each element."""
    with pytest.raises(Refused) as refusal:
        tiny.load(xml, **options)
    assert refusal.value.code == "E_BPMN_INVALID"
    assert refusal.value.detail_zh
    assert refusal.value.detail_en
    found: dict[str | None, str] = {}
    for error in refusal.value.fields:
        found[error.field] = f"{found.get(error.field, '')} {error.en}"
    return found or {None: refusal.value.detail_en}
