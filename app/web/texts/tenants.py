"""What the pages of people, companies and one's own account say."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "role.admin": ("Admin", "관리자"),
    "role.curator": ("Curator", "큐레이터"),
    "role.partner": ("Portal staff", "포털 담당자"),
    "role.company": ("Company", "기업 구성원"),
    "role.embed": ("Embedded page", "삽입 화면"),
    "people.title": ("People", "구성원"),
    "people.lead": (
        "Who may sign in, as far as you look after them. Removing somebody signs them out "
        "everywhere at once, and ends the keys that they made.",
        "관리하는 범위에서 로그인할 수 있는 사람들입니다. 삭제하면 모든 기기에서 즉시 "
        "로그아웃되고 그 사람이 만든 키는 폐기됩니다.",
    ),
    "people.name": ("Name", "이름"),
    "people.email": ("E-mail address", "이메일 주소"),
    "people.role": ("Role", "역할"),
    "people.home": ("Of", "소속"),
    "people.seen": ("Last signed in", "마지막 로그인"),
    "people.seen.never": ("not yet", "아직 없음"),
    "people.invited": ("invited", "초대됨"),
    "people.do": ("What you can do", "할 수 있는 일"),
    "people.you": ("you", "본인"),
    "people.again": ("Invite again", "다시 초대"),
    "people.sign_out": ("Sign out everywhere", "모든 기기에서 로그아웃"),
    "people.remove": ("Remove", "삭제"),
    "people.remove.title": ("Remove {name}?", "{name} 님을 삭제할까요?"),
    "people.remove.lead": (
        "{name} ({email}) is signed out everywhere at once and can't sign in here any more. The "
        "keys that they made, and those that were made with these, end with it. What they kept for "
        "their company stays.",
        "{name}({email}) 님은 모든 기기에서 즉시 로그아웃되고 더는 로그인할 수 없습니다. 이 사람이 "
        "만든 키와 그 키로 만든 키도 함께 폐기됩니다. 기업을 위해 저장한 내용은 남습니다.",
    ),
    "people.remove.keys": (
        "These keys end at once. If something still works with one of them, rotate that key "
        "yourself first (POST /v1/keys/…/rotate) and use the new one in its place:",
        "다음 키가 즉시 폐기됩니다. 아직 쓰이는 키가 있다면 먼저 직접 교체하고(POST "
        "/v1/keys/…/rotate) 새 키를 사용하세요.",
    ),
    "people.remove.you": (
        "This is you: you are signed out with it.",
        "본인 계정입니다. 삭제하면 로그아웃됩니다.",
    ),
    "people.remove.last": (
        "You are the last admin. Invite another one first.",
        "마지막 관리자입니다. 먼저 다른 관리자를 초대해 주세요.",
    ),
    "people.remove.yes": ("Remove for good", "완전히 삭제"),
    "people.invite": ("Invite somebody", "초대하기"),
    "people.invite.lead": (
        "They are mailed a link with which they choose a password. It is good for 7 days.",
        "비밀번호를 정할 수 있는 링크를 메일로 보냅니다. 7일 동안 쓸 수 있습니다.",
    ),
    "people.invite.no_mail": (
        "This service sends no mail: ask its operator for the link (cdmo-match people link).",
        "이 서비스는 메일을 보내지 않습니다. 운영자에게 링크를 요청하세요(cdmo-match people link).",
    ),
    "people.invite.as": ("As", "역할"),
    "people.invite.send": ("Invite", "초대"),
    "people.done.invited": ("The invitation is on its way.", "초대를 보냈습니다."),
    "people.done.invited.no_mail": ("They are on the list.", "목록에 추가했습니다."),
    "people.done.again": (
        "Another invitation is on its way; the link before it is void. If one left within the last "
        "minute, that one stays good.",
        "초대를 다시 보냈습니다. 이전 링크는 쓸 수 없습니다. 1분 안에 이미 보냈다면 그 링크를 "
        "그대로 쓸 수 있습니다.",
    ),
    "people.done.signed_out": ("Signed out everywhere.", "모든 기기에서 로그아웃했습니다."),
    "people.done.removed": ("Removed.", "삭제했습니다."),
    "companies.title": ("Companies", "기업"),
    "companies.lead": (
        "The start-ups that your portal looks after.",
        "포털이 지원하는 기업입니다.",
    ),
    "companies.lead.centre": (
        "The start-ups that the centre itself looks after. What they keep is theirs: you don't "
        "see it.",
        "센터가 직접 지원하는 기업입니다. 기업이 저장한 내용은 볼 수 없습니다.",
    ),
    "companies.empty": ("There is none yet.", "아직 등록된 기업이 없습니다."),
    "companies.name": ("Name", "이름"),
    "companies.since": ("Since", "등록일"),
    "companies.do": ("What you can do", "할 수 있는 일"),
    "companies.add": ("Add a company", "기업 추가"),
    "companies.add.hint": (
        "Invite its people next, under People.",
        "이어서 구성원 화면에서 사람을 초대하세요.",
    ),
    "companies.add.do": ("Add", "추가"),
    "companies.export": ("Export", "내보내기"),
    "companies.delete": ("Delete", "삭제"),
    "companies.delete.title": ("Delete {name}?", "{name}: 삭제할까요?"),
    "companies.delete.lead": (
        "Everything of the company goes with it, for good: its people, keys, requirements and "
        "runs. Nobody can bring it back. Export it first if anything may still be needed.",
        "기업의 구성원, 키, 요구 사항, 실행 기록이 모두 완전히 삭제되며 되돌릴 수 없습니다. "
        "필요할 수 있는 내용은 먼저 내보내 두세요.",
    ),
    "companies.delete.type": (
        "Type its name to confirm: {name}",
        "확인을 위해 이름을 입력하세요: {name}",
    ),
    "companies.delete.yes": ("Delete it for good", "완전히 삭제"),
    "companies.done.added": ("The company is added.", "기업을 추가했습니다."),
    "companies.done.deleted": (
        "The company is deleted with everything it kept.",
        "기업과 저장된 내용을 모두 삭제했습니다.",
    ),
    "me.title": ("Your account", "내 계정"),
    "me.sign_ins": ("Where you are signed in", "로그인된 기기"),
    "me.sign_ins.since": ("Since {moment}", "{moment}부터"),
    "me.sign_ins.seen": ("last seen about {moment}", "마지막 사용 {moment}경"),
    "me.sign_ins.ends": ("ends by {moment} at the latest", "늦어도 {moment}에 종료"),
    "me.sign_ins.here": ("this browser", "이 브라우저"),
    "me.sign_ins.lead": (
        "If you don't recognise one, sign out everywhere and change the password.",
        "모르는 기록이 있으면 모든 기기에서 로그아웃하고 비밀번호를 바꾸세요.",
    ),
    "me.password": ("Change the password", "비밀번호 변경"),
    "me.password.present": ("Present password", "현재 비밀번호"),
    "me.password.lead": (
        "You stay signed in here, and are signed out everywhere else.",
        "이 브라우저를 제외한 모든 기기에서 로그아웃됩니다.",
    ),
    "me.password.none": (
        "You sign in with your organisation's account and have no password here.",
        "소속 기관 계정으로 로그인하므로 이 서비스의 비밀번호가 없습니다.",
    ),
    "me.done.password": (
        "The password is changed. Everywhere else you are signed out.",
        "비밀번호를 바꾸었습니다. 다른 기기에서는 로그아웃되었습니다.",
    ),
    "me.company": ("Your company's data", "기업 데이터"),
    "me.company.lead": (
        "Everything that is kept of your company, in one file: its people, keys, requirements and "
        "runs, and what the journal says of them.",
        "귀사의 구성원, 키, 요구 사항, 실행 기록과 관련 이력을 모두 담은 파일입니다.",
    ),
    "me.company.export": ("Download everything", "전체 내려받기"),
    "me.company.end": (
        "To have the company deleted with all of this, ask your portal's staff.",
        "기업과 모든 데이터를 삭제하려면 소속 포털 담당자에게 요청하세요.",
    ),
    "me.companies.lead": (
        "The companies that you look after can be exported and deleted on their own page.",
        "지원하는 기업의 데이터는 기업 화면에서 내보내거나 삭제할 수 있습니다.",
    ),
    "fault.name": (
        "Please write a name on one line, under 160 characters.",
        "이름을 한 줄로, 160자 이내로 적어 주세요.",
    ),
    "fault.place": ("Please choose one from the list.", "목록에서 골라 주세요."),
    "fault.known": (
        "Somebody with this address is on the list already.",
        "이 주소는 이미 등록되어 있습니다.",
    ),
    "fault.present": ("This isn't the present password.", "현재 비밀번호가 아닙니다."),
    "fault.company_name": (
        "This isn't the company's name as it is written above.",
        "위에 적힌 기업 이름과 다릅니다.",
    ),
}
