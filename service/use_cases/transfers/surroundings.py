"""What surrounds a transfer under way: the diagram, forms, profile and lineage it began with, read by content hash.

They never change under a hash, so each process keeps what it has read.
"""

import json
from dataclasses import fields
from functools import lru_cache

import scripts
from service.definitions import diagrams, form_sets
from service.definitions.diagrams import Diagram
from service.definitions.form_sets import FormSet
from service.definitions.forms import Form
from service.domain.organisations.organisations import Chain
from service.domain.plain import canonical_of, plain, restore
from service.domain.profile import Profile
from service.domain.transfers.context import Context, Decision, Lineage
from service.storage.definitions import definitions
from service.storage.definitions.definitions import Document
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.deployment import Deployment


def context_of(stored: Stored, decision: Decision, deployment: Deployment) -> Context:
    """The context in which the next step of a stored transfer is taken."""
    return Context(
        transfer=stored.transfer,
        lineage=lineage_of(stored.lineage_digest),
        profile=profile_of(stored.profile_digest, deployment),
        profile_digest=stored.profile_digest,
        decision=decision,
        is_graduate=stored.is_graduate,
        destination_kind=stored.destination_kind,
    )


def diagram_of(stored: Stored, deployment: Deployment) -> Diagram:
    """The diagram a transfer began with; it stays with it to the end (R-216)."""
    for known in deployment.catalogue.diagrams.values():
        if known.digest == stored.diagram_digest:
            return known
    return _former_diagram(stored.diagram_digest, stored.transfer.variety.process_id)


def form_of(stored: Stored, step: str, deployment: Deployment) -> Form:
    """The form of a user task, as it was when the transfer began; refuses E_NOT_FOUND."""
    present = deployment.catalogue.forms_of(stored.transfer.variety.process_id)
    if stored.forms_digest in (None, present.digest):
        return present.form(step)
    return _former_forms(stored.forms_digest).form(step)


def profile_of(digest: str, deployment: Deployment) -> Profile:
    """The profile a transfer began with."""
    if digest == deployment.catalogue.profile_digest:
        return deployment.profile
    return _former_profile(digest)


def lineage_of(digest: str) -> Lineage:
    """The chains a route was planned on (R-020)."""
    return _lineage(digest)


def keep_lineage(lineage: Lineage) -> str:
    """Store the chains and return their hash."""
    document = Document("lineage", lineage.digest, canonical_of(lineage).encode())
    definitions.keep((document,))
    return document.digest


def keep_chain(chain: Chain | None) -> str | None:
    """Store the chain of an organisation chosen in a decision and return its hash, for the record of it."""
    if chain is None:
        return None
    lineage = Lineage(None, chain, None)
    return keep_lineage(lineage)


@lru_cache(maxsize=16_384)
def _lineage(digest: str) -> Lineage:
    lineage: Lineage = restore(Lineage, json.loads(definitions.body(digest)))
    return lineage


@lru_cache(maxsize=64)
def _former_diagram(digest: str, process_id: str) -> Diagram:
    return diagrams.load(definitions.body(digest), functions=scripts.functions(process_id))


@lru_cache(maxsize=64)
def _former_forms(digest: str) -> FormSet:
    return form_sets.restore(definitions.body(digest), definitions.body)


@lru_cache(maxsize=64)
def _former_profile(digest: str) -> Profile:
    known = json.loads(definitions.body(digest))
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in known["values"].items()}
    return Profile(known["name"], values)


def decision_record(decision: Decision) -> dict[str, object]:
    """What history keeps of a decision: chosen organisations by code and by the hash of their chain."""
    record: dict[str, object] = {name: plain(getattr(decision, name)) for name in _OF_DECISION}
    for name in CHAINS:
        chain = getattr(decision, name)
        record[name] = chain[0].code if chain else None
        record[f"{name}_chain"] = keep_chain(chain)
    return record


def begun_record(context: Context) -> dict[str, object]:
    """What history keeps, with the first event, of the context a transfer began in; the rest stands there by hash."""
    return {name: plain(getattr(context, name)) for name in _OF_START}


CHAINS = ("target", "branch")
"""Fields of a decision that hold up(x)."""
_BY_HASH = frozenset({"lineage", "profile", "profile_digest", "decision"})
_OF_DECISION = tuple(field.name for field in fields(Decision) if field.name not in CHAINS)
_OF_START = tuple(field.name for field in fields(Context) if field.name not in _BY_HASH)
