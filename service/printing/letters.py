"""A letter as HTML: the three parts of an introduction letter, drawn from its snapshot (R-160–R-162, R-173).

The snapshot is plain JSON, so that a letter looks the same years later (R-172). What is missing or empty in it
is a blank to fill in by hand. Its keys: number, issued_on (ISO date), issuer, addressee, name, sex (MALE, FEMALE),
age, ethnicity, kind (FULL, PROBATIONARY), id_number, from, to, dues_paid_to (YYYY-MM), validity_days, contact,
receipt_heading, and committee with contact, telephone, fax, postcode, address of the origin's primary committee.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from service.domain.letters.letters import LetterState
from service.domain.numerals import capital_digits, capital_number

KEYS = (
    "number", "issued_on", "issuer", "addressee", "name", "sex", "age", "ethnicity", "kind", "id_number", "from", "to",
    "dues_paid_to", "validity_days", "contact", "receipt_heading",
)  # fmt: skip
COMMITTEE_KEYS = ("contact", "telephone", "fax", "postcode", "address")
RECEIPT_KEYS = ("date", "handler", "telephone")
_OUT_OF_USE = frozenset({LetterState.SUPERSEDED, LetterState.RECALLED, LetterState.VOID})


def letter_html(
    snapshot: Mapping[str, Any],
    *,
    template: bytes,
    state: LetterState = LetterState.ISSUED,
    receipt: Mapping[str, Any] | None = None,
) -> str:
    """Draw a letter as a fragment of HTML; whatever stands in the snapshot is escaped.

    `template` is the file introduction_letter.html, in the version the transfer runs with; `receipt` holds date
    (ISO), handler and telephone once the receipt has been recorded.
    """
    letter = _filled(snapshot, KEYS)
    month = str(letter["dues_paid_to"])
    days = letter["validity_days"]
    entered = _filled(receipt or {}, RECEIPT_KEYS)
    return _template(template).render(
        letter=letter,
        committee=_filled(snapshot.get("committee") or {}, COMMITTEE_KEYS),
        receipt=entered,
        is_void=state in _OUT_OF_USE,
        issued_on=_written_date(letter["issued_on"]),
        receipt_on=_written_date(entered["date"]),
        ethnicity=_ethnicity(str(letter["ethnicity"])),
        dues_year=capital_digits(month[:4]),
        dues_month=capital_number(int(month[5:7])) if month else "",
        validity=capital_number(int(days)) if days else "",
    )


def receipt_html(texts: Mapping[str, Any], *, template: bytes) -> str:
    """Draw the receipt of a paper letter from outside as a fragment of HTML (R-149).

    `texts` hold number, addressee, name, committee, received_on (ISO date), handler, telephone.
    """
    return _template(template).render(receipt=texts, received_on=_written_date(texts.get("received_on")))


def _filled(values: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: values.get(key) or "" for key in keys}


@lru_cache(maxsize=8)
def _template(body: bytes) -> Template:
    # A template may come from an administrator one day: it can read the values and nothing else.
    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(body.decode())


def _written_date(value: object) -> str:
    if not value:
        return ""
    day = date.fromisoformat(str(value))
    return f"{day.year}年{day.month}月{day.day}日"


def _ethnicity(name: str) -> str:
    return name if not name or name.endswith("族") else f"{name}族"
