"""What a text in a form may look like beyond its length: numbers of persons, telephones, postcodes, months, dates."""

import re
from collections.abc import Callable
from datetime import date

from jsonschema import FormatChecker

from service.domain.applying.targets import looks_like_code
from service.domain.contacts import is_postcode, is_telephone
from service.domain.errors import Refused
from service.domain.members import identity_numbers

_MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])", re.ASCII)
_RULES: dict[str, Callable[[str], bool]] = {
    "cn-phone": is_telephone,
    "cn-postcode": is_postcode,
    "month": lambda text: _MONTH.fullmatch(text) is not None,
    "org": looks_like_code,
}
_DATE = re.compile(r"[12]\d{3}-\d{2}-\d{2}", re.ASCII)

MESSAGES = {
    "cn-phone": ("应为 11 位手机号码或“区号-号码”", "expected 11 digits of a mobile or area code-number"),
    "cn-postcode": ("应为 6 位数字", "expected six digits"),
    "month": ("应为 YYYY-MM", "expected YYYY-MM"),
    "date": ("应为存在的日期 YYYY-MM-DD", "expected an existing date YYYY-MM-DD"),
    "org": ("应为党组织编码", "expected the code of an organisation"),
    "cn-id": ("应为 18 位身份证号", "expected an identity number of 18 characters"),
}
"""What each format expects, in Chinese and in English."""

CODES = {"cn-phone": "E_PHONE_FORMAT", "cn-postcode": "E_POSTCODE_FORMAT"}
"""Refusal codes of formats that have one of their own; that of `cn-id` is raised by the rule itself."""

checker = FormatChecker(formats=())
"""Knows our formats and no others: what a schema names is what is checked."""


def _matches(name: str, rule: Callable[[str], bool]) -> None:
    checker.checks(name)(lambda value: not isinstance(value, str) or rule(value))


for _name, _rule in _RULES.items():
    _matches(_name, _rule)


@checker.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (_DATE.fullmatch(value) is not None and date.fromisoformat(value) is not None)


@checker.checks("cn-id", raises=Refused)
def _is_identity_number(value: object) -> bool:
    # Whether the birth date lies in the future is asked where "today" is known.
    return not isinstance(value, str) or bool(identity_numbers.parse(value, today=date.max))
