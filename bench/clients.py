"""Keep-alive clients that carry members from one county to the other and back, as the people at their desks would."""

import http.client
import json
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bench.world import PASSWORD
from service.domain.clock import local_date

DESKS = ("A1-T1-B1", "A1-T1", "A1", "A2", "A2-T1", "A2-T1-G", "A2-T1-G-B1")
"""Who starts, and six who decide one after the other; on the way back the same in reverse."""
Address = tuple[str, int]


@dataclass(slots=True)
class Tally:
    """What one client did: seconds of each completion; starts count in the time but not as completions."""

    completions: list[float] = field(default_factory=list)
    starts: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rate:
    """Completions per second of wall time, and how long a single one took."""

    completions: int
    per_second: float
    median_ms: float
    p99_ms: float


class Crew:
    """So many clients, logged in; `away` holds the members who are in the other county, from round to round."""

    def __init__(
        self, addresses: Sequence[Address], member_ids: Sequence[int], away: set[int], *, clients: int
    ) -> None:
        numbers = range(clients)
        self._clients = [Client(addresses[n % len(addresses)], member_ids[n::clients], away) for n in numbers]

    def drive(self, *, seconds: float) -> Rate:
        """Let all work for so long; raises when any request was not answered as expected."""
        begun = time.perf_counter()
        threads = [threading.Thread(target=client.work, args=(begun + seconds,)) for client in self._clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        elapsed = time.perf_counter() - begun
        tallies = [client.take_tally() for client in self._clients]
        failures = [failure for tally in tallies for failure in tally.failures]
        if failures:
            raise RuntimeError(failures[0])
        times = sorted(each for tally in tallies for each in tally.completions)
        median, p99 = statistics.median(times) * 1e3, times[int(len(times) * 0.99)] * 1e3
        return Rate(len(times), len(times) / elapsed, median, p99)


class Client:
    """One connection; its tokens stand for the people at the desks."""

    def __init__(self, address: Address, member_ids: Sequence[int], away: set[int]) -> None:
        self._connection = http.client.HTTPConnection(*address, timeout=60)
        self._tokens = {desk: self._log_in(desk) for desk in DESKS}
        self._member_ids = member_ids
        self._away = away
        self.tally = Tally()

    def take_tally(self) -> Tally:
        """What was done since the last time this was asked."""
        done, self.tally = self.tally, Tally()
        return done

    def work(self, until: float) -> None:
        """Carry one member after the other until the time is over; the last one is carried to his end."""
        try:
            while time.perf_counter() < until:
                for member_id in self._member_ids:
                    self._carry(member_id, back=member_id in self._away)
                    if time.perf_counter() >= until:
                        break
        except Exception as error:  # noqa: BLE001 - told to the driver, which stops
            self.tally.failures.append(repr(error))

    def _carry(self, member_id: int, *, back: bool) -> None:
        desks = DESKS[::-1] if back else DESKS
        answers = {
            "decision": "submit",
            "target": desks[-1],
            "reason": "工作调动",
            "dues_paid_to": f"{local_date(datetime.now(UTC)):%Y-%m}",
            "contact": "13900000001",
            "committee_contact": "样例联系人",
            "committee_telephone": "0530-1234567",
            "committee_fax": "0530-1234568",
            "committee_postcode": "250000",
            "committee_address": "样例路1号",
            "attestation": True,
        }
        answer = self._post(desks[0], "/transfers", {"member_id": member_id, "answers": answers}, 201)
        self.tally.starts += 1
        for desk in desks[1:]:
            decision = "receive" if desk == desks[-1] else "approve_and_issue"
            body = {"version": answer["version"], "answers": {"decision": decision, "opinion": "情况属实，同意"}}
            begun = time.perf_counter()
            answer = self._post(desk, f"/transfers/{answer['transfer_id']}/decisions", body, 200)
            self.tally.completions.append(time.perf_counter() - begun)
        if answer["state"] != "COMPLETED":
            raise RuntimeError(f"expected the transfer to be COMPLETED, found {answer}")
        self._away.symmetric_difference_update({member_id})

    def _log_in(self, desk: str) -> str:
        body = {"login_name": desk, "password": PASSWORD}
        return str(self._request("POST", "/session", body, {}, 201)["token"])

    def _post(self, desk: str, path: str, body: dict[str, Any], expected: int) -> dict[str, Any]:
        return self._request("POST", path, body, {"Authorization": f"Bearer {self._tokens[desk]}"}, expected)

    def _request(
        self, method: str, path: str, body: dict[str, Any], headers: dict[str, str], expected: int
    ) -> dict[str, Any]:
        text = json.dumps(body)
        self._connection.request(method, f"/api/v1{path}", text, {"Content-Type": "application/json", **headers})
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != expected:
            raise RuntimeError(f"{method} {path}: expected {expected}, found {answer.status} {content.decode()[:500]}")
        found: dict[str, Any] = json.loads(content)
        return found
