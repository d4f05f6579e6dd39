"""The hash of an event is the same whoever computes it, and another one when anything in it is another."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.transfers.events import GENESIS, canonical_record, event_hash

# From RFC 8785: what must be escaped, what must not, and the order of keys.
CASES = (
    ({"b": 1, "a": None}, '{"a":null,"b":1}'),
    ({"text": "党员 \u20ac \x7f"}, '{"text":"党员 \u20ac \x7f"}'),
    ({"escapes": '\u000f\n\t\b\f\r"\\/'}, '{"escapes":"\\u000f\\n\\t\\b\\f\\r\\"\\\\/"}'),
    ({"list": [True, False, -7, []], "empty": {}}, '{"empty":{},"list":[true,false,-7,[]]}'),
    ({"A": 1, "_": 2, "a": 3, "1": 4}, '{"1":4,"A":1,"_":2,"a":3}'),
)


@pytest.mark.parametrize(("value", "written"), CASES)
def test_a_value_is_written_in_the_one_canonical_form(value: object, written: str) -> None:
    assert canonical_record(value) == written


REFUSED = (1.0, {"x": 0.5}, {"党": 1}, {1: 2}, [2**53], b"bytes", {"deep": [{"deeper": float("nan")}]}, ("tuple",))


@pytest.mark.parametrize("value", REFUSED)
def test_what_two_writers_would_write_differently_is_a_fault(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical_record(value)


def test_half_a_surrogate_pair_is_a_fault() -> None:
    with pytest.raises(UnicodeEncodeError):
        canonical_record(["\ud800"])


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
    max_leaves=20,
)


@given(values)
def test_what_is_written_can_be_read_and_is_written_the_same_again(value: object) -> None:
    written = canonical_record(value)
    assert json.loads(written) == value
    assert canonical_record(json.loads(written)) == written


ROW = {"seq": 2, "action": "approve", "sealed": "00ff", "previous_hash": GENESIS, "letter_no": None}


def test_the_hash_is_that_of_the_canonical_text() -> None:
    text = f'{{"action":"approve","letter_no":null,"previous_hash":"{GENESIS}","sealed":"00ff","seq":2}}'
    assert event_hash(ROW) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("name", ROW)
def test_every_value_counts(name: str) -> None:
    assert event_hash({**ROW, name: "another"}) != event_hash(ROW)
    assert event_hash({key: value for key, value in ROW.items() if key != name}) != event_hash(ROW)
