"""The words in which the difference of two runs is told, English and Korean."""

from collections.abc import Mapping

from app.matching.phrasing import fill

Words = Mapping[str, tuple[str, str]]

SENTENCES: Words = {
    "moved": ("Moved from {before} to {after}", "{before}위에서 {after}위로 이동했습니다"),
    "stays": ("Stays at {after}", "{after}위를 유지합니다"),
    "entered": ("New on the list at {after}", "{after}위로 새로 목록에 올랐습니다"),
    "left": ("Left the list (it was at {before})", "{before}위에 있다가 목록에서 빠졌습니다"),
    "verdict": ("{line} went from {before} to {after}", "{line} {before} → {after}"),
    "points": (
        "{line} went from {before} to {after} points",
        "{line} {before}점 → {after}점",
    ),
    "offered": ("{line} now rests on other words", "{line} 근거 문구 변경"),
    "line_entered": ("{line} is now counted", "{line} 추가"),
    "line_left": ("{line} is no longer counted", "{line} 제외"),
    "further": ("{count} more lines moved", "그 밖의 {count}개 항목 변경"),
    "further_1": ("1 more line moved", "그 밖의 1개 항목 변경"),
    "by_facts": (
        "{head}: {lines} after its record changed {when} ({fields}).",
        "{head}: {lines}. {when} 기록이 변경되었습니다({fields}).",
    ),
    "by_facts_backward": (
        "{head}: {lines}, because this run is from before its record changed {when} ({fields}).",
        "{head}: {lines}. 이 실행은 {when} 기록 변경({fields}) 이전의 것입니다.",
    ),
    "by_causes": (
        "{head}: {lines}, because {causes} changed.",
        "{head}: {lines}. {causes|이} 바뀌었기 때문입니다.",
    ),
    "by_others": (
        "{head}: {lines}, because records of other providers changed.",
        "{head}: {lines}. 다른 기관의 기록이 바뀌었기 때문입니다.",
    ),
    "by_nothing": (
        "{head}: {lines}. Nothing that the runs keep says why.",
        "{head}: {lines}. 남아 있는 기록으로는 이유를 알 수 없습니다.",
    ),
    "listed_by_facts": (
        "{head} after its record changed {when} ({fields}).",
        "{head}. {when} 기록이 변경되었습니다({fields}).",
    ),
    "listed_by_facts_backward": (
        "{head}, because this run is from before its record changed {when} ({fields}).",
        "{head}. 이 실행은 {when} 기록 변경({fields}) 이전의 것입니다.",
    ),
    "listed_by_causes": (
        "{head}, because {causes} changed.",
        "{head}. {causes|이} 바뀌었기 때문입니다.",
    ),
    "listed_by_others": (
        "{head}, because {passing}.",
        "{head}. {passing} 때문입니다.",
    ),
    "facts_without_points": (
        "{head}, because {passing}. Its record changed {when} ({fields}), which moved none of its "
        "points.",
        "{head}. {passing} 때문입니다. {when} 기록 변경({fields})은 점수에 영향을 주지 않았습니다.",
    ),
    "stays_despite_facts": (
        "{head} with the same points, although its record changed {when} ({fields}).",
        "{head}. {when} 기록이 변경되었으나({fields}) 점수는 같습니다.",
    ),
    "around": (
        "{head}: its own points are the same, but {passing}.",
        "{head}. 점수는 그대로이며 {passing} 때문입니다.",
    ),
    "alone": ("{head}.", "{head}."),
    "as_well": (" {causes} changed as well.", " {causes}도 바뀌었습니다."),
    "others_as_well": (
        " As records of other providers changed, {lines}.",
        " 다른 기관의 기록이 바뀌어 {lines}.",
    ),
    "record_as_well": (
        " Its record changed {when} as well ({fields}).",
        " {when} 기록도 변경되었습니다({fields}).",
    ),
    "others_moved": ("others moved around it", "다른 기관의 순위가 바뀌었기"),
    "now_above_one": ("{names} now stands above it", "이제 {names|이} 앞에 있기"),
    "now_above_many": ("{names} now stand above it", "이제 {names|이} 앞에 있기"),
    "no_longer_above_one": (
        "{names} no longer stands above it",
        "{names|이} 더 이상 앞에 있지 않기",
    ),
    "no_longer_above_many": (
        "{names} no longer stand above it",
        "{names|이} 더 이상 앞에 있지 않기",
    ),
    "further_names": ("{count} more", "그 밖의 {count}곳"),
    "against_points": (
        " It moved this way because {passing}.",
        " 순위가 이렇게 바뀐 것은 {passing} 때문입니다.",
    ),
    "eligibility": (
        " It went from “{before}” to “{after}”.",
        " ‘{before}’에서 ‘{after}’{after:으로} 바뀌었습니다.",
    ),
    "fits_from": (" It now fits from {after}.", " 이제 {after}부터 맞습니다."),
    "on": ("on {first}", "{first}"),
    "between": ("between {first} and {last}", "{first}~{last}에"),
    "nothing": ("Nothing moved between the two runs.", "두 실행 사이에 달라진 것이 없습니다."),
    "sum": ("Of the providers listed, {counts}.", "두 실행 사이의 변화: {counts}."),
    "sum_moved": ("{count} moved on the list", "순위 이동 {count}곳"),
    "sum_entered": ("{count} came onto the list", "새로 오름 {count}곳"),
    "sum_left": ("{count} left the list", "빠짐 {count}곳"),
    "sum_stays": (
        "{count} kept the rank while their points or records changed",
        "순위는 같고 점수나 기록이 바뀜 {count}곳",
    ),
    "sum_causes": (" {causes} changed.", " {causes|이} 바뀌었습니다."),
    "sum_facts": (" The journal tells of changed records: {count}.", " 기록 변경 {count}건."),
    "sum_facts_backward": (
        " The second run saw an earlier catalogue: changes of records that it didn't know yet: "
        "{count}.",
        " 두 번째 실행은 더 이른 목록에서 나왔으며, 아직 반영되지 않은 기록 변경은 "
        "{count}건입니다.",
    ),
}

