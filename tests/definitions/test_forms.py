"""A form takes what a browser or a program sends, gives clean facts, and names every defect at once (R-223)."""

import json

import pytest

from service.definitions import forms
from service.definitions.forms import BrokenFormError, Form
from service.domain.errors import Refused
from service.domain.routes.hops import STEPS
from service.domain.transfers.actions import Action

INCOMING = {
    "decision": "submit",
    "id_number": "990101199003070015",
    "name": "陈海生",
    "sex": "MALE",
    "ethnicity": "汉族",
    "kind": "FULL",
    "in_type": "FROM_OTHER_PROVINCE",
    "origin": "江北省委组织部",
    "dues_paid_to": "2025-02",
    "target": "A1-T1-B1",
}
RECEIPT = {
    "decision": "record_receipt",
    "letter_no": "20250300001",
    "receiving_committee": "江北市委组织部",
    "receipt_date": "2025-03-09",
    "handler": "周敏",
    "telephone": "010-62345678",
}
ALL_FORMS = [name.split(".") for name in forms.names()]


def codes(form: Form, answers: dict[str, object]) -> dict[str | None, str]:
    with pytest.raises(Refused) as refusal:
        form.accept(answers)
    return {error.field: error.code for error in refusal.value.fields}


def small(**fields: object) -> bytes:
    ui = {"title_en": "Small", "groups": {}}
    return json.dumps(
        {"title": "小", "x-ui": ui, "type": "object", "additionalProperties": False, "properties": fields}
    ).encode()


def text(**more: object) -> dict[str, object]:
    return {"title": "字", "type": "string", "maxLength": 5, "x-ui": {"title_en": "Text"}, **more}


@pytest.mark.parametrize("step", STEPS)
def test_every_user_task_has_a_form(step: str) -> None:
    assert forms.form("transfer_in_province", step).name == f"common.{step}"


def test_a_form_of_the_process_goes_before_the_common_one() -> None:
    assert forms.form("transfer_incoming", "apply").name == "transfer_incoming.apply"
    assert forms.form("transfer_incoming", "receive").name == "common.receive"


def test_an_unknown_step_is_not_found() -> None:
    with pytest.raises(Refused) as refusal:
        forms.form("transfer_internal", "dance")
    assert refusal.value.code == "E_NOT_FOUND"


@pytest.mark.parametrize(("process", "step"), ALL_FORMS)
def test_every_form_can_be_drawn_in_both_languages(process: str, step: str) -> None:
    form = forms.form(process, step)
    assert form.title
    assert form.title_en
    for field in form.fields:
        assert field.title, field.name
        assert field.title_en, field.name
        assert field.group in {group.name for group in form.groups}, field.name
        assert bool(field.help) == bool(field.help_en), field.name
        assert field.widget != "select" or field.options, field.name


@pytest.mark.parametrize(("process", "step"), ALL_FORMS)
def test_every_decision_of_a_form_is_an_action(process: str, step: str) -> None:
    form = forms.form(process, step)
    assert set(form.decisions) <= set(Action)
    # The form of a record belongs to no transfer; nothing is decided in it.
    assert bool(form.decisions) == (step != "record")


def test_every_action_can_be_decided_in_some_form() -> None:
    decided = {action for process, step in ALL_FORMS for action in forms.form(process, step).decisions}
    assert set(Action) - decided == set()


def test_texts_of_a_browser_become_facts_of_the_right_type() -> None:
    facts = forms.form("transfer_internal", "apply").accept(
        {
            "decision": "submit",
            "target": "  A1-T1-B1 ",
            "off_tree": "on",
            "age": "41",
            "reason": "   ",
            "attachments": ["7", ""],
        }
    )
    assert dict(facts) == {
        "decision": "submit",
        "age": 41,
        "off_tree": True,
        "target": "A1-T1-B1",
        "attachments": ("7",),
    }
    assert [type(value) for value in facts.values()] == [str, int, bool, str, tuple]


def test_values_of_a_program_pass_as_they_are() -> None:
    facts = forms.form("transfer_internal", "decide_home").accept(
        {"decision": "approve", "validity_days": 30, "attestation": False}
    )
    assert dict(facts) == {"decision": "approve", "validity_days": 30, "attestation": False}


@pytest.mark.requirement("R-223")
def test_all_missing_fields_are_named_at_once_and_in_the_order_of_the_form() -> None:
    form = forms.form("transfer_incoming", "apply")
    found = codes(form, {"name": " "})
    needed = ["id_number", "name", "sex", "ethnicity", "kind", "dues_paid_to", "origin", "target"]
    assert found == dict.fromkeys(needed, "E_REQUIRED_FIELD")
    assert list(found) == needed


@pytest.mark.requirement("R-223")
def test_a_rule_may_add_its_own_defects_to_those_of_the_form() -> None:
    facts, errors = forms.form("transfer_incoming", "apply").read({**INCOMING, "contact": "1", "origin": ""})
    assert [error.field for error in errors] == ["contact", "origin"]
    assert dict(facts) == {name: value for name, value in INCOMING.items() if name != "origin"}


@pytest.mark.requirement("R-142")
def test_a_complete_incoming_application_is_accepted() -> None:
    assert dict(forms.form("transfer_incoming", "apply").accept(INCOMING)) == INCOMING


