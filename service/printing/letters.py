"""A letter as HTML: the three parts of an introduction letter, drawn from its snapshot (R-160–R-162, R-173).

The snapshot is plain JSON, so that a letter looks the same years later (R-172). Its keys, each of which may be
missing or empty and is then a blank to fill in by hand:

number, state (requirements 1.7), issued_on (ISO date), issuer, addressee, member_name, sex (MALE, FEMALE), age,
ethnicity, kind (FULL, PROBATIONARY), id_number, origin, target, dues_paid_to (YYYY-MM), validity_days, contact,
committee_address, committee_telephone, committee_fax, committee_postcode, and of the receipt: receipt_heading,
receipt_on (ISO date), receipt_handler, receipt_telephone.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from service.domain.letters import LetterState
from service.domain.numerals import capital_digits, capital_number

KEYS = frozenset(
    [
        "number",
        "state",
        "issued_on",
        "issuer",
        "addressee",
        "member_name",
        "sex",
        "age",
        "ethnicity",
        "kind",
        "id_number",
        "origin",
        "target",
        "dues_paid_to",
        "validity_days",
        "contact",
        "committee_address",
        "committee_telephone",
        "committee_fax",
        "committee_postcode",
        "receipt_heading",
        "receipt_on",
        "receipt_handler",
        "receipt_telephone",
    ]
)
_OUT_OF_USE = frozenset({LetterState.SUPERSEDED, LetterState.RECALLED, LetterState.VOID})


def letter_html(snapshot: Mapping[str, object], *, template: bytes) -> str:
    """Draw a letter as a fragment of HTML; whatever stands in the snapshot is escaped.

    `template` is the file introduction_letter.html, in the version the transfer runs with.
    """
    letter = {key: snapshot.get(key) or "" for key in KEYS}
    year, _, month = str(letter["dues_paid_to"]).partition("-")
    days = letter["validity_days"]
    return _template(template).render(
        letter=letter,
        is_void=letter["state"] in _OUT_OF_USE,
        issued_on=_written_date(letter["issued_on"]),
        receipt_on=_written_date(letter["receipt_on"]),
        ethnicity=_ethnicity(str(letter["ethnicity"])),
        dues_year=capital_digits(year),
        dues_month=capital_number(int(month)) if month else "",
        validity=capital_number(int(str(days))) if days else "",
    )


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
