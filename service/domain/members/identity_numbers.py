"""Identity numbers of 18 characters (R-041, GB 11643).

The region digits are not compared with a table of divisions: divisions come and go, people stay.
"""

from datetime import date
from operator import mul

from service.domain.errors import Refused
from service.domain.members.members import Sex

LENGTH = 18
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"


def parse(text: str, *, today: date) -> str:
    """Return the number in its written form (a final x becomes X).

    Refuses E_ID_FORMAT (length, digits, impossible or future birth date) and E_ID_CHECKSUM.
    """
    number = text.strip().upper()
    body, check = number[:-1], number[-1:]
    digits = body.isascii() and body.isdigit()
    if len(number) != LENGTH or not digits or check not in _CHECK_CHARACTERS:
        raise Refused("E_ID_FORMAT", field="id_number")
    if birth_date(number) > today:
        raise Refused("E_ID_FORMAT", field="id_number", detail_zh="出生日期晚于今天", detail_en="born in the future")
    if check_character(body) != check:
        raise Refused("E_ID_CHECKSUM", field="id_number")
    return number


def check_character(body: str) -> str:
    """Compute the check character of the first 17 digits."""
    total = sum(map(mul, map(int, body), _WEIGHTS))
    return _CHECK_CHARACTERS[total % 11]


def birth_date(number: str) -> date:
    """Read the birth date; refuses E_ID_FORMAT for a date that does not exist."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise Refused(
            "E_ID_FORMAT", field="id_number", detail_zh="出生日期不存在", detail_en="no such birth date"
        ) from error


def sex(number: str) -> Sex:
    """Read the sex from the seventeenth digit."""
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def masked(number: str) -> str:
    """Show the first six and the last four characters only (R-038)."""
    return f"{number[:6]}{'*' * 8}{number[-4:]}" if len(number) == LENGTH else "*" * len(number)
