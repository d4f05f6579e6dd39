"""One line of a members file: its cells as a member, or what is wrong with them (R-040, R-041, R-042, R-045)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from service.domain.errors import Refused
from service.domain.members import identity_numbers
from service.domain.members.members import MemberKind, MemberStatus, Sex
from service.domain.names import invisible, normalised, private
from service.use_cases.imports.defects import Defects, among

HEADER = (
    "id_number", "name", "sex", "kind", "branch_code", "ethnicity", "joined_on", "full_on", "mobile", "status",
    "is_graduate",
)  # fmt: skip
INVALID = "E_FIELD_INVALID"
_REQUIRED = ("id_number", "name", "kind", "branch_code")
_TELEPHONE = re.compile(r"1\d{10}|0\d{2,3}-\d{7,8}", re.ASCII)
_LONGEST_NAME = 100

Words = TypeVar("Words", bound=StrEnum)


@dataclass(slots=True)
class MemberLine:
    """The values of one line; what was wrong is None and noted as a defect."""

    number: int
    branch_code: str
    id_number: str | None
    name: str
    sex: Sex | None
    kind: MemberKind | None
    status: MemberStatus | None
    ethnicity: str
    joined_on: date | None
    full_on: date | None
    mobile: str
    is_graduate: bool


class MemberReader:
    """Reads lines against one day; `today` is the date at the border."""

    def __init__(self, defects: Defects, *, today: date) -> None:
        self._defects = defects
        self._today = today
        self._number = 0

    def read(self, number: int, cells: list[str]) -> MemberLine:
        """Turn cells into values; every defect of the line is noted."""
        self._number = number
        given = dict(zip(HEADER, map(str.strip, cells), strict=True))
        for name in _REQUIRED:
            if not given[name]:
                self._note(name, "", "E_REQUIRED_FIELD", "不能为空 / must not be empty")
        id_number = self._id_number(given["id_number"])
        joined_on, full_on = self._dates(given)
        return MemberLine(
            number=number,
            branch_code=given["branch_code"],
            id_number=id_number,
            name=self._name("name", given["name"]),
            sex=self._sex(given["sex"], id_number),
            kind=self._word(MemberKind, "kind", given["kind"]),
            status=self._word(MemberStatus, "status", given["status"] or MemberStatus.ACTIVE.value),
            ethnicity=self._name("ethnicity", given["ethnicity"]),
            joined_on=joined_on,
            full_on=full_on,
            mobile=self._mobile(given["mobile"]),
            is_graduate=self._flag("is_graduate", given["is_graduate"]),
        )

    def _note(self, field: str, value: str, code: str, reason: str) -> None:
        self._defects.add(self._number, field, value, code, reason)

    def _id_number(self, text: str) -> str | None:
        if not text:
            return None
        try:
            return identity_numbers.parse(text, today=self._today)
        except Refused as refused:
            # The number itself is masked: reports are printed, mailed and kept.
            reason = f"{refused.message_zh} / {refused.message_en}"
            self._note("id_number", identity_numbers.masked(text), refused.code, reason)
            return None

    def _sex(self, text: str, id_number: str | None) -> Sex | None:
        if not text:
            return identity_numbers.sex(id_number) if id_number else None
        sex = self._word(Sex, "sex", text)
        if sex and id_number and identity_numbers.sex(id_number) is not sex:
            self._note("sex", text, "E_ID_MISMATCH", "与身份证号不符 / does not agree with the identity number")
        return sex

    def _dates(self, given: Mapping[str, str]) -> tuple[date | None, date | None]:
        joined_on, full_on = (self._date(name, given[name]) for name in ("joined_on", "full_on"))
        if joined_on and full_on and full_on <= joined_on:
            self._note("full_on", given["full_on"], "E_DATE_ORDER", "应晚于入党日期 / must lie after joined_on")
        return joined_on, full_on

    def _date(self, field: str, text: str) -> date | None:
        if not text:
            return None
        day = _day(text)
        if day is None:
            self._note(field, text, INVALID, "应为 YYYY-MM-DD / expected YYYY-MM-DD")
        elif day > self._today:
            self._note(field, text, "E_DATE_FUTURE", "晚于今天 / lies in the future")
        return day

    def _name(self, field: str, text: str) -> str:
        name, bad = _read_name(text)
        if bad:
            reason = f"含有无法识别的字符 {bad} / holds a character that others cannot read, {bad}"
            self._note(field, text, INVALID, reason)
        if len(name) > _LONGEST_NAME:
            self._note(field, text, INVALID, f"最多 {_LONGEST_NAME} 字 / at most {_LONGEST_NAME} characters")
        return name

    def _mobile(self, text: str) -> str:
        if text and not _TELEPHONE.fullmatch(text):
            masked = f"{text[:3]}****{text[-2:]}"
            self._note("mobile", masked, "E_PHONE_FORMAT", "应为手机或固定电话 / neither mobile nor landline")
        return text

    def _word(self, words: type[Words], field: str, text: str) -> Words | None:
        if not text:
            return None
        try:
            return words(text)
        except ValueError:
            self._note(field, text, INVALID, among(words))
            return None

    def _flag(self, field: str, text: str) -> bool:
        if text not in {"", "true", "false"}:
            self._note(field, text, INVALID, among(("true", "false")))
        return text == "true"


@lru_cache(maxsize=65_536)
def _read_name(text: str) -> tuple[str, str | None]:
    """The name in its one written form, and the character that keeps it from being taken; names come again and again."""
    name = normalised(text)
    return name, invisible(name) or private(name)


@lru_cache(maxsize=65_536)
def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None  # other forms of ISO 8601 are not what was asked for
