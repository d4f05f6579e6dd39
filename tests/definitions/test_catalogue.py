"""The shipped definitions agree with each other, whatever the profile."""

import hashlib
import json
from pathlib import Path

import pytest

from service.definitions import catalogue, profiles
from service.definitions.catalogue import Catalogue
from service.definitions.words import OneOf
from service.domain.errors import Refused
from service.domain.routes.hops import STEPS, HopRole
from service.domain.routes.varieties import Variety
from service.domain.transfers.actions import NEGATIVE, Action
from service.domain.transfers.transfers import TransferState

PROCESSES = [variety.process_id for variety in Variety]
BACKWARDS = NEGATIVE | {Action.WITHDRAW_APPLICATION, Action.WITHDRAW_APPROVAL, Action.RECALL_LETTER}


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return catalogue.load("fujian")


@pytest.mark.parametrize("process_id", PROCESSES)
def test_each_variety_has_its_diagram(shipped: Catalogue, process_id: str) -> None:
    diagram = shipped.diagram(process_id)
    assert diagram.process_id == process_id
    assert set(diagram.roles.values()) <= set(HopRole)


@pytest.mark.parametrize("process_id", PROCESSES)
def test_every_decision_of_a_form_has_its_way_in_the_diagram(shipped: Catalogue, process_id: str) -> None:
    """What no condition names goes back; so exactly the actions that lead back may be unnamed."""
    diagram = shipped.diagram(process_id)
    named = {option.value for way in diagram.conditions.values() if isinstance(way, OneOf) for option in way.options}
    offered = {action for step in diagram.user_tasks for action in shipped.form(process_id, step).decisions}
    assert offered - named <= BACKWARDS
    assert named & BACKWARDS == set()


@pytest.mark.parametrize("name", profiles.names())
def test_every_profile_makes_a_catalogue(name: str) -> None:
    loaded = catalogue.load(name)
    body = json.loads(catalogue.profile_body(loaded.profile))
    assert body["name"] == name
    assert set(body["values"]) == {key.name for key in profiles.schema()}


def test_definitions_are_stored_once_each_under_the_hash_of_their_content(shipped: Catalogue) -> None:
    stored = shipped.definitions()
    assert len({(each.kind, each.digest) for each in stored}) == len(stored)
    assert all(hashlib.sha256(each.body).hexdigest() == each.digest for each in stored)
    kinds = {each.kind for each in stored}
    assert {"diagram", "form", "profile"} <= kinds
    assert sum(each.kind == "diagram" for each in stored) == len(PROCESSES)


def test_an_unknown_diagram_is_not_found(shipped: Catalogue) -> None:
    with pytest.raises(Refused) as refusal:
        shipped.diagram("transfer_nowhere")
    assert refusal.value.code == "E_NOT_FOUND"


def test_the_glossary_explains_every_word_of_the_diagrams(shipped: Catalogue) -> None:
    glossary = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text("utf-8")
    words = {*Action, *STEPS, *PROCESSES, *(state for state in TransferState if state is not TransferState.DRAFT)}
    for diagram in shipped.diagrams.values():
        words |= {*diagram.facts, *diagram.functions, *diagram.roles.values()}
    assert sorted(word for word in words if f"`{word}`" not in glossary) == []
