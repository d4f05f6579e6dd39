"""Where somebody comes from, chosen by province, city and county (R-142)."""

import pytest

from service.definitions.profiles import profile
from service.domain.applying import origins
from service.domain.applying.origins import Origin

WHOLE = "湖北省/样例市/样例县 样例村党支部"


@pytest.mark.requirement("R-142")
@pytest.mark.parametrize(
    ("text", "origin"),
    [
        (WHOLE, Origin("湖北省", "样例市", "样例县", "样例村党支部")),
        ("北京市/样例区 样例街道 第一党支部", Origin("北京市", "", "样例区", "样例街道 第一党支部")),
        ("湖北省 样例党支部", Origin("湖北省", branch="样例党支部")),
        ("湖北省/样例市/样例县", Origin("湖北省", "样例市", "样例县")),
        ("中共样例市委组织部", Origin(branch="中共样例市委组织部")),
        ("样例市/样例县 样例村党支部", Origin(branch="样例市/样例县 样例村党支部")),
        ("湖北省/样例市/样例县/样例镇 样例村党支部", Origin(branch="湖北省/样例市/样例县/样例镇 样例村党支部")),
        ("", Origin()),
    ],
)
def test_an_origin_is_taken_to_pieces_and_put_together(text: str, origin: Origin) -> None:
    assert origins.parts(text) == origin
    assert origin.text == text


@pytest.mark.requirement("R-142")
@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (WHOLE, []),
        ("湖北省样例市样例县样例村党支部", []),
        ("中共样例市委组织部", ["E_FIELD_INVALID"]),
        ("样例市/样例县 样例村党支部", ["E_FIELD_INVALID"]),
        ("湖北省/样例市/样例县", ["E_REQUIRED_FIELD"]),
        ("湖北省", ["E_REQUIRED_FIELD"]),
        ("", []),
    ],
)
def test_where_the_region_is_chosen_it_stands_there(text: str, codes: list[str]) -> None:
    found = list(origins.faults({"origin": text}, profile("fujian")))
    assert [(each.code, each.field) for each in found] == [(code, "origin") for code in codes]
    assert list(origins.faults({"origin": text}, profile("shandong"))) == []
    assert list(origins.faults({"origin": text, "in_type": "FROM_MILITARY"}, profile("fujian"))) == []
