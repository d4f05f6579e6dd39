"""Receivers that mean harm: they lead elsewhere, pretend to be another, never end, or are handed two orders in one."""

import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service.config import from_environment
from service.domain.errors import Refused
from service.domain.members.real_names import Verdict
from service.sending import mail, posting
from service.sending.failures import NotSent
from service.sending.mail import MailServer
from service.sending.real_names import HttpRegister
from service.sending.short_messages import HttpGateway
from service.sending.web_hooks import WebHook
from tests.sending.machines import receiving, taking_mail

SENDERS: dict[str, Callable[[str], object]] = {
    "sms": lambda url: HttpGateway(url)("13900000001", "有新的待办", key="k"),
    "hook": lambda url: WebHook(url, b"secret")({"event": "membership_left"}, key="k"),
    "register": lambda url: posting.post(url, b"{}", headers={}),
}
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def led_to(place: str) -> bytes:
    said = '{"result": "match"}'
    head = f"HTTP/1.1 307 x\r\nLocation: {place}\r\nRefresh: 0; url={place}\r\nContent-Length: {len(said)}\r\n\r\n"
    return (head + said).encode()


def _request(talk: socket.socket) -> bytes:
    """One request, whole: head and body come apart."""
    with talk.makefile("rb") as reading:
        head = b"".join(iter(reading.readline, b"\r\n"))
        length = next(line.split()[1] for line in head.splitlines() if line.startswith(b"Content-Length"))
        return head + reading.read(int(length))


@contextmanager
def answering(
    *, first: bytes = b"", then: bytes = b"", tls: ssl.SSLContext | None = None
) -> Iterator[tuple[int, list[bytes]]]:
    """A machine that answers whatever it is told with the same bytes, the second ones for ever; its port, what it was told."""
    told: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                peer, _ = listening.accept()
            except OSError:
                return
            peer.settimeout(2)
            try:
                with tls.wrap_socket(peer, server_side=True) if tls else peer as talk:
                    told.append(_request(talk))
                    talk.sendall(first)
                    while then:
                        talk.sendall(then)
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], told
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(timeout=10)


@pytest.mark.parametrize("sender", SENDERS)
@pytest.mark.parametrize("place", ["file:///etc/passwd", "http://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/x"])
def test_no_receiver_leads_the_service_elsewhere(sender: str, place: str) -> None:
    with receiving() as inside:
        aim = place.format(port=inside.url.rpartition(":")[2])
        with answering(first=led_to(aim)) as (port, told), pytest.raises(NotSent, match="307"):
            SENDERS[sender](f"http://127.0.0.1:{port}/")
    assert (len(told), inside.posts) == (1, [])


@pytest.mark.requirement("R-141")
def test_neither_does_the_register() -> None:
    with receiving() as inside, answering(first=led_to(inside.url)) as (port, told):
        assert (
            HttpRegister(f"http://127.0.0.1:{port}/", pause=lambda _: None)("孔样例", id_number="4")
            is Verdict.UNANSWERED
        )
    assert (len(told), inside.posts) == (2, [])


@pytest.mark.parametrize("name", ["ZHUANJIE_SMS_URL", "ZHUANJIE_HOOK_URL", "ZHUANJIE_REAL_NAME_URL"])
@pytest.mark.parametrize("address", ["file:///etc/passwd", "gopher://h/", "//h/x", "http:///x", "http://u:p@h/", "x"])
def test_only_addresses_of_the_web_can_be_set(name: str, address: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="E_SETTING_INVALID"):
        from_environment({"ZHUANJIE_DATA": str(tmp_path), name: address})


def test_a_proxy_in_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver, receiving() as between:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, between.url)
        SENDERS["sms"](receiver.url)
        assert (len(receiver.posts), between.posts) == (1, [])


