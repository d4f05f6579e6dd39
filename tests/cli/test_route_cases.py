"""The file of cases: what is read, and every way in which the file itself may be bad."""

import json

import pytest

from service.commands.bad_file import BadFile
from service.commands.route_cases import answer_line, read_cases
from service.domain.errors import Refused
from service.domain.organisations.organisations import OrgRef
from service.domain.routes.hops import Fill, Hop, HopRole, Side
from service.domain.routes.routes import Route
from service.domain.routes.varieties import DestinationKind, OutType, Variety
from service.use_cases.imports.defects import Defect

HEADER = "case_id,origin,target,destination_kind,starter"


def cases(*lines: str, header: str = HEADER) -> list:
    return read_cases([f"{line}\n" for line in (header, *lines)])


def defects(*lines: str, header: str = HEADER) -> list[Defect]:
    with pytest.raises(BadFile) as caught:
        cases(*lines, header=header)
    return list(caught.value.report.defects)


def test_each_line_is_a_question() -> None:
    first, second = cases("1,A1-B1,,MILITARY,applicant", "2,,A1-B2,,A1")
    assert (first.case_id, first.question.origin, first.question.target) == ("1", "A1-B1", "")
    assert first.question.destination_kind is DestinationKind.MILITARY
    assert first.question.starter == "applicant"
    assert (second.question.origin, second.question.destination_kind) == ("", None)


def test_variety_and_off_tree_are_optional_columns() -> None:
    (only,) = cases("1,A1-B1,,,A1,IN_PROVINCE,true", header=f"{HEADER},variety,off_tree")
    assert only.question.variety is Variety.IN_PROVINCE
    assert only.question.off_tree
    (without,) = cases("1,A1-B1,,,A1,,", header=f"{HEADER},variety,off_tree")
    assert without.question.variety is None
    assert not without.question.off_tree


@pytest.mark.parametrize(
    "header",
    [
        "case_id,origin,target,destination_kind",
        f"{HEADER},colour",
        f"{HEADER},starter",
        "",
        "1,A,B,,C",
    ],
)
def test_a_wrong_header_is_the_only_defect(header: str) -> None:
    (only,) = defects("1,A,B,,applicant", header=header)
    assert (only.line, only.field, only.code) == (1, "header", "E_IMPORT_FORMAT")


def test_every_bad_line_is_named() -> None:
    found = defects(
        "1,A,B,,applicant",
        "2,A,,MOON,applicant",
        "1,A,B,,applicant",
        "4,A,B,,",
        ",A,B,,C",
        "6,A,B",
    )
    assert [(bad.line, bad.field, bad.code) for bad in found] == [
        (3, "destination_kind", "E_FIELD_INVALID"),
        (4, "case_id", "E_IMPORT_FORMAT"),
        (5, "starter", "E_REQUIRED_FIELD"),
        (6, "case_id", "E_REQUIRED_FIELD"),
        (7, "", "E_IMPORT_FORMAT"),
    ]
    assert str(found[0]).startswith('line 3: field=destination_kind value="MOON" E_FIELD_INVALID ')


def test_unknown_words_in_optional_columns() -> None:
    found = defects("1,A,,,A,SIDEWAYS,perhaps", header=f"{HEADER},variety,off_tree")
    assert [bad.field for bad in found] == ["variety", "off_tree"]


def test_an_open_quotation_mark_is_a_defect_of_its_line() -> None:
    (bad,) = defects('1,"A,B,,C')
    assert bad.code == "E_IMPORT_FORMAT"


def test_a_route_is_one_line_with_fixed_keys() -> None:
    hops = (
        Hop(None, HopRole.APPLY, Side.HOME),
        Hop(OrgRef(1, "A", "甲"), HopRole.APPROVE, Side.HOME, Fill.AUTO),
    )
    line = answer_line("案1", Route(Variety.INTERNAL, OutType.SAME_SYSTEM, hops))
    assert "\n" not in line
    assert "案1" in line
    assert json.loads(line) == {
        "case_id": "案1",
        "variety": "INTERNAL",
        "out_type": "SAME_SYSTEM",
        "hops": [
            {"org": None, "role": "APPLY", "fill": "NORMAL"},
            {"org": "A", "role": "APPROVE", "fill": "AUTO"},
        ],
        "error": None,
    }


def test_a_refusal_is_an_answer() -> None:
    assert json.loads(answer_line("7", Refused("E_ORG_NOT_FOUND", field="target"))) == {
        "case_id": "7",
        "variety": None,
        "out_type": None,
        "hops": [],
        "error": "E_ORG_NOT_FOUND",
    }
