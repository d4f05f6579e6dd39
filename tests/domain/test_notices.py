"""Texts that leave the house name no person and hold no number of one (R-194)."""

import pytest

from service.domain.deadlines.deadlines import Mark
from service.domain.deadlines.notices import NOTICE_TEXTS, NoticeKind, is_discreet, short_text
from service.domain.routes.varieties import Variety


@pytest.mark.requirement("R-194")
def test_every_kind_says_itself_in_both_languages_and_discreetly() -> None:
    for kind in NoticeKind:
        zh, en = NOTICE_TEXTS[kind]
        assert zh
        assert en
        for variety in Variety:
            text = short_text(kind, variety=variety, transfer_id=999_999_999)
            assert is_discreet(text)
            assert len(text) <= 70, "a longer text costs two messages"
    assert {mark.value for mark in Mark} <= set(NoticeKind)


@pytest.mark.requirement("R-194")
@pytest.mark.parametrize("number", ["379901198501010017", "37990119850101001X", "379901850101001"])
def test_a_text_with_an_identity_number_is_noticed(number: str) -> None:
    assert not is_discreet(f"张样例（{number}）有新的待办")
    assert is_discreet("编号 20250300001，电话 13900000001")
