"""Asking the real-name register: a stand-in that answers by rule, and one over HTTP (R-141).

Names and numbers go out and nowhere else: neither log nor error repeats them.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from service.domain.members.real_names import Verdict
from service.sending.failures import NotSent, Rejected
from service.sending.posting import encoded, post

_log = logging.getLogger(__name__)
_REGION = 6
_RESTS_SECONDS = 30.0
_PAUSE_SECONDS = 0.2
_VERDICTS = {"match": Verdict.MATCHES, "mismatch": Verdict.DIFFERS}


@dataclass(frozen=True, slots=True)
class StandIn:
    """Answers by the region of the number: for trying things out, never for real persons.

    The prefectures named by default do not exist.
    """

    differing: frozenset[str] = frozenset({"139901"})
    silent: frozenset[str] = frozenset({"149901"})

    def __call__(self, name: str, *, id_number: str) -> Verdict:  # noqa: ARG002 - any name will do
        """Answer by rule."""
        region = id_number[:_REGION]
        if region in self.silent:
            return Verdict.UNANSWERED
        return Verdict.DIFFERS if region in self.differing else Verdict.MATCHES


@dataclass(slots=True)
class HttpRegister:
    """Posts `{"name", "id_number"}` and reads `{"result": "match" | "mismatch"}`; anything else is no answer.

    `seconds` bound one attempt. After a whole failure nobody waits for the next half minute: a register that is down
    must not hold up everybody who registers a person meanwhile.
    """

    url: str
    token: str = ""
    seconds: float = 3.0
    attempts: int = 2
    clock: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    _rests_until: float = field(default=float("-inf"), init=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False)

    def __call__(self, name: str, *, id_number: str) -> Verdict:
        """Ask, again if need be; silence is an answer too."""
        if self.clock() < self._rests_until:
            return Verdict.UNANSWERED
        body = encoded({"name": name, "id_number": id_number})
        for attempt in range(1, self.attempts + 1):
            try:
                return self._verdict(body)
            except Rejected as error:
                _log.warning("the real-name register does not take the question: %s", error)
                return Verdict.UNANSWERED
            except NotSent as error:
                _log.warning("the real-name register did not answer, attempt %s: %s", attempt, error)
            if attempt < self.attempts:
                self.pause(_PAUSE_SECONDS * attempt)
        with self._lock:
            self._rests_until = self.clock() + _RESTS_SECONDS
        return Verdict.UNANSWERED

    def _verdict(self, body: bytes) -> Verdict:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        said = post(self.url, body, headers=headers, seconds=self.seconds)
        try:
            return _VERDICTS[json.loads(said)["result"]]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise NotSent("an answer that is none") from error
