"""Those who use the interface in tests: programs that bring a bearer token, browsers that keep a cookie."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from service.storage.accounts import accounts
from service.storage.db import execute, transaction
from service.use_cases.accounts.hashing import hash_password
from service.web.deployed import deployed
from tests.reference.seeding import PASSWORD, World
from tests.use_cases.walker import NOW

API = "/api/v1"


@cache
def known_hash() -> str:
    """One hash for all: to make one for each account would take longer than the tests."""
    return hash_password(PASSWORD)


@dataclass(slots=True)
class Site:
    """An application with a seeded world behind it, and a clock that the test sets."""

    app: Flask
    world: World
    now: datetime = NOW

    def open_log_ins(self) -> "Site":
        """Give every account the password of the tests."""
        deployed(self.app).clock = lambda: self.now
        with self.app.app_context(), transaction():
            execute(sa.update(accounts.table).values(password_hash=known_hash()))
        return self

    def program(self, login: str) -> "Program":
        """A program that has logged in."""
        answer = self.app.test_client(use_cookies=False).post(
            f"{API}/session", json={"login_name": login, "password": PASSWORD}
        )
        assert answer.status_code == 201, answer.text
        return Program(self.app, {"Authorization": f"Bearer {answer.json['token']}"})

    def admin(self, code: str) -> "Program":
        """A program that acts for an organisation."""
        return self.program(f"adm-{code}")

    def stranger(self) -> "Program":
        """A program that has not logged in."""
        return Program(self.app)


@dataclass(slots=True)
class Program:
    """Asks with a bearer token; without one it is nobody."""

    app: Flask
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **wishes: Any) -> TestResponse:
        client = self.app.test_client(use_cookies=False)
        # A context of its own, as in the server: in one that a test keeps open the first session would be everybody's.
        with self.app.app_context():
            return client.open(f"{API}{path}", method=method, headers={**self.headers, **(headers or {})}, **wishes)

    def get(self, path: str, **wishes: Any) -> TestResponse:
        return self.ask("GET", path, **wishes)

    def post(self, path: str, body: object = None, **wishes: Any) -> TestResponse:
        written = {"data": json.dumps(body), "content_type": "application/json"}
        return self.ask("POST", path, **({} if body is None else written), **wishes)

    def decide(self, transfer_id: int, decision: str, *, key: str = "", **answers: object) -> TestResponse:
        """Decide on what the transfer is now."""
        version = self.get(f"/transfers/{transfer_id}").json["version"]
        body = {"version": version, "answers": {"decision": decision, **answers}}
        return self.post(f"/transfers/{transfer_id}/decisions", body, headers={"Idempotency-Key": key} if key else {})


def problem(answer: TestResponse) -> dict[str, Any]:
    """The body of a refusal, which is always whole."""
    assert answer.mimetype == "application/problem+json", answer.text
    found = answer.json
    assert set(found) == {
        "type", "title", "status", "code", "message_zh", "message_en", "errors", "request_id"
    }  # fmt: skip
    assert found["status"] == answer.status_code
    assert found["request_id"] == answer.headers["X-Request-Id"]
    for error in found["errors"]:
        assert set(error) == {"field", "member", "code", "message_zh", "message_en"}
    return found


def refused(answer: TestResponse) -> tuple[int, str]:
    """Status and code of a refusal."""
    found = problem(answer)
    return found["status"], found["code"]
