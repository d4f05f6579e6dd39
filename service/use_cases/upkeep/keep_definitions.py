"""Keeps by content hash what this process runs with, so that every transfer finds it again (R-216)."""

from service.storage import definitions
from service.storage.definitions import Document
from service.use_cases.deployment import Deployment


def keep_definitions(deployment: Deployment) -> None:
    """Store diagrams, forms, letter templates and the profile that are not stored yet; inside a transaction."""
    definitions.keep(Document(*each) for each in deployment.catalogue.definitions())
