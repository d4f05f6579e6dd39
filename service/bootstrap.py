"""Puts a deployment together: the only place that chooses the real parts."""

from service.config import Settings
from service.definitions import catalogue
from service.engine.runner import Engine
from service.storage import vault
from service.use_cases.deployment import Deployment


def build(settings: Settings) -> Deployment:
    """Read definitions, profile and keys; refuses E_PROFILE_INVALID, E_BPMN_INVALID, E_SETTING_INVALID."""
    engine = Engine()
    known = catalogue.load(settings.profile)
    for diagram in known.diagrams.values():
        engine.prepare(diagram)
    return Deployment(catalogue=known, engine=engine, vault=vault.open_vault(settings.key_file))
