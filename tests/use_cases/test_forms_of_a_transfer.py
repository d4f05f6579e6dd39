"""A transfer goes on with the forms it was begun with, whatever the program brings later (R-216)."""

import json
from dataclasses import replace

import pytest
import sqlalchemy as sa

from service.definitions import form_sets, forms
from service.domain.errors import Refused
from service.domain.transfers.actions import Action
from service.storage.db import execute, reading, transaction
from service.storage.definitions import definitions
from service.storage.transfers import transfers
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import surroundings
from service.use_cases.upkeep.keep_definitions import keep_definitions
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import NOW, submit

PROCESS = "transfer_internal"
STRICT = "decide_home"


def with_other_forms(deployment: Deployment) -> Deployment:
    """The deployment of a later program, whose form of a decision asks for an opinion of ten characters."""
    schema = json.loads(forms.form(PROCESS, STRICT).body)
    schema["title"] = "新表单"
    schema["properties"]["opinion"]["minLength"] = 10
    changed = forms.parse(f"common.{STRICT}", json.dumps(schema, ensure_ascii=False).encode())
    known = deployment.catalogue.form_sets
    later = form_sets.of_forms({**known[PROCESS].forms, STRICT: changed})
    return replace(deployment, catalogue=replace(deployment.catalogue, form_sets={**known, PROCESS: later}))


@pytest.mark.requirement("R-216")
def test_a_transfer_goes_on_with_the_forms_it_was_begun_with(make_world: MakeWorld) -> None:
    world = make_world("default")
    old = submit(world, "A1-T1-B1", "A1-T1-B2")
    assert old.transfer.variety.process_id == PROCESS
    assert old.stored.step == STRICT
    world.deployment = with_other_forms(world.deployment)
    with transaction():
        keep_definitions(world.deployment, now=NOW)
    surroundings._former_forms.cache_clear()
    new = submit(world, "A1-T1-B1", "A1-T1-B2")
    assert old.view(old.holder()).form.title != "新表单"
    assert new.view(new.holder()).form.title == "新表单"
    with pytest.raises(Refused, match="E_FIELD_INVALID"):
        new.act(Action.APPROVE_AND_ISSUE, opinion="同意")
    old.act(Action.APPROVE_AND_ISSUE, opinion="同意")
    assert old.stored.forms_digest != new.stored.forms_digest


@pytest.mark.requirement("R-216")
def test_the_forms_of_a_transfer_stand_in_the_definitions(make_world: MakeWorld) -> None:
    world = make_world("default")
    stored = submit(world, "A1-T1-B1", "A1-T1-B2").stored
    with reading():
        body = definitions.body(str(stored.forms_digest))
        again = form_sets.restore(body, definitions.body)
    assert again.digest == stored.forms_digest
    assert again.body == body
    assert again.form(STRICT).body == forms.form(PROCESS, STRICT).body
    with pytest.raises(Refused, match="E_NOT_FOUND"):
        again.form("dance")


def test_a_transfer_begun_before_forms_were_kept_uses_those_of_now(make_world: MakeWorld) -> None:
    world = make_world("default")
    played = submit(world, "A1-T1-B1", "A1-T1-B2")
    with transaction():
        execute(sa.update(transfers.table).where(transfers.table.c.id == played.id).values(forms_digest=None))
    assert played.forward().stored.version == 2
