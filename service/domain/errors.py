"""The one way to say no: a refusal with its code, its sentence in two languages and its fields.

Source: requirements 2.28 and R-227. A refusal is foreseen; anything else that is raised is a fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.domain.refusal_texts import REFUSAL_TEXTS


class Kind(StrEnum):
    """The five kinds of refusal; the exact status stands in the catalogue."""

    NOT_FOUND = "not_found"
    NOT_ALLOWED = "not_allowed"
    INVALID_STATE = "invalid_state"
    INVALID_INPUT = "invalid_input"
    OUTDATED = "outdated"


_OUTDATED = frozenset({"E_STALE", "E_ALREADY_DECIDED"})
_KIND_BY_STATUS = {
    401: Kind.NOT_ALLOWED,
    403: Kind.NOT_ALLOWED,
    404: Kind.NOT_FOUND,
    409: Kind.INVALID_STATE,
    429: Kind.NOT_ALLOWED,
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing that is wrong with one field or one member of a request."""

    code: str
    field: str | None = None
    member: str | None = None
    zh: str = ""
    en: str = ""

    @property
    def message_zh(self) -> str:
        """The catalogue's Chinese sentence, with the particulars of this case behind it."""
        return _sentence(REFUSAL_TEXTS[self.code].zh, self.zh, "：")

    @property
    def message_en(self) -> str:
        """The catalogue's English sentence, with the particulars of this case behind it."""
        return _sentence(REFUSAL_TEXTS[self.code].en, self.en, ": ")


class Refused(Exception):
    """A request that the rules do not allow; whatever it had begun is undone.

    `code` is one of requirements 2.28; `detail_zh` and `detail_en` say what was expected and what was
    found; `fields` lists every field at fault (R-223).
    """

    def __init__(
        self,
        code: str,
        *,
        field: str | None = None,
        member: str | None = None,
        detail_zh: str = "",
        detail_en: str = "",
        fields: Sequence[FieldError] = (),
    ) -> None:
        self.code = code
        self.detail_zh = detail_zh
        self.detail_en = detail_en
        given = FieldError(code, field, member, detail_zh, detail_en)
        self.fields = tuple(fields) or ((given,) if field or member else ())
        super().__init__(f"{code} {self.message_en}")

    @property
    def status(self) -> int:
        """The HTTP status this refusal is answered with."""
        return REFUSAL_TEXTS[self.code].status

    @property
    def kind(self) -> Kind:
        """Which of the five kinds of refusal this is."""
        if self.code in _OUTDATED:
            return Kind.OUTDATED
        return _KIND_BY_STATUS.get(self.status, Kind.INVALID_INPUT)

    @property
    def message_zh(self) -> str:
        """The whole Chinese sentence."""
        return _sentence(REFUSAL_TEXTS[self.code].zh, self.detail_zh, "：")

    @property
    def message_en(self) -> str:
        """The whole English sentence."""
        return _sentence(REFUSAL_TEXTS[self.code].en, self.detail_en, ": ")


def refuse_fields(errors: Sequence[FieldError]) -> None:
    """Refuse with all errors listed, under the code of the first; do nothing when there is none (R-223)."""
    if errors:
        raise Refused(errors[0].code, fields=errors)


def _sentence(text: str, detail: str, colon: str) -> str:
    return f"{text}{colon}{detail}" if detail else text