def pair(folder: Path, name: str) -> ssl.SSLContext:
    """What a server needs to be this host, and beside it the file by which it is believed."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    names: list[x509.GeneralName] = [x509.DNSName(name)] if name.isalpha() else [x509.IPAddress(ip_address(name))]
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 7, now - timedelta(days=1), now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(secret)
    (folder / "believed.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "believed.pem", folder / "key.pem")
    return context


@pytest.mark.parametrize(
    ("name", "is_believed", "arrives"),
    [("127.0.0.1", True, True), ("127.0.0.1", False, False), ("elsewhere", True, False)],
)
def test_who_cannot_prove_who_he_is_gets_nothing(
    name: str, is_believed: bool, arrives: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = pair(tmp_path, name)
    if is_believed:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "believed.pem"))
    for sender in SENDERS.values():
        with answering(first=OK, tls=context) as (port, told):
            if arrives:
                sender(f"https://127.0.0.1:{port}/")
            else:
                with pytest.raises(NotSent, match="SSL"):
                    sender(f"https://127.0.0.1:{port}/")
        assert len(told) == arrives


ENDLESS = {
    "a body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536),
    "a body in chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"ffff\r\n" + b"x" * 0xFFFF + b"\r\n"),
    "one chunk without an end": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n", b"x" * 65_536),
    "one header": (b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65_536),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X: x\r\n" * 10_000),
    "a first line": (b"HTTP/1.1 ", b"2" * 65_536),
    "answers before the answer": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2_000),
    "nothing": (b"", b""),
}  # fmt: skip


@pytest.mark.parametrize("kind", ENDLESS)
def test_an_answer_without_an_end_takes_neither_time_nor_memory(kind: str) -> None:
    first, then = ENDLESS[kind]
    with answering(first=first, then=then) as (port, _):
        began = time.monotonic()
        tracemalloc.start()
        try:
            said = posting.post(f"http://127.0.0.1:{port}/", b"{}", headers={}, seconds=1)
            assert len(said) <= 65_536
        except NotSent:
            assert kind not in ("a body", "a body in chunks", "one chunk without an end")
        finally:
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    assert time.monotonic() - began < 5
    assert most < 4 * 1024 * 1024


def test_who_is_reached_late_has_no_time_of_his_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with several addresses: each may take the whole time to be silent."""
    connect = posting.HTTPConnection.connect

    def late(connection: posting.HTTPConnection) -> None:
        time.sleep(0.4)
        connect(connection)

    monkeypatch.setattr(posting.HTTPConnection, "connect", late)
    with receiving() as receiver:
        receiver.bytes_a_second = 20
        began = time.monotonic()
        with pytest.raises(NotSent):
            posting.post(receiver.url, b"{}", headers={}, seconds=0.2)
        assert time.monotonic() - began < 3
    assert receiver.posts == []


@pytest.mark.requirement("R-141")
@pytest.mark.parametrize(
    "said",
    [b"[" * 60_000, b'{"result":' * 9_000, b"1" * 60_000, b"\xff\xfe", b'{"result": ["match"]}', b'{"result": {}}'],
)
def test_an_answer_that_no_reader_bears_is_none(said: bytes) -> None:
    with answering(first=b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(said), said)) as (port, _):
        asking = HttpRegister(f"http://127.0.0.1:{port}/", pause=lambda _: None)
        assert asking("孔样例", id_number="429901198709090516") is Verdict.UNANSWERED


@pytest.mark.parametrize("text", ["k\r\nX-Evil: 1", "k\nX-Evil: 1", "k\r\n\r\nPOST /evil HTTP/1.1\r\n\r\n", "键"])
def test_one_request_is_never_two(text: str) -> None:
    """Line breaks in what becomes a header; in what becomes JSON they are two harmless signs."""
    with receiving() as receiver:
        with pytest.raises(NotSent):
            HttpGateway(receiver.url)("13900000001", "x", key=text)
        HttpGateway(receiver.url)("13900000001", text, key="k")
    (post,) = receiver.posts
    assert post.body["text"] == text
    assert "X-Evil" not in post.headers


@pytest.mark.parametrize(
    "text", ["样例\r\nBcc: evil@example.org", "样例\nBcc: evil@example.org", "a\u2028Bcc: x", "a\x85b"]
)
def test_a_subject_with_a_line_break_leaves_in_no_mail(text: str) -> None:
    with taking_mail() as box:
        server = MailServer("127.0.0.1", box.port, "zhuanjie@example.org", "ops@example.org", security="none")
        with pytest.raises(ValueError, match="linefeed"):
            server(text, "样例", key="k")
        server("样例", f"{text}\r\n.\r\nMAIL FROM:<evil@example.org>\r\n", key="k\r\nBcc: evil@example.org")
    (sent,) = box.mails
    assert "evil" not in sent


@pytest.mark.parametrize("greeting", [b"220-", b"220-go on\r\n"])
def test_a_mail_server_without_an_end_does_not_hold_up_the_worker(
    greeting: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            peer, _ = listening.accept()
            with peer:
                try:
                    while True:
                        peer.sendall(greeting)
                        time.sleep(0.1)
                except OSError:
                    return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        began = time.monotonic()
        with pytest.raises(NotSent):
            MailServer("127.0.0.1", listening.getsockname()[1], "a@b", "c@d", security="none")("样例", "样例", key="k")
        assert time.monotonic() - began < 5
        thread.join(timeout=5)
