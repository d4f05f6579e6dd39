"""What follows from an answer of the real-name register, and from none (R-141)."""

from itertools import product

import pytest

from service.domain.errors import Refused
from service.domain.members.real_names import Review, Verdict, nobody, settle


@pytest.mark.requirement("R-141")
@pytest.mark.parametrize("review", [Review(*flags) for flags in product((False, True), repeat=3)])
def test_whom_the_register_confirms_nobody_reviews(review: Review) -> None:
    assert settle(Verdict.MATCHES, review) is False


@pytest.mark.requirement("R-141")
@pytest.mark.parametrize("verdict", [Verdict.DIFFERS, Verdict.UNANSWERED])
@pytest.mark.parametrize(
    ("review", "code", "field"),
    [
        (Review(), "E_REAL_NAME_FAILED", "manual_review"),
        (Review(has_photo=True, is_confirmed=True), "E_REAL_NAME_FAILED", "manual_review"),
        (Review(is_wanted=True), "E_ID_PHOTO_REQUIRED", "attachments"),
        (Review(is_wanted=True, is_confirmed=True), "E_ID_PHOTO_REQUIRED", "attachments"),
        (Review(is_wanted=True, has_photo=True), "E_ATTESTATION_REQUIRED", "identity_checked"),
    ],
)
def test_a_review_needs_photo_and_word(verdict: Verdict, review: Review, code: str, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        settle(verdict, review)
    assert (refusal.value.code, refusal.value.fields[0].field) == (code, field)


@pytest.mark.requirement("R-141")
@pytest.mark.parametrize("verdict", [Verdict.DIFFERS, Verdict.UNANSWERED])
def test_a_whole_review_takes_the_place_of_the_register(verdict: Verdict) -> None:
    assert settle(verdict, Review(is_wanted=True, has_photo=True, is_confirmed=True)) is True


def test_without_a_register_everybody_is_reviewed() -> None:
    assert nobody("孔样例", id_number="429901198709090516") is Verdict.UNANSWERED


@pytest.mark.parametrize(("verdict", "zh"), [(Verdict.DIFFERS, "不一致"), (Verdict.UNANSWERED, "没有答复")])
def test_a_refusal_says_whether_anybody_answered(verdict: Verdict, zh: str) -> None:
    with pytest.raises(Refused) as refusal:
        settle(verdict, Review())
    assert zh in refusal.value.message_zh
