"""What the pages about providers say."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "provider.also": ("Also known as", "다른 이름"),
    "provider.website": ("Website", "홈페이지"),
    "provider.founded": ("Founded", "설립"),
    "provider.languages": ("Languages", "사용 언어"),
    "provider.memberships": ("Memberships", "소속"),
    "provider.areas": ("Therapeutic areas", "질환 분야"),
    "provider.record": ("About this record", "이 기록에 대하여"),
    "provider.assured": (
        "Last confirmed by a person on {day}.",
        "{day}에 담당자가 마지막으로 확인했습니다.",
    ),
    "provider.unassured": (
        "Nobody has confirmed this record yet. It was gathered from public pages; ask the provider "
        "before you rely on it.",
        "아직 아무도 확인하지 않은 기록입니다. 공개된 자료에서 모았으니 기관에 확인한 뒤 "
        "이용하세요.",
    ),
    "provider.edited": (
        "Last changed in this catalogue on {day}.",
        "이 목록에서 마지막으로 바뀐 날: {day}",
    ),
    "provider.successor": ("It continues as {name}.", "현재 이름: {name}"),
    "provider.renamed": ("It now works under another name.", "다른 이름으로 운영 중입니다."),
    "provider.absorbed": (
        "It has become part of another organisation.",
        "다른 기관에 합병되었습니다.",
    ),
    "provider.closed": ("It has closed.", "문을 닫았습니다."),
    "provider.captive": (
        "It works for its own group only, not for others.",
        "자기 그룹의 일만 하며 외부 의뢰를 받지 않습니다.",
    ),
    "provider.facilities": ("Facilities", "시설"),
    "provider.facility": ("Facility", "시설"),
    "provider.place": ("Place", "위치"),
    "provider.state": ("State", "상태"),
    "provider.since": ("since {period}", "{period}부터"),
    "provider.from": ("for {period}", "{period} 예정"),
    "provider.planned_site": (
        "Planned: it does not run yet by this record.",
        "계획: 기록상 아직 운영하지 않습니다.",
    ),
    "provider.overdue": (
        "That date has passed; nobody has confirmed that it runs.",
        "예정 시기가 지났으나 운영 여부가 확인되지 않았습니다.",
    ),
    "provider.undated": ("no date stated", "시기 없음"),
    "provider.certificates": ("Certificates and licences", "인증과 허가"),
    "provider.standard": ("Standard", "기준"),
    "provider.authority": ("Authority", "기관"),
    "provider.scope": ("Scope", "범위"),
    "provider.site": ("Site", "시설"),
    "provider.valid": ("Valid", "유효 기간"),
    "provider.valid.from": ("from {start}", "{start}부터"),
    "provider.valid.until": ("until {end}", "{end}까지"),
    "provider.site_not_stated": ("site not stated", "시설이 명시되지 않음"),
    "provider.capabilities": ("What it offers", "제공 서비스"),
    "provider.capabilities.other": (
        "In the record, but not an offer to you today",
        "기록에는 있으나 지금 의뢰할 수 없는 것",
    ),
    "provider.service": ("Service", "서비스"),
    "provider.modality": ("Kind of medicine", "의약품 종류"),
    "provider.platform": ("Technology", "기술"),
    "provider.stages": ("Stages", "개발 단계"),
    "provider.scale": ("Scale", "규모"),
    "provider.quality": ("Quality", "품질 기준"),
    "provider.lead_time": ("{weeks} weeks lead time", "준비 기간 {weeks}주"),
    "provider.available": ("available from {period}", "{period}부터 가능"),
    "provider.notes": ("Notes", "비고"),
    "provider.track_record": ("Track record", "실적"),
    "provider.sources": ("Sources", "출처"),
    "provider.nothing": ("The record names none.", "기록에 없습니다."),
    "provider.match": ("Describe a need and compare", "요구를 적고 비교하기"),
}
