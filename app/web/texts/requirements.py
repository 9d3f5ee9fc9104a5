"""What the pages of requirements say."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "requirement.list": ("Requirements", "요구 사항"),
    "requirement.list.lead": (
        "What you are looking for, kept so that it can be run again. It is your company's secret: "
        "your portal's staff see it, and nobody else, until you share it. What nobody edits, "
        "shares or runs for long is deleted on the day shown.",
        "찾고 있는 내용을 저장해 두고 다시 실행할 수 있습니다. 공유하기 전에는 귀사와 소속 포털 "
        "담당자만 볼 수 있습니다. 오래 수정, 공유, 실행이 없으면 표시된 날에 삭제됩니다.",
    ),
    "requirement.list.empty": (
        "Nothing is kept yet. Write down what you need, or search first and keep what you found.",
        "저장된 요구 사항이 없습니다. 새로 적거나, 먼저 검색한 뒤 저장하세요.",
    ),
    "requirement.new": ("New requirement", "새 요구 사항"),
    "requirement.new.lead": (
        "Say it as you would to a colleague. Only you and your portal's staff will see it.",
        "동료에게 말하듯 적어 주세요. 귀사와 소속 포털 담당자만 볼 수 있습니다.",
    ),
    "requirement.title": ("Title", "제목"),
    "requirement.title.hint": ("How you will find it again", "나중에 찾아보기 쉬운 이름"),
    "requirement.text": ("What you need", "필요한 것"),
    "requirement.company": ("Company", "기업"),
    "requirement.company.hint": ("Whose requirement this is", "어느 기업의 요구 사항인지"),
    "requirement.company.none": (
        "A requirement belongs to a company, and your portal has none yet.",
        "요구 사항은 기업에 속하는데, 아직 등록된 기업이 없습니다.",
    ),
    "requirement.company.add": ("Add a company", "기업 추가"),
    "requirement.edited": ("Last edited", "마지막 수정"),
    "requirement.shared": ("Shared", "공유"),
    "requirement.shared.yes": ("with the centre", "센터와 공유"),
    "requirement.shared.tag": ("shared with the centre", "센터와 공유 중"),
    "requirement.shared.no": ("no", "공유 안 함"),
    "requirement.shared.since": ("Shared since", "공유 시작"),
    "requirement.runs": ("Runs", "실행"),
    "requirement.runs.number": ("{count}", "{count}회"),
    "requirement.ends": ("Kept until", "보관 기한"),
    "requirement.ends.never": ("you delete it", "삭제할 때까지"),
    "requirement.ends.long": (
        "It is deleted on {day} if nobody edits, shares or runs it until then.",
        "{day}까지 수정, 공유, 실행이 없으면 삭제됩니다.",
    ),
    "requirement.keep": ("Keep this", "이 내용 저장"),
    "requirement.keep.lead": (
        "Keep what you wrote, to run it again later and see what has changed. Only you and your "
        "portal's staff will see it.",
        "적은 내용을 저장해 두면 나중에 다시 실행해 달라진 점을 볼 수 있습니다. 귀사와 소속 포털 "
        "담당자만 볼 수 있습니다.",
    ),
    "requirement.save": ("Save", "저장"),
    "requirement.cancel": ("Cancel", "취소"),
    "requirement.edit": ("Edit", "수정"),
    "requirement.edit.more": (
        "It also says things that this form doesn't show (shown on its page). They stay as they "
        "are.",
        "이 양식에 없는 내용(요구 사항 화면에 표시됨)도 있으며, 그대로 유지됩니다.",
    ),
    "requirement.stale": (
        "Somebody changed this in the meantime. What you wrote is below, untouched; how it stands "
        "now is beside it. Take over what you want, then save: your version replaces theirs.",
        "그사이 다른 사람이 수정했습니다. 입력한 내용은 그대로 아래에 있고, 현재 저장된 내용도 "
        "함께 표시됩니다. 필요한 부분을 옮긴 뒤 저장하면 입력한 내용으로 바뀝니다.",
    ),
    "requirement.now": ("As it stands now", "현재 저장된 내용"),
    "requirement.needs": ("Needs", "세부 요구"),
    "requirement.wishes": ("For the whole", "전체 조건"),
    "requirement.done.kept": ("It is kept.", "저장했습니다."),
    "requirement.done.edited": ("The edit is saved.", "수정한 내용을 저장했습니다."),
    "requirement.done.shared": (
        "The centre's curators can read it now.",
        "이제 센터의 큐레이터가 볼 수 있습니다.",
    ),
    "requirement.done.unshared": (
        "It is shared no more: the centre can't see it from now on.",
        "공유를 끝냈습니다. 이제 센터에서 볼 수 없습니다.",
    ),
    "requirement.done.deleted": ("It is deleted, with its runs.", "실행 기록과 함께 삭제했습니다."),
    "requirement.run": ("Run now", "지금 실행"),
    "requirement.run.lead": (
        "Compares it with every provider as the catalogue stands now, and keeps the shortlist.",
        "현재 목록의 모든 기관과 비교하고, 추천 목록을 저장합니다.",
    ),
    "requirement.runs.none": ("Not run yet.", "아직 실행하지 않았습니다."),
    "requirement.runs.more": (
        "The latest {count} are shown; the export of your company holds all.",
        "최근 {count}건을 보여 드립니다. 전체는 기업 데이터 내보내기에 있습니다.",
    ),
    "requirement.sharing": ("Sharing", "공유"),
    "requirement.share": ("Share with the centre", "센터와 공유"),
    "requirement.share.lead": (
        "The curators and admins of the support centre will be able to read its title and "
        "everything above, so that they can help. They can't change it, they don't see its runs, "
        "and nobody else sees anything. They aren't shown your company's name: say in the text "
        "whom they should contact. You can end this at any time.",
        "지원 센터의 큐레이터와 관리자가 도움을 드릴 수 있도록 제목과 위의 내용을 모두 볼 수 있게 "
        "됩니다. 수정할 수 없고 실행 기록은 볼 수 없으며, 다른 누구에게도 보이지 않습니다. 기업 "
        "이름은 표시되지 않으니 연락처를 본문에 적어 주세요. 공유는 언제든 끝낼 수 있습니다.",
    ),
    "requirement.unshare": ("End the sharing", "공유 끝내기"),
    "requirement.unshare.lead": (
        "The curators and admins of the support centre can read its title and everything above. "
        "Ending it takes effect at once.",
        "지원 센터의 큐레이터와 관리자가 제목과 위의 내용을 모두 볼 수 있습니다. 공유를 끝내면 "
        "즉시 볼 수 없게 됩니다.",
    ),
    "requirement.delete": ("Delete", "삭제"),
    "requirement.delete.title": ("Delete this requirement?", "이 요구 사항을 삭제할까요?"),
    "requirement.delete.lead": (
        "“{title}” will be deleted for good, with all of its runs. This can't be undone.",
        "‘{title}’을(를) 모든 실행 기록과 함께 완전히 삭제합니다. 되돌릴 수 없습니다.",
    ),
    "requirement.delete.stale": (
        "Somebody changed it in the meantime. Have a look before you delete it.",
        "그사이 다른 사람이 수정했습니다. 삭제하기 전에 확인해 주세요.",
    ),
    "requirement.delete.yes": ("Delete it for good", "완전히 삭제"),
    "requirement.newer": ("Back to the newest", "처음으로"),
    "requirement.older": ("Older ones", "이전 항목"),
    "shared.title": ("Shared with the centre", "센터와 공유된 요구 사항"),
    "shared.lead": (
        "Companies and portals share these so that you can help. Only the centre's curators and "
        "admins see them, for as long as they stay shared.",
        "도움을 받기 위해 기업과 포털이 공유한 내용입니다. 공유되는 동안 센터의 큐레이터와 "
        "관리자만 볼 수 있습니다.",
    ),
    "shared.empty": ("Nothing is shared at the moment.", "현재 공유된 요구 사항이 없습니다."),
    "shared.search": ("Search with this", "이 내용으로 검색"),
    "fault.title.missing": ("Please give it a title.", "제목을 적어 주세요."),
    "fault.title": (
        "Please keep it on one line, under 160 characters.",
        "한 줄로, 160자 이내로 적어 주세요.",
    ),
    "fault.company": ("Please choose a company from the list.", "목록에서 기업을 골라 주세요."),
}