CAUSES: Words = {
    "request": ("the request", "요청"),
    "vocabulary": ("the vocabulary", "용어집"),
    "engine": ("the matching engine", "매칭 엔진"),
    "as_of": ("the day as of which it is judged", "판단 기준일"),
}

VERDICTS: Words = {
    "met": ("met", "충족"),
    "partly": ("partly", "일부"),
    "unknown": ("unknown", "미확인"),
    "missed": ("missed", "불충족"),
}

ELIGIBILITY: Words = {
    "eligible": ("Nothing rules it out", "결격 사유 없음"),
    "conditional": ("Ask first", "먼저 확인 필요"),
    "ineligible": ("Does not fit", "부적합"),
}

CRITERIA: Words = {
    "service": ("Service", "서비스"),
    "modality": ("Kind of medicine", "의약품 종류"),
    "regime": ("Kind of work", "업무 종류"),
    "breadth": ("Whole of the work", "업무 범위"),
    "platform": ("Technology", "기술"),
    "stage": ("Stage", "개발 단계"),
    "therapeutic_area": ("Disease area", "질환 분야"),
    "quality": ("Quality", "품질 기준"),
    "scale": ("Scale", "규모"),
    "time": ("Time", "시기"),
    "wording": ("Wording", "표현"),
    "place": ("Place", "위치"),
    "market": ("Market", "허가 시장"),
    "language": ("Language", "언어"),
    "ownership": ("Ownership", "소유 형태"),
    "freshness": ("Freshness of the record", "기록의 최신성"),
}

ACTIONS: Words = {
    "created": ("a new record", "새 기록"),
    "seeded": ("a new record", "새 기록"),
    "published": ("published", "공개"),
    "archived": ("taken out of the catalogue", "목록에서 제외"),
    "unpublished": ("no longer published", "비공개 전환"),
    "facility-created": ("a new facility", "새 시설"),
    "facility-deleted": ("a facility removed", "시설 삭제"),
    "capability-created": ("a new capability", "새 서비스"),
    "capability-deleted": ("a capability removed", "서비스 삭제"),
}

FIELDS: Words = {
    "name": ("name", "이름"),
    "native_name": ("native name", "현지어 이름"),
    "aliases": ("other names", "다른 이름"),
    "kind": ("kind of provider", "기관 종류"),
    "ownership": ("ownership", "소유 형태"),
    "country": ("country", "국가"),
    "region": ("region", "지역"),
    "city": ("city", "도시"),
    "description": ("description", "설명"),
    "languages": ("languages", "언어"),
    "therapeutic_areas": ("disease areas", "질환 분야"),
    "track_record": ("track record", "실적"),
    "operating": ("whether it operates", "운영 여부"),
    "successor": ("successor", "승계 기관"),
    "assured_on": ("day of the last confirmation", "최종 확인일"),
    "sources": ("sources", "출처"),
    "certificates": ("certificates", "인증서"),
    "certifications": ("certificates", "인증서"),
    "facilities": ("facilities", "시설"),
    "capabilities": ("capabilities", "제공 서비스"),
    "lifecycle": ("state of a facility", "시설 상태"),
    "operational_from": ("start of operation", "가동 시기"),
    "notes": ("notes", "비고"),
    "note": ("note", "비고"),
    "service": ("service", "서비스"),
    "modality": ("kind of medicine", "의약품 종류"),
    "platform": ("technology", "기술"),
    "stages": ("stages", "개발 단계"),
    "scale": ("scale", "규모"),
    "quality": ("quality", "품질 기준"),
    "status": ("whether it is offered", "제공 여부"),
    "available_from": ("start of the offer", "제공 시기"),
    "evidence": ("evidence", "근거"),
    "state": ("state of the record", "기록 상태"),
    "website": ("website", "웹사이트"),
    "founded_year": ("year of founding", "설립 연도"),
    "memberships": ("memberships", "소속 단체"),
    "lead_time_weeks": ("lead time", "소요 기간"),
    "flag": ("kind of claim", "서술 구분"),
    "pinned": ("terms it is read as", "지정 용어"),
    "facility_id": ("facility of an offer", "서비스 시설"),
}


def word(table: Words, name: str, lang: str) -> str:
    """The word for a name; the name itself, read aloud, where there is none."""
    return table.get(name, (name.replace("_", " "),) * 2)[lang == "ko"]


def sentence(name: str, lang: str, **values: str) -> str:
    """A sentence or a part of one, with its slots filled."""
    return fill(SENTENCES[name][lang == "ko"], **values)
