"""All forms of one process together, as one definition: a transfer keeps those it was begun with (R-216).

The set is stored under the hash of its body, which names each form by step with its own hash; so a form that is
changed makes a new set, and a transfer under way goes on with the old one.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from types import MappingProxyType

from service.definitions import forms
from service.definitions.forms import COMMON, Form
from service.domain.errors import Refused
from service.domain.plain import canonical


@dataclass(frozen=True, slots=True)
class FormSet:
    """The forms of a process by step; `digest` is the sha256 of `body` in hex."""

    forms: Mapping[str, Form]
    body: bytes
    digest: str

    def form(self, step: str) -> Form:
        """The form of a user task; refuses E_NOT_FOUND when the set holds none."""
        if step not in self.forms:
            raise Refused("E_NOT_FOUND", field="form", detail_zh=f"表单 {step}", detail_en=f"form {step}")
        return self.forms[step]


@cache
def of_process(process_id: str) -> FormSet:
    """The forms that the house has for a process now, its own before the common ones."""
    prefixes = (f"{COMMON}.", f"{process_id}.")
    steps = {name.partition(".")[2] for name in forms.names() if name.startswith(prefixes)}
    return of_forms({step: forms.form(process_id, step) for step in sorted(steps)})


def of_forms(found: Mapping[str, Form]) -> FormSet:
    """The set of these forms by step."""
    body = canonical({step: {"name": form.name, "digest": form.digest} for step, form in found.items()}).encode()
    return FormSet(MappingProxyType(dict(found)), body, sha256(body).hexdigest())


def restore(body: bytes, read: Callable[[str], bytes]) -> FormSet:
    """The set that a stored body names; `read` answers the stored bytes of a form by its hash."""
    known = json.loads(body)
    return of_forms({step: forms.parse(entry["name"], read(entry["digest"])) for step, entry in known.items()})
