"""How a mail leaves: the mail server is one of this machine, made for the test."""

import socketserver
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from threading import Thread

import pytest
from pydantic import SecretStr

from app.models.person import Purpose
from app.services import letters, mailer
from app.services.mailer import Letter, LogMailer, SmtpMailer
from app.settings import MailerKind, Settings

LETTER = letters.letter(
    Purpose.INVITATION,
    "kim@hanbit.example",
    "김보라\r\nBcc: all@hanbit.example",
    "Hanbit Bio",
    "https://match.example/invitations?token=abc",
)


@dataclass
class Server:
    """What a mail server was told."""

    port: int = 0
    commands: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 ready\r\n")
            while line := self.rfile.readline():
                command = line.decode().strip()
                command = command.upper() if command in ("data", "quit") else command
                made.commands.append(command)
                if command == "DATA":
                    self.wfile.write(b"354 go on\r\n")
                    mail = b""
                    while (line := self.rfile.readline()) != b".\r\n":
                        mail += line
                    made.mails.append(mail)
                self.wfile.write(b"221 bye\r\n" if command == "QUIT" else b"250 fine\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        made.port = listening.server_address[1]
        thread = Thread(target=listening.serve_forever)
        thread.start()
        yield made
        listening.shutdown()
        thread.join()


def test_a_letter_is_sent_whole(server: Server) -> None:
    SmtpMailer(f"smtp://127.0.0.1:{server.port}", "match@hwasun.example").send(LETTER)
    (sent,) = server.mails
    mail = message_from_bytes(sent, policy=policy.default)
    body = mail.get_content()
    assert {name: mail[name] for name in ("From", "To", "Subject", "Bcc", "Auto-Submitted")} == {
        "From": "match@hwasun.example",
        "To": "kim@hanbit.example",
        "Subject": "Your invitation to CDMO Match / CDMO Match 초대",
        "Bcc": None,
        "Auto-Submitted": "auto-generated",
    }
    assert mail["Message-ID"].endswith("@hwasun.example>")
    assert body.replace("\r\n", "\n") == LETTER.text
    assert body.startswith("Hello 김보라 Bcc: all@hanbit.example,")
    assert "https://match.example/invitations?token=abc" in body
    assert [each.partition(" ")[2] for each in server.commands if "<" in each] == [
        "FROM:<match@hwasun.example>",
        "TO:<kim@hanbit.example>",
    ]


def test_a_server_elsewhere_is_spoken_to_by_tls_or_not_at_all(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailer, "is_local", lambda host: False)
    with pytest.raises(Exception, match="STARTTLS"):
        SmtpMailer(f"smtp://127.0.0.1:{server.port}", "match@hwasun.example").send(LETTER)
    assert server.mails == []


def test_a_server_that_isn_t_there_fails() -> None:
    with pytest.raises(OSError, match="refused"):
        SmtpMailer("smtp://127.0.0.1:1", "match@hwasun.example").send(LETTER)


def test_the_demo_writes_letters_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    LogMailer().send(Letter("kim@hanbit.example", "Hello", "https://match.example/x"))
    (record,) = caplog.records
    assert record.__dict__["fields"] == {
        "to": "kim@hanbit.example",
        "subject": "Hello",
        "text": "https://match.example/x",
    }


def test_the_settings_choose() -> None:
    smtp = Settings(
        mailer=MailerKind.SMTP,
        smtp_url=SecretStr("smtp://mail.example"),
        mail_from="match@hwasun.example",
    )
    assert mailer.chosen(Settings()) is None
    assert mailer.chosen(Settings(mailer=MailerKind.LOG)) == LogMailer()
    assert mailer.chosen(smtp) == SmtpMailer("smtp://mail.example", "match@hwasun.example")


def test_both_languages_of_every_letter_bring_the_link_once() -> None:
    for purpose in Purpose:
        link = letters.link("https://match.example/", purpose, "abc")
        text = letters.letter(purpose, "x@y.example", "Kim", "Hanbit", link).text
        assert text.count(link) == 1
        assert "Hello Kim," in text
        assert "Kim 님, 안녕하세요." in text
