"""The receipt that comes back from outside: its dates, its image (R-131, R-133)."""

from datetime import date

import pytest

from service.domain.errors import Refused
from service.domain.transfers import receipts
from service.domain.transfers.actions import Action

ISSUED, TODAY = date(2025, 3, 10), date(2025, 4, 3)


def faults(day: str | None, *, issued_on: date | None = ISSUED) -> list[str]:
    found = receipts.date_faults({"receipt_date": day}, issued_on=issued_on, today=TODAY)
    return [each.code for each in found]


@pytest.mark.requirement("R-131")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-03-09", ["E_DATE_ORDER"]), ("2025-03-10", []), ("2025-04-03", []), ("2025-04-04", ["E_DATE_FUTURE"]),
        (None, []), ("", []),
    ],
)  # fmt: skip
def test_a_receipt_lies_between_its_letter_and_today(day: str | None, expected: list[str]) -> None:
    assert faults(day) == expected


@pytest.mark.requirement("R-131")
def test_without_a_letter_only_the_future_is_refused() -> None:
    assert faults("1990-01-01", issued_on=None) == []
    assert faults("2025-04-04", issued_on=None) == ["E_DATE_FUTURE"]


@pytest.mark.requirement("R-133")
def test_the_report_in_outside_is_confirmed_with_the_image_of_the_receipt() -> None:
    with pytest.raises(Refused, match="E_RECEIPT_IMAGE_REQUIRED") as refusal:
        receipts.require_image(Action.CONFIRM_OUTSIDE, has_image=False)
    assert refusal.value.fields[0].field == "attachments"
    receipts.require_image(Action.CONFIRM_OUTSIDE, has_image=True)
    receipts.require_image(Action.RECORD_RECEIPT, has_image=False)
