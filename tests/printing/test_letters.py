"""Letters as HTML: the parts, what is struck out, capital numerals, and that nothing in them can do harm."""

import re
from importlib import resources

import pytest
from jinja2.exceptions import SecurityError

from service.domain.letters.letters import LetterState
from service.printing.letters import letter_html

TEMPLATE = resources.files("letter_templates").joinpath("introduction_letter.html").read_bytes()
SNAPSHOT = {
    "number": "20171200002",
    "issued_on": "2017-12-07",
    "issuer": "柳溪镇党委",
    "addressee": "中共东岭县委员会组织部",
    "name": "张样例",
    "sex": "MALE",
    "age": 32,
    "ethnicity": "汉",
    "kind": "FULL",
    "id_number": "379901198501010017",
    "from": "柳溪村党支部",
    "to": "外省某某党委",
    "dues_paid_to": "2017-12",
    "validity_days": 90,
    "contact": "13900000001",
    "committee": {"telephone": "0530-1234567", "fax": "0530-1234568", "postcode": "250000", "address": "样例路1号"},
    "receipt_heading": "中共柳溪镇委员会",
}


def drawn(**changes: object) -> str:
    return letter_html({**SNAPSHOT, **changes}, template=TEMPLATE)


def text(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def part(html: str, number: int) -> str:
    return html.split(f'data-part="{number}"')[1].split("</section>", maxsplit=1)[0]


@pytest.mark.requirement("R-160")
def test_each_of_three_parts_carries_the_number() -> None:
    html = drawn()
    assert html.count("data-part=") == 3
    for number, label in ((1, "第一联"), (2, "第二联"), (3, "第三联")):
        assert "第20171200002号" in text(part(html, number))
        assert label in part(html, number)


@pytest.mark.requirement("R-161")
def test_each_part_says_what_it_must() -> None:
    html = drawn()
    assert "张样例同志系中共（预备、正式）党员，组织关系由柳溪村党支部转到外省某某党委。" in text(part(html, 1))
    assert "2017年12月7日" in part(html, 1)
    body = text(part(html, 2))
    for words in (
        "中共东岭县委员会组织部：", "32岁", "汉族", "身份证号码379901198501010017", "请转接组织关系",
        "柳溪镇党委（盖章）", "13900000001", "样例路1号", "联系电话：0530-1234567", "传真：0530-1234568", "邮编：250000",
    ):  # fmt: skip
        assert words in body
    receipt = text(part(html, 3))
    assert "中共柳溪镇委员会：" in receipt
    assert "张样例同志的党员组织关系已转达我处" in receipt
    assert "一个月内" in receipt
    assert "经办人" in receipt


@pytest.mark.requirement("R-162")
@pytest.mark.parametrize(
    ("sex", "kind", "struck"),
    [
        ("MALE", "FULL", {"女", "预备"}),
        ("FEMALE", "PROBATIONARY", {"男", "正式"}),
    ],
)
def test_what_does_not_apply_is_struck_out(sex: str, kind: str, struck: set[str]) -> None:
    body = part(drawn(sex=sex, kind=kind), 2)
    assert set(re.findall(r"<s [^>]*>([^<]+)</s>", body)) == struck


@pytest.mark.requirement("R-162")
def test_dues_and_validity_are_in_capital_numerals() -> None:
    body = text(part(drawn(), 2))
    assert "党费已交到贰零壹柒年壹拾贰月" in body
    assert "（有效期玖拾天）" in body


def test_what_is_unknown_is_a_blank_to_fill_in() -> None:
    html = letter_html({"number": "20171200002"}, template=TEMPLATE)
    assert "letter-blank" in part(html, 3)
    assert "None" not in html


@pytest.mark.requirement("R-161")
def test_a_recorded_receipt_is_filled_in() -> None:
    receipt = {"date": "2018-01-05", "handler": "李样例", "telephone": "0591-1234567"}
    third = text(part(letter_html(SNAPSHOT, template=TEMPLATE, receipt=receipt), 3))
    assert "2018年1月5日" in third
    assert "经办人：李样例　联系电话：0591-1234567" in third


@pytest.mark.requirement("R-173")
@pytest.mark.parametrize("state", LetterState)
def test_a_letter_out_of_use_says_so(state: LetterState) -> None:
    html = letter_html(SNAPSHOT, template=TEMPLATE, state=state)
    assert ("作废" in html) is (state in {LetterState.SUPERSEDED, LetterState.RECALLED, LetterState.VOID})


HARMFUL = '<script src="x"></script>{{ 7 * 7 }}'


@pytest.mark.parametrize(
    "key", ["number", "issuer", "addressee", "name", "age", "ethnicity", "id_number", "from", "to", "contact"]
)
def test_nothing_in_a_snapshot_becomes_markup(key: str) -> None:
    html = drawn(**{key: HARMFUL})
    assert "<script" not in html
    assert "&lt;script" in html
    assert "{{ 7 * 7 }}" in html


def test_nothing_in_a_committee_or_receipt_becomes_markup() -> None:
    snapshot = {"committee": {"address": HARMFUL}, "receipt_heading": HARMFUL}
    html = letter_html(snapshot, template=TEMPLATE, receipt={"handler": HARMFUL})
    assert "<script" not in html
    assert html.count("{{ 7 * 7 }}") == 3


def test_a_template_cannot_reach_the_program() -> None:
    with pytest.raises(SecurityError):
        letter_html(SNAPSHOT, template=b"{{ letter.__class__.__mro__[1].__subclasses__() }}")
