"""Keeps by content hash what this process runs with, so that every transfer finds it again (R-216)."""

from datetime import datetime

from service.storage.definitions import definitions, diagram_versions
from service.storage.definitions.definitions import Document
from service.use_cases.deployment import Deployment


def keep_definitions(deployment: Deployment, *, now: datetime) -> None:
    """Store diagrams, forms, letter templates and profile that are not stored yet; inside a transaction.

    A diagram of new content becomes the next version of its process; running transfers keep theirs (R-221).
    """
    definitions.keep(Document(*each) for each in deployment.catalogue.definitions())
    for process_id, diagram in deployment.catalogue.diagrams.items():
        if diagram_versions.active(process_id) != diagram.digest:
            diagram_versions.activate(process_id, diagram.digest, at=now)
