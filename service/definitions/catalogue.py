"""All definitions a service runs with, read once and proved to agree: diagrams, forms, letter templates, profile.

What a transfer ran with must be found again years later, so each of them is stored under the hash of its content.
Whatever does not agree stops the service at its start, before it can do harm.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import NamedTuple

import scripts
from service.definitions import diagram_names, diagrams, form_sets, forms, profiles
from service.definitions.diagrams import Diagram
from service.definitions.form_sets import FormSet
from service.definitions.forms import Form
from service.domain.errors import Refused
from service.domain.plain import canonical, plain
from service.domain.profile import Profile
from service.domain.routes.hops import HopRole
from service.domain.routes.varieties import Variety

INTRODUCTION_LETTER = "introduction_letter.html"


class Definition(NamedTuple):
    """One definition as it is stored: `kind` is diagram, form, form_set, letter_template or profile."""

    kind: str
    digest: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What this process runs with; `diagrams` by process id, `profile_digest` of the resolved profile."""

    profile: Profile
    profile_digest: str
    diagrams: Mapping[str, Diagram]
    letter_templates: Mapping[str, bytes]
    form_sets: Mapping[str, FormSet]

    def diagram(self, process_id: str) -> Diagram:
        """The diagram new transfers of this process begin with; refuses E_NOT_FOUND."""
        if process_id not in self.diagrams:
            zh, en = f"流程图 {process_id}", f"diagram {process_id}"
            raise Refused("E_NOT_FOUND", field="diagram", detail_zh=zh, detail_en=en)
        return self.diagrams[process_id]

    @property
    def letter_template_digest(self) -> str:
        """Content hash of the introduction letter that is issued now."""
        return _digest(self.letter_templates[INTRODUCTION_LETTER])

    def form(self, process_id: str, step: str) -> Form:
        """The form of a user task for transfers that begin now; refuses E_NOT_FOUND."""
        return self.forms_of(process_id).form(step)

    def forms_of(self, process_id: str) -> FormSet:
        """All forms of a process for transfers that begin now; of a process without own forms the common ones."""
        return self.form_sets.get(process_id) or form_sets.of_process(process_id)

    def definitions(self) -> tuple[Definition, ...]:
        """Everything to store by content hash, each once."""
        return tuple(dict.fromkeys(self._all()))

    def _all(self) -> Iterator[Definition]:
        for diagram in self.diagrams.values():
            yield Definition("diagram", diagram.digest, diagram.xml)
        for known in self.form_sets.values():
            yield Definition("form_set", known.digest, known.body)
            yield from (Definition("form", each.digest, each.body) for each in known.forms.values())
        for body in self.letter_templates.values():
            yield Definition("letter_template", _digest(body), body)
        yield Definition("profile", self.profile_digest, profile_body(self.profile))


def load(profile_name: str) -> Catalogue:
    """Read and check all definitions; refuses E_PROFILE_INVALID and E_BPMN_INVALID."""
    profile = profiles.profile(profile_name)
    process_ids = tuple(_process_ids())
    return Catalogue(
        profile=profile,
        profile_digest=_digest(profile_body(profile)),
        diagrams=MappingProxyType({process_id: _diagram(process_id) for process_id in process_ids}),
        letter_templates=MappingProxyType(_letter_templates()),
        form_sets=MappingProxyType({process_id: form_sets.of_process(process_id) for process_id in process_ids}),
    )


def profile_body(profile: Profile) -> bytes:
    """The resolved profile as canonical JSON: all keys, whatever file they came from."""
    return canonical(plain({"name": profile.name, "values": profile.values})).encode()


def _process_ids() -> Iterable[str]:
    """Those of the varieties, and of every further diagram that lies in the folder."""
    files = sorted(entry.name for entry in resources.files("bpmn").iterdir())
    drawn = (name.removesuffix(".bpmn") for name in files if name.endswith(".bpmn"))
    return dict.fromkeys((*(variety.process_id for variety in Variety), *drawn))


def _diagram(process_id: str) -> Diagram:
    """Load a diagram of the house and prove that the names it uses exist."""
    xml = resources.files("bpmn").joinpath(f"{process_id}.bpmn").read_bytes()
    diagram = diagrams.load(xml, functions=scripts.functions(process_id))
    diagram_names.check_names(diagram, forms=frozenset(forms.names()), roles=frozenset(HopRole))
    if diagram.process_id != process_id:
        raise Refused(
            "E_BPMN_INVALID",
            field=diagram.process_id,
            detail_zh=f"{process_id}.bpmn 的流程标识应为 {process_id}",
            detail_en=f"{process_id}.bpmn holds the process {diagram.process_id}",
        )
    for step in diagram.user_tasks:
        forms.form(process_id, step)
    return diagram


def _letter_templates() -> dict[str, bytes]:
    """Name every template file with its bytes."""
    files = sorted(resources.files("letter_templates").iterdir(), key=lambda entry: entry.name)
    wanted = (entry for entry in files if entry.is_file() and not entry.name.endswith((".py", ".pyc")))
    return {entry.name: entry.read_bytes() for entry in wanted}


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
