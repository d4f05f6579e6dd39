"""What a check of a diagram found, and the one refusal that says all of it."""

from collections.abc import Iterable

from service.domain.errors import FieldError, Refused

CODE = "E_BPMN_INVALID"
_SHOWN = 100


def finding(element: str | None, zh: str, en: str) -> FieldError:
    """One defect of a diagram at one of its elements."""
    return FieldError(CODE, field=element, zh=zh, en=en)


def refusal(element: str | None, zh: str, en: str) -> Refused:
    """The refusal of a diagram because of one defect: E_BPMN_INVALID."""
    return Refused(CODE, field=element, detail_zh=zh, detail_en=en)


def refuse_all(findings: Iterable[FieldError]) -> None:
    """Refuse the diagram if there is any defect; the sentence tells the first, `fields` the first hundred."""
    found = list(findings)[:_SHOWN]
    if found:
        first = found[0]
        raise Refused(CODE, field=first.field, detail_zh=first.zh, detail_en=first.en, fields=found)
