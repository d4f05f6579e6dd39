"""The OpenAPI document is valid, says everything the application answers to, and nothing else."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.web.programs import API, Site


@pytest.fixture
def document(still_site: Site) -> dict:
    answer = still_site.stranger().get("/openapi.json")
    assert answer.status_code == 200
    return answer.json


def test_the_document_is_valid_openapi_3_1(document: dict) -> None:
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_the_document_names_every_operation_and_no_other(document: dict, still_site: Site) -> None:
    named = {
        (path, method.upper())
        for path, operations in document["paths"].items()
        for method in operations
        if method != "parameters"
    }
    answered = {
        (re.sub(r"<(?:[^:>]+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in still_site.app.url_map.iter_rules()
        if rule.rule.startswith(API) and rule.endpoint != "api-docs.openapi_json"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert named == answered


def test_every_operation_has_a_name_a_summary_in_both_languages_and_problems(document: dict) -> None:
    operations = [
        operation for path in document["paths"].values() for method, operation in path.items() if method != "parameters"
    ]
    assert len({each["operationId"] for each in operations}) == len(operations) > 20
    assert all(" / " in each["summary"] for each in operations)
    for response in document["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]
    assert all("default" in each["responses"] for each in operations)


def test_only_logging_in_and_activating_need_no_session(document: dict) -> None:
    assert document["security"] == [{"bearer": []}, {"cookie": []}]
    free = [
        operation["operationId"]
        for path in document["paths"].values()
        for method, operation in path.items()
        if method != "parameters" and operation.get("security") == []
    ]
    assert set(free) == {"post_session", "post_captcha", "post_activation_code", "post_activation"}
