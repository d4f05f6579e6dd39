"""The codes of organisations: an imported tree brings its own, the service makes twelve digits (R-003)."""

from collections.abc import Iterator, Mapping

from service.domain.errors import Refused

_DIGITS = 12
_STEP = 10 ** (_DIGITS - 1)


def candidates(org_id: int) -> Iterator[str]:
    """The codes an organisation with this key may get; the first that no other has is taken."""
    for first in range(9, 0, -1):
        yield f"{first * _STEP + org_id:0{_DIGITS}d}"


def without_code(answers: Mapping[str, object], code: str | None) -> dict[str, object]:
    """The answers without a code that was sent along; refuses E_ORG_CODE_IMMUTABLE for another than its own.

    `code` is None for an organisation that is still to get one.
    """
    given = str(answers.get("code") or "").strip()
    if given and given != code:
        found = given[:40]
        expected = code or "-"
        raise Refused(
            "E_ORG_CODE_IMMUTABLE",
            field="code",
            detail_zh=f"应为 {expected}，所见为 {found}",
            detail_en=f"expected {expected}, found {found}",
        )
    return {name: value for name, value in answers.items() if name != "code"}
