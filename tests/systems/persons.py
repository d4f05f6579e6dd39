"""A person as he uses the interface: what he asks for, what he is told.

A refused call is a `Refusal`, and is seen to have changed nothing (R-227).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.reference.notation import written_answer
from tests.systems.people import BY_NAME, Named
from tests.systems.seen import Seen
from tests.web.programs import Program, problem

if TYPE_CHECKING:
    from tests.systems.playing import System

_SESSION = timedelta(minutes=20)


class Refusal(AssertionError):
    """A call that was refused; `errors` holds code and field of each defect."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.code = str(body["code"])
        self.body = body
        self.errors = [(each["code"], each["field"]) for each in body["errors"]]
        super().__init__(f"{self.code} {body['message_en']} {self.errors}")


@contextmanager
def refused(code: str, *fields: str) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """Expect a refusal with this code, at these fields among others."""
    with pytest.raises(Refusal) as caught:
        yield caught
    assert caught.value.code == code, str(caught.value)
    assert set(fields) <= {name for _, name in caught.value.errors}, str(caught.value)


@dataclass(slots=True)
class Person:
    """Somebody who acts in one role; he logs in when he first asks, and again when his session has ended."""

    system: "System"
    login: str
    as_member: bool
    _program: Program | None = None
    _since: datetime | None = None

    def get(self, path: str) -> Any:
        return self._asked("GET", path)

    def post(self, path: str, body: object = None) -> Any:
        return self._asked("POST", path, json=body)

    def put(self, path: str, body: object) -> Any:
        return self._asked("PUT", path, json=body)

    def patch(self, path: str, body: object) -> Any:
        return self._asked("PATCH", path, json=body)

    def delete(self, path: str) -> Any:
        return self._asked("DELETE", path)

    @property
    def program(self) -> Program:
        """The session in which he acts now."""
        now = self.system.site.now
        if self._program is None or self._since is None or not timedelta(0) <= now - self._since < _SESSION:
            self._program, self._since = self.system.site.program(self.login), now
            if self.as_member:
                chosen = self._program.ask("PUT", "/session/role", json={"grant_id": None})
                self._program.headers["Authorization"] = f"Bearer {chosen.json['token']}"
        return self._program

    def applies(self, to: str | Mapping[str, object], **answers: object) -> Seen:
        """Apply for himself."""
        return self._started("/transfers", {"answers": self._form(to, answers)})

    def starts(self, whom: str | Named, to: str | Mapping[str, object], **answers: object) -> Seen:
        """Start the transfer of a member, named by name and identity number (R-055)."""
        return self._started("/transfers", self._application(whom, to, answers))

    def candidates(self) -> dict[str, int]:
        """The members whose transfer he may start, with their keys (R-054)."""
        return {each["name"]: each["id"] for each in self.get("/transfers/candidates?per_page=200")["items"]}

    def drafts(self, whom: str | Named) -> Any:
        """What the system fills into the application of a member, before anything is started (R-058)."""
        person = _named(whom)
        return self.post("/transfers/draft", {"name": person.name, "id_number": person.id_number})["values"]

    def starts_several(self, names: Sequence[str], to: str, **answers: object) -> list[Seen]:
        """Start a transfer for each of the members ticked on the start page: all of them or none (R-080)."""
        known = self.candidates()
        members = [{"member_id": known[name]} for name in names]
        started = self.post("/transfers/several", {"members": members, "answers": self._form(to, answers)})
        return [Seen(each["transfer_id"], self) for each in started["items"]]

    def previews(self, whom: str | Named, to: str | Mapping[str, object], **answers: object) -> str:
        """The route that would be taken, before anything is confirmed (R-074)."""
        return written_answer(self.post("/transfers/preview", self._application(whom, to, answers))["hops"])

    def route(self, origin: str, target: str) -> str:
        """The route that the organisation he acts for would start, on the tree alone; "" is outside."""
        question = {"origin": origin, "target": target, "starter": origin}
        return written_answer(self.post("/routes/preview", question)["hops"])

    def brings_in(self, whom: str | Named, to: str, **answers: object) -> Seen:
        """Register a person from outside."""
        person = _named(whom)
        form = {
            "id_number": person.id_number, "name": person.name, "ethnicity": "汉族", "kind": person.kind.value,
            "sex": "MALE" if int(person.id_number[16]) % 2 else "FEMALE", "in_type": "FROM_OTHER_PROVINCE",
            "origin": "湖北省样例市样例县样例村党支部",
            "committee_name": "中共样例镇委员会", **self._form(to, answers),
        }  # fmt: skip
        form.pop("attestation", None)
        return self._started("/incoming", {"answers": form | answers})

    def does(self, action: str, seen: Seen, **answers: object) -> Any:
        """Take one decision on what the transfer is now."""
        version = self.get(f"/transfers/{seen.id}")["version"]
        body = {"version": version, "answers": {"decision": action, **answers}}
        return self.post(f"/transfers/{seen.id}/decisions", body)

    def sees(self, seen: Seen) -> Any:
        """The transfer as this person sees it."""
        return self.get(f"/transfers/{seen.id}")

    def offered(self, seen: Seen) -> set[str]:
        """The actions offered to this person now."""
        return {each["code"] for each in self.sees(seen)["actions"]}

    def letter(self, letter_id: int) -> Any:
        return self.get(f"/letters/{letter_id}")

    def receipt(self, seen: Seen) -> Any:
        """View receipt (R-132)."""
        return self.get(f"/transfers/{seen.id}/receipt")

    def retrieves(self, name: str, branch: str) -> int:
        """Take back a member of the branch who was closed out by mistake; the key of the old transfer (R-128)."""
        number = BY_NAME[name].id_number
        return int(self.post(f"/organisations/{branch}/retrievals", {"id_number": number})["transfer_id"])

    def uploads(self, name: str, content: bytes, *, kind: str = "other") -> str:
        """Upload a file for an application that is being written; its name goes into `attachments` there."""
        file = FileStorage(BytesIO(content), filename=name, name="file")
        # Encoded here: the client of the tests would put a large body into a temporary file and leave it open.
        boundary, body = encode_multipart({"kind": kind, "file": file})
        media_type = f"multipart/form-data; boundary={boundary}"
        return str(self._asked("POST", "/attachments", data=body, content_type=media_type)["name"])

    def lines(self, name: str) -> list[Any]:
        """The lines of a list: inbox, handled, not-reported, history, own."""
        return list(self.get(f"/{name}?per_page=200")["items"])

    def todo(self) -> list[str]:
        """The members in his to-do list, in its order."""
        return [each["member_name"] for each in self.lines("inbox")]

    def handled(self) -> list[str]:
        return [each["member_name"] for each in self.lines("handled")]

    def not_reported(self) -> list[str]:
        return [each["member_name"] for each in self.lines("not-reported")]

    def unreported(self, **sought: str) -> list[str]:
        """Those of the not-reported list with exactly this name and number (R-124)."""
        return [each["member_name"] for each in self.post("/not-reported/search", sought)["items"]]

    def auto_approved(self) -> list[str]:
        return [each["member_name"] for each in self.lines("auto-approved")]

    def history(self) -> list[str]:
        return [each["member_name"] for each in self.lines("history")]

    def _started(self, path: str, body: object) -> Seen:
        return Seen(self.post(path, body)["transfer_id"], self)

    def _application(self, whom: str | Named, to: str | Mapping[str, object], answers: Mapping[str, object]) -> object:
        person = _named(whom)
        return {"name": person.name, "id_number": person.id_number, "answers": self._form(to, answers)}

    def _form(self, to: str | Mapping[str, object], answers: Mapping[str, object]) -> dict[str, object]:
        target = {"target": to} if isinstance(to, str) else to
        return {**valid_form(self.system.today), **target, **answers}

    def _asked(self, method: str, path: str, **wishes: Any) -> Any:
        program = self.program  # who has to log in first does so before anything is counted
        before = None if method == "GET" else self.system.trace()
        answer = program.ask(method, path, **wishes)
        if answer.status_code < 400:
            return answer.json if answer.data else None
        assert answer.status_code < 500, answer.text
        if before is not None:
            assert self.system.trace() == before, "the refusal changed something"
        raise Refusal(problem(answer))


def valid_form(today: str) -> dict[str, object]:
    """The valid form of requirements 5, with dues paid to the current month and the box ticked."""
    return {
        "dues_paid_to": today[:7], "contact": "13900000001", "reason": "工作调动", "attestation": True,
        "committee_contact": "样例联系人", "committee_telephone": "0530-1234567", "committee_fax": "0530-1234568",
        "committee_postcode": "250000", "committee_address": "样例路1号",
    }  # fmt: skip


def outside(name: str, *, kind: str = "OTHER_PROVINCE", **more: object) -> dict[str, object]:
    """A target outside the province: typed by hand, with its heading."""
    return {"target": name, "off_tree": True, "destination_kind": kind, "letter_heading": name, **more}


def _named(whom: str | Named) -> Named:
    return BY_NAME[whom] if isinstance(whom, str) else whom