def test_whoever_voids_an_incoming_application_need_not_fill_it_in_again() -> None:
    assert forms.form("transfer_incoming", "apply").accept({"decision": "void", "reason": "重复"})["decision"] == "void"


@pytest.mark.requirement("R-131")
def test_a_receipt_needs_all_its_fields_but_the_remark() -> None:
    form = forms.form("transfer_out_of_province", "record_receipt")
    assert dict(form.accept(RECEIPT)) == RECEIPT
    missing = codes(form, {"decision": "record_receipt", "remark": "快递"})
    assert set(missing) == set(RECEIPT) - {"decision"}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("id_number", "123", "E_ID_FORMAT"),
        ("id_number", "990101199013070019", "E_ID_FORMAT"),
        ("id_number", "990101199003070016", "E_ID_CHECKSUM"),
        ("contact", "12345", "E_PHONE_FORMAT"),
        ("contact", "23800001111", "E_PHONE_FORMAT"),
        ("contact", "010 62345678", "E_PHONE_FORMAT"),
        ("committee_fax", "62345678", "E_PHONE_FORMAT"),
        ("committee_postcode", "10008", "E_POSTCODE_FORMAT"),
        ("committee_postcode", "１０００８１", "E_POSTCODE_FORMAT"),
        ("dues_paid_to", "2025-13", "E_FIELD_INVALID"),
        ("dues_paid_to", "2025-2", "E_FIELD_INVALID"),
        ("transfer_in_date", "2025-02-29", "E_FIELD_INVALID"),
        ("transfer_in_date", "20250228", "E_FIELD_INVALID"),
        ("in_type", "FROM_MARS", "E_IN_TYPE_INVALID"),
        ("kind", "full", "E_FIELD_INVALID"),
        ("validity_days", "0", "E_VALIDITY_NOT_ALLOWED"),
        ("age", "old", "E_FIELD_INVALID"),
        ("age", True, "E_FIELD_INVALID"),
        ("name", "陈" * 101, "E_FIELD_INVALID"),
        ("name", 7, "E_FIELD_INVALID"),
        ("name", "陈\x00海", "E_FIELD_INVALID"),
        ("origin", "省", "E_FIELD_INVALID"),
        ("manual_review", "maybe", "E_FIELD_INVALID"),
        ("attachments", ["1", "1"], "E_FIELD_INVALID"),
        ("attachments", [str(number) for number in range(21)], "E_FIELD_INVALID"),
        ("issuer", "A1", "E_FIELD_READONLY"),
        ("surprise", "1", "E_FIELD_INVALID"),
        ("decision", "approve_in_city", "E_ACTION_NOT_ALLOWED"),
    ],
)
def test_a_wrong_field_gets_its_code_and_nothing_else_is_blamed(field: str, value: object, code: str) -> None:
    assert codes(forms.form("transfer_incoming", "apply"), {**INCOMING, field: value}) == {field: code}


@pytest.mark.requirement("R-065")
@pytest.mark.parametrize("number", ["13800001111", "010-62345678", "0591-8765432"])
def test_mobiles_and_landlines_are_telephones(number: str) -> None:
    assert forms.form("transfer_incoming", "apply").accept({**INCOMING, "contact": number})["contact"] == number


@pytest.mark.requirement("R-066")
@pytest.mark.parametrize("field", ["origin", "issuer", "sex", "ethnicity", "kind", "name", "transfer_out_date"])
def test_what_the_system_fills_in_cannot_be_typed(field: str) -> None:
    found = codes(forms.form("transfer_in_province", "apply"), {"target": "A1", field: "x"})
    assert field in found
    answers = {
        "target": "A1",
        field: {"sex": "MALE", "kind": "FULL", "transfer_out_date": "2025-03-01"}.get(field, "x"),
    }
    assert codes(forms.form("transfer_in_province", "apply"), answers) == {field: "E_FIELD_READONLY"}


def test_each_defect_is_said_in_both_languages() -> None:
    with pytest.raises(Refused) as refusal:
        forms.form("transfer_incoming", "apply").accept({**INCOMING, "contact": "1", "age": "400"})
    for error in refusal.value.fields:
        assert error.zh in error.message_zh
        assert error.en in error.message_en
        assert error.zh
        assert error.en


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (small(a=text(pattern="(a+)+")), "pattern"),
        (small(a={"$ref": "https://example.invalid/x.json"}), "$ref"),
        (small(a=text(format="email")), "email"),
        (small(a=text(type="text")), "text"),
        (small(a={"title": "字", "type": "string", "x-ui": {"title_en": "T"}}), "greatest length"),
        (small(a=text(**{"x-refusal": "E_NONSENSE"})), "E_NONSENSE"),
        (small(a=text(**{"x-ui": {}})), "title"),
        (small(a=text(enum=["x"], **{"x-ui": {"title_en": "T", "options": {"y": ["乙", "Y"]}}})), "options"),
        (small().replace(b'"properties": {}', b'"properties": {}, "required": ["a"]'), "no field a"),
        (small().replace(b'"properties": {}', b'"properties": {}, "then": {"not": {}}'), "not"),
        (small().replace(b"false", b"true"), "additionalProperties"),
    ],
)
def test_a_form_that_could_do_harm_is_not_loaded(body: bytes, said: str) -> None:
    with pytest.raises(BrokenFormError, match=said.replace("$", r"\$")):
        forms.parse("common.small", body)
