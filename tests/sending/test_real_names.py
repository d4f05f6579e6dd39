"""The real-name register over HTTP: every way in which it answers, and every way in which it does not (R-141)."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from service.domain.members.real_names import Verdict
from service.sending.real_names import HttpRegister, StandIn

WHO = ("孔样例", "429901198709090516")


@dataclass(slots=True)
class Register:
    """A register of the tests: answers one after the other, the last one for ever."""

    answers: list[Callable[[BaseHTTPRequestHandler], None]]
    url: str = ""
    asked: list[dict[str, object]] = field(default_factory=list)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        self.asked.append({"body": json.loads(body), "token": handler.headers["Authorization"]})
        self.answers[min(len(self.asked), len(self.answers)) - 1](handler)


def says(body: str, *, status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body.encode())

    return answer


def sleeps(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)


def trickles(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        try:
            handler.wfile.write(b" ")
        except OSError:
            return
        time.sleep(0.05)


def breaks_off(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


@contextmanager
def register(*answers: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[Register]:
    known = Register(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            known.answer(self)

        def log_message(self, *_: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            return

    server = Server(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_address[1]}/check"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ask(known: Register, **wishes: object) -> Verdict:
    asking = HttpRegister(known.url, **{"seconds": 0.4, "pause": lambda _: None, **wishes})
    return asking(WHO[0], id_number=WHO[1])


@pytest.mark.requirement("R-141")
@pytest.mark.parametrize(("result", "verdict"), [("match", Verdict.MATCHES), ("mismatch", Verdict.DIFFERS)])
def test_what_the_register_says(result: str, verdict: Verdict) -> None:
    with register(says(json.dumps({"result": result, "more": 1}))) as known:
        assert ask(known, token="secret") is verdict
    assert known.asked == [{"body": {"name": WHO[0], "id_number": WHO[1]}, "token": "Bearer secret"}]


SILENCES = {
    "too slow": sleeps,
    "a byte at a time": trickles,
    "broken off": breaks_off,
    "a fault of its own": says("{}", status=500),
    "busy": says("{}", status=429),
    "no JSON": says("<html>"),
    "another word": says('{"result": "perhaps"}'),
    "a list": says("[]"),
    "led elsewhere": says("", status=302, Location="http://127.0.0.1:9/"),
}


@pytest.mark.requirement("R-141")
@pytest.mark.parametrize("silence", SILENCES)
def test_silence_is_an_answer_after_the_last_attempt(silence: str) -> None:
    with register(SILENCES[silence]) as known:
        begun = time.monotonic()
        assert ask(known, attempts=3) is Verdict.UNANSWERED
        assert time.monotonic() - begun < 4
        assert len(known.asked) == 3


@pytest.mark.requirement("R-141")
@pytest.mark.parametrize("silence", SILENCES)
def test_the_next_attempt_may_succeed(silence: str) -> None:
    with register(SILENCES[silence], says('{"result": "match"}')) as known:
        assert ask(known) is Verdict.MATCHES


def test_a_question_that_will_never_do_is_asked_once() -> None:
    with register(says("{}", status=400)) as known:
        assert ask(known, attempts=3) is Verdict.UNANSWERED
        assert len(known.asked) == 1


def test_nobody_at_the_address() -> None:
    assert ask(Register([], url="http://127.0.0.1:9/")) is Verdict.UNANSWERED


def test_after_a_whole_failure_nobody_waits_for_half_a_minute() -> None:
    moments = iter([0.0, 0.0, 29.9, 30.1, 30.1])
    with register(breaks_off, breaks_off, says('{"result": "match"}')) as known:
        asking = HttpRegister(known.url, seconds=0.4, clock=lambda: next(moments), pause=lambda _: None)
        found = [asking(WHO[0], id_number=WHO[1]) for _ in range(3)]
    assert found == [Verdict.UNANSWERED, Verdict.UNANSWERED, Verdict.MATCHES]
    assert len(known.asked) == 3


def test_between_attempts_it_pauses_longer_each_time() -> None:
    pauses: list[float] = []
    with register(breaks_off) as known:
        ask(known, attempts=3, pause=pauses.append)
    assert pauses == [0.2, 0.4]


@pytest.mark.requirement("R-038")
def test_the_log_repeats_neither_name_nor_number(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), register(breaks_off) as known:
        ask(known)
    assert "did not answer, attempt 2" in caplog.text
    assert not any(word in caplog.text for word in WHO)


def test_the_stand_in_answers_by_region() -> None:
    answered = [StandIn()("白样例", id_number=f"{region}199202290522") for region in ("139901", "149901", "429901")]
    assert answered == [Verdict.DIFFERS, Verdict.UNANSWERED, Verdict.MATCHES]
