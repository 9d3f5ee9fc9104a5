"""What the pages of signing in say."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "account.sign_in": ("Sign in", "로그인"),
    "account.sign_out": ("Sign out", "로그아웃"),
    "account.lead": (
        "For people who were invited: staff of the centre and of portals, and companies. "
        "Searching needs no sign-in.",
        "초대받은 센터와 포털 담당자, 기업을 위한 화면입니다. 검색은 로그인 없이 할 수 있습니다.",
    ),
    "account.lead.next": (
        "This page is for people who are signed in. You come back to it afterwards.",
        "로그인한 사람만 볼 수 있는 화면입니다. 로그인하면 이 화면으로 돌아옵니다.",
    ),
    "account.email": ("E-mail address", "이메일 주소"),
    "account.password": ("Password", "비밀번호"),
    "account.forgotten": ("Forgot the password?", "비밀번호를 잊으셨나요?"),
    "account.provider": ("Sign in with your organisation's account", "소속 기관 계정으로 로그인"),
    "account.home": ("Company or portal", "기업 또는 포털"),
    "account.home.hint": (
        "Your address belongs to several. Choose one, and enter the password again.",
        "이 주소는 여러 곳에 등록되어 있습니다. 하나를 고르고 비밀번호를 다시 입력해 주세요.",
    ),
    "account.here": ("You are signed in as {name}.", "{name} 님으로 로그인되어 있습니다."),
    "account.refused": (
        "The e-mail address or the password isn't right, or the invitation hasn't been accepted.",
        "이메일 주소나 비밀번호가 맞지 않거나, 아직 초대를 수락하지 않았습니다.",
    ),
    "account.too_often": (
        "Too many sign-ins with this e-mail address have failed. Wait for up to an hour, or set a "
        "new password by mail.",
        "이 이메일 주소로 로그인에 여러 번 실패했습니다. 최대 한 시간 기다린 뒤 다시 시도하거나 "
        "메일로 새 비밀번호를 설정해 주세요.",
    ),
    "account.provider_refused": (
        "Your organisation's account could not be used here. Only people who were invited can "
        "sign in, with the address that was invited.",
        "소속 기관 계정을 사용할 수 없습니다. 초대받은 이메일 주소로만 로그인할 수 있습니다.",
    ),
    "account.invitation": ("Accept the invitation", "초대 수락"),
    "account.invitation.lead": (
        "Choose a password. If you have one here already, the new one takes its place.",
        "비밀번호를 정해 주세요. 이미 비밀번호가 있다면 새 비밀번호로 바뀝니다.",
    ),
    "account.new_password": ("New password", "새 비밀번호"),
    "account.new_password.hint": (
        "12 to 200 characters. A few unrelated words do well.",
        "12자에서 200자까지. 서로 관련 없는 단어 몇 개를 이어 쓰면 좋습니다.",
    ),
    "account.repeat": ("The same once more", "한 번 더 입력"),
    "account.set": ("Set the password", "비밀번호 저장"),
    "account.set.done": (
        "The password is set. You can sign in with it now.",
        "비밀번호를 저장했습니다. 이제 로그인할 수 있습니다.",
    ),
    "account.reset": ("Set a new password", "비밀번호 재설정"),
    "account.reset.ask": (
        "Enter your address, and we mail you a link.",
        "이메일 주소를 입력하시면 링크를 보내 드립니다.",
    ),
    "account.reset.lead": (
        "Choose a new password. You are then signed out everywhere else.",
        "새 비밀번호를 정해 주세요. 다른 모든 기기에서는 로그아웃됩니다.",
    ),
    "account.reset.send": ("Mail me a link", "링크 받기"),
    "account.reset.sent": (
        "If this address belongs to somebody here, a mail is on its way. Its link is good for an "
        "hour. Nothing came? Look among unwanted mail, and ask again after a few minutes.",
        "등록된 주소라면 곧 메일이 도착합니다. 링크는 한 시간 동안 쓸 수 있습니다. "
        "메일이 오지 않으면 스팸함을 확인하고 몇 분 뒤 다시 요청해 주세요.",
    ),
    "account.reset.none": (
        "This service sends no mail. Ask whoever invited you for a new link.",
        "이 서비스는 메일을 보내지 않습니다. 초대한 담당자에게 새 링크를 요청해 주세요.",
    ),
    "account.spent": (
        "This link was used before, has been replaced by a newer one, or is too old.",
        "이미 사용했거나, 새 링크로 바뀌었거나, 기한이 지난 링크입니다.",
    ),
    "account.again": ("Ask for a new one", "새 링크 요청"),
    "fault.email": ("Please write a whole e-mail address.", "이메일 주소를 끝까지 적어 주세요."),
    "fault.password": ("Please enter the password.", "비밀번호를 입력해 주세요."),
    "fault.password.long": (
        "This is too long, or holds a character that can't be used.",
        "너무 길거나 사용할 수 없는 문자가 있습니다.",
    ),
    "fault.password.short": (
        "This is too short: at least 12 characters are needed.",
        "너무 짧습니다. 12자 이상이어야 합니다.",
    ),
    "fault.password.address": (
        "Please don't use your e-mail address in it.",
        "이메일 주소를 비밀번호에 넣지 마세요.",
    ),
    "fault.password.common": (
        "Anybody would guess this early on. A few unrelated words do well.",
        "누구나 쉽게 짐작할 수 있습니다. 서로 관련 없는 단어 몇 개를 이어 쓰면 좋습니다.",
    ),
    "fault.repeat": ("The two aren't the same.", "두 비밀번호가 다릅니다."),
}
