"""Short messages, web hooks and mail over real sockets: what is delivered, what is tried again, what is given up."""

import hashlib
import hmac
import socket
import time
from email import message_from_string
from email.header import decode_header, make_header

import pytest

from service.sending import mail, posting
from service.sending.failures import NotSent, Rejected
from service.sending.mail import MailServer, log_mail
from service.sending.short_messages import HttpGateway, log_short_message
from service.sending.web_hooks import WebHook, log_event
from service.storage.messages import outbox
from service.use_cases.outbox import deliver_messages
from tests.sending.machines import receiving, taking_mail

NUMBER = "379901198501010017"


@pytest.mark.requirement("R-194")
def test_the_gateway_gets_key_telephone_and_text() -> None:
    with receiving() as receiver:
        HttpGateway(f"{receiver.url}/sms?site=1", "t0ken")("13900000001", "有新的待办", key="k1")
    (post,) = receiver.posts
    assert post.path == "/sms?site=1"
    assert post.body == {"key": "k1", "phone": "13900000001", "text": "有新的待办"}
    assert post.headers["Authorization"] == "Bearer t0ken"
    assert post.headers["Idempotency-Key"] == "k1"


@pytest.mark.requirement("R-049")
def test_an_event_is_signed_over_what_is_sent() -> None:
    with receiving() as receiver:
        WebHook(receiver.url, b"secret")({"event": "membership_left", "member": 7}, key="k2")
        WebHook(receiver.url)({"event": "membership_left", "member": 7}, key="k3")
    first, second = receiver.posts
    assert first.body == {"key": "k2", "event": "membership_left", "member": 7}
    expected = hmac.new(b"secret", first.raw, hashlib.sha256).hexdigest()
    assert first.headers["X-Zhuanjie-Signature"] == f"sha256={expected}"
    assert "X-Zhuanjie-Signature" not in second.headers


@pytest.mark.parametrize("status", [301, 307, 401, 403, 404, 408, 429, 500, 502, 503])
def test_these_answers_are_tried_again_and_a_redirection_is_not_followed(status: int) -> None:
    with receiving() as receiver:
        receiver.status = lambda _: status
        with pytest.raises(NotSent, match=str(status)):
            HttpGateway(receiver.url)("13900000001", "有新的待办", key="k")
    assert [post.path for post in receiver.posts] == ["/"]


@pytest.mark.parametrize("status", [400, 409, 410, 422])
def test_these_answers_give_it_up(status: int) -> None:
    with receiving() as receiver:
        receiver.status = lambda _: status
        with pytest.raises(Rejected, match=str(status)):
            HttpGateway(receiver.url)("13900000001", "有新的待办", key="k")


def test_nobody_there_is_tried_again_and_the_address_is_not_repeated() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(NotSent) as raised:
        HttpGateway(f"http://127.0.0.1:{port}/secret-path")("13900000001", "有新的待办", key="k")
    assert "secret-path" not in str(raised.value)


def test_a_receiver_that_answers_a_byte_at_a_time_does_not_hold_up_the_worker() -> None:
    with receiving() as receiver:
        receiver.bytes_a_second = 20
        began = time.monotonic()
        with pytest.raises(NotSent):
            posting.post(receiver.url, b"{}", headers={}, seconds=0.6)
        assert time.monotonic() - began < 5


def test_a_batch_at_its_slowest_ends_before_its_claim() -> None:
    slowest = max(posting.WHOLE_SECONDS, mail.SECONDS)
    assert deliver_messages.BATCH * slowest < outbox.CLAIM_SECONDS


def test_mail_arrives_with_a_name_that_a_repeat_has_too() -> None:
    with taking_mail() as box:
        server = MailServer("127.0.0.1", box.port, "zhuanjie@example.org", "ops@example.org", security="none")
        for _ in range(2):
            server("有消息多次发送失败", "有消息多次发送失败，已停止重试\n", key="dead:1")
    first, second = (message_from_string(text) for text in box.mails)
    assert str(make_header(decode_header(first["Subject"]))) == "有消息多次发送失败"
    assert first["To"] == "ops@example.org"
    assert first["Message-ID"] == second["Message-ID"]
    assert "已停止重试" in first.get_payload(decode=True).decode()


def test_mail_that_is_refused_for_good_is_given_up_and_other_trouble_is_tried_again() -> None:
    with taking_mail() as box:
        server = MailServer("127.0.0.1", box.port, "zhuanjie@example.org", "ops@example.org", security="none")
        box.refusal = b"550 nobody here"
        with pytest.raises(Rejected, match="550"):
            server("样例", "样例", key="k")
        box.refusal = b"451 later"
        with pytest.raises(NotSent, match="451"):
            server("样例", "样例", key="k")
        starting_tls = MailServer("127.0.0.1", box.port, "zhuanjie@example.org", "ops@example.org")
        with pytest.raises(NotSent):
            starting_tls("样例", "样例", key="k")
    assert box.mails == []


@pytest.mark.requirement("R-194")
def test_a_text_with_an_identity_number_leaves_by_no_way(caplog: pytest.LogCaptureFixture) -> None:
    text = f"张样例（{NUMBER}）有新的待办"
    with receiving() as receiver:
        for send in (HttpGateway(receiver.url), log_short_message, log_mail):
            with pytest.raises(RuntimeError):
                send("13900000001", text, key="k")
    with taking_mail() as box, pytest.raises(RuntimeError):
        MailServer("127.0.0.1", box.port, "a@b", "c@d", security="none")("样例", text, key="k")
    assert receiver.posts == []
    assert NUMBER not in caplog.text


def test_the_log_shows_what_was_not_sent_and_no_telephone(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    log_short_message("13900000001", "有新的待办", key="k")
    log_event({"event": "membership_left", "member": 7}, key="k")
    assert "*0001: 有新的待办" in caplog.text
    assert "13900000001" not in caplog.text
    assert "event membership_left" in caplog.text
