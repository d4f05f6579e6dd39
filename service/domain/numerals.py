"""Capital Chinese numerals, as printed letters write years, months and days of validity (R-162)."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
LARGEST = 9_999


def capital_digits(text: str) -> str:
    """Write each digit by itself, as a year is written: 2017 becomes 贰零壹柒."""
    return "".join(_DIGITS[int(digit)] for digit in text)


def capital_number(value: int) -> str:
    """Write a number from 0 to 9999 with its units: 90 becomes 玖拾, 12 becomes 壹拾贰, 305 becomes 叁佰零伍.

    The leading 壹 stays, as on a cheque: nothing can be written in front of it.
    """
    if not 0 <= value <= LARGEST:
        raise ValueError(f"expected 0 to {LARGEST}, found {value}")
    digits = str(value)
    written = ""
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        # Several zeros in a row are one 零, and zeros at the end are none.
        written += f"{_DIGITS[int(digit)]}{_UNITS[place]}" if digit != "0" else "零"
    return _DIGITS[0] if value == 0 else _without_idle_zeros(written)


def _without_idle_zeros(written: str) -> str:
    while "零零" in written:
        written = written.replace("零零", "零")
    return written.removesuffix("零")
