"""What every page says: its frame, its faults."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "site.name": ("CDMO Match", "CDMO Match"),
    "site.motto": (
        "Who can develop, make or test your medicine",
        "의약품 개발, 생산, 시험을 맡길 곳 찾기",
    ),
    "site.skip": ("Skip to the content", "본문으로 건너뛰기"),
    "site.navigation": ("Main", "주 메뉴"),
    "site.match": ("Find providers", "기관 찾기"),
    "site.providers": ("All providers", "전체 기관"),
    "site.requirements": ("Requirements", "요구 사항"),
    "site.shared": ("Shared with us", "공유받은 요구"),
    "site.companies": ("Companies", "기업"),
    "site.people": ("People", "구성원"),
    "site.language": ("Language", "언어"),
    "site.footer": (
        "Records are gathered from public pages. A record that its provider has not confirmed "
        "says so.",
        "기록은 공개된 자료에서 모았습니다. 기관이 확인하지 않은 기록은 그렇게 표시합니다.",
    ),
    "site.no_answer": (
        "No answer came back. Your text is still here; please try again.",
        "응답이 없습니다. 입력한 내용은 그대로 있으니 다시 시도해 주세요.",
    ),
    "problem.403": ("This can't be done from here", "여기서는 할 수 없습니다"),
    "problem.403.detail": (
        "The page may have been open for long. Please load it anew and try again.",
        "페이지를 오래 열어 두었을 수 있습니다. 새로 고친 뒤 다시 시도해 주세요.",
    ),
    "problem.role": ("Your account may not do this", "이 계정으로는 할 수 없습니다"),
    "problem.role.detail": (
        "It is for others: what your account is for stands at the top of the page.",
        "다른 사용자를 위한 화면입니다. 사용할 수 있는 메뉴는 화면 위쪽에 있습니다.",
    ),
    "problem.404": ("There is no such page", "페이지를 찾을 수 없습니다"),
    "problem.404.detail": (
        "The address may be misspelt, or the record is no longer published.",
        "주소가 잘못되었거나 더 이상 공개되지 않는 기록입니다.",
    ),
    "problem.409": ("This collides with what is there", "이미 있는 내용과 충돌합니다"),
    "problem.409.detail": (
        "Nothing was changed. Please load the page anew and have a look.",
        "바뀐 것은 없습니다. 페이지를 새로 고쳐 확인해 주세요.",
    ),
    "problem.412": ("Somebody has changed this in the meantime", "그사이 다른 사람이 수정했습니다"),
    "problem.412.detail": (
        "Nothing was changed by you. Please load the page anew and have a look.",
        "아무것도 바꾸지 않았습니다. 페이지를 새로 고쳐 확인해 주세요.",
    ),
    "problem.413": ("That is too much at once", "내용이 너무 많습니다"),
    "problem.413.detail": (
        "Please shorten the text and try again.",
        "내용을 줄여서 다시 시도해 주세요.",
    ),
    "problem.422": ("Something in the form can't be used", "입력한 내용을 사용할 수 없습니다"),
    "problem.422.detail": (
        "Please go back, check the fields and try again.",
        "뒤로 가서 입력란을 확인한 뒤 다시 시도해 주세요.",
    ),
    "problem.429": ("That was too often in a short time", "짧은 시간에 요청이 너무 많습니다"),
    "problem.429.detail": (
        "Please wait a minute and try again.",
        "1분쯤 기다린 뒤 다시 시도해 주세요.",
    ),
    "problem.503": ("We can't answer right now", "지금은 응답할 수 없습니다"),
    "problem.503.detail": (
        "The service is starting or its database is busy. Please try again in a moment.",
        "서비스가 시작 중이거나 데이터베이스가 바쁩니다. 잠시 후 다시 시도해 주세요.",
    ),
    "problem.other": ("This could not be done", "처리할 수 없습니다"),
    "problem.other.detail": (
        "Please go back and try again.",
        "뒤로 가서 다시 시도해 주세요.",
    ),
    "problem.back": ("Back to the search", "검색으로 돌아가기"),
}
