"""What mails say, in English and in Korean: nobody knows yet which of them the reader prefers."""

from app.models.person import Purpose
from app.services.mailer import Letter

_PATHS = {
    Purpose.INVITATION: "/invitations",
    Purpose.PASSWORD_RESET: "/password-resets/confirm",
}
_SUBJECTS = {
    Purpose.INVITATION: "Your invitation to CDMO Match / CDMO Match 초대",
    Purpose.PASSWORD_RESET: "A new password for CDMO Match / CDMO Match 비밀번호 재설정",
}
_TEXTS = {
    Purpose.INVITATION: """\
Hello {name},

{home} has invited you to CDMO Match. Open this page to choose a password:

{link}

The link is good for 7 days and for one use. If you didn't expect this mail, leave it be.


{name} 님, 안녕하세요.

{home}에서 CDMO Match에 초대했습니다. 위 주소를 열어 비밀번호를 정해 주세요.
링크는 7일 동안 한 번만 쓸 수 있습니다. 뜻밖의 메일이라면 그대로 두시면 됩니다.
""",
    Purpose.PASSWORD_RESET: """\
Hello {name},

somebody asked for a new password for this address. If it was you, open this page:

{link}

The link is good for one hour and for one use. If it wasn't you, leave it be: your password stays as
it is.


{name} 님, 안녕하세요.

이 주소의 비밀번호를 새로 정하려는 요청이 있었습니다. 본인이라면 위 주소를 열어 주세요.
링크는 한 시간 동안 한 번만 쓸 수 있습니다. 본인이 아니라면 그대로 두세요.
비밀번호는 바뀌지 않습니다.
""",
}


def letter(purpose: Purpose, to: str, name: str, home: str, link: str) -> Letter:
    """The mail that brings a link."""
    text = _TEXTS[purpose].format(name=_line(name), home=_line(home), link=link)
    return Letter(to, _SUBJECTS[purpose], text)


def link(public_url: str, purpose: Purpose, secret: str) -> str:
    """The page at which a one-time token is used."""
    return f"{public_url.rstrip('/')}{_PATHS[purpose]}?token={secret}"


def _line(text: str) -> str:
    return " ".join(text.split())
