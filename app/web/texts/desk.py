"""What the page of the match says: the form, what was understood, the shortlist."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    # The form
    "desk.title": ("Find who can do it", "맡길 수 있는 기관 찾기"),
    "desk.lead": (
        "Describe what you need made, tested or run, in your own words. You get a ranked "
        "shortlist in which every point is accounted for.",
        "개발·생산·시험이 필요한 내용을 편하게 적어 주세요. 모든 점수에 근거가 있는 순위 목록을 "
        "드립니다.",
    ),
    "desk.text": ("What do you need?", "무엇이 필요하십니까?"),
    "desk.text.hint": (
        "Service, kind of medicine, stage, quality standard, scale: whatever you know. English or "
        "Korean.",
        "서비스, 의약품 종류, 개발 단계, 품질 기준, 규모 등 아는 만큼 적으세요. 한국어나 영어로 "
        "쓸 수 있습니다.",
    ),
    "desk.examples": ("Try an example:", "예시로 시작하기:"),
    "desk.example.mrna": ("mRNA vaccine", "mRNA 백신"),
    "desk.example.mrna.text": (
        "GMP mRNA drug substance and LNP formulation for a phase 1 vaccine, fill-finish in vials, "
        "Korea preferred",
        "임상 1상 백신용 GMP mRNA 원료의약품 생산과 LNP 제형화, 바이알 충전, 국내 선호",
    ),
    "desk.example.toxicology": ("Toxicology", "독성시험"),
    "desk.example.toxicology.text": (
        "GLP 13-week repeated dose toxicity study in rats and dogs for a monoclonal antibody",
        "항체 의약품의 GLP 13주 반복투여 독성시험 (랫드, 비글견)",
    ),
    "desk.example.cell": ("Cell therapy", "세포치료제"),
    "desk.example.cell.text": (
        "Lentiviral vector and CAR-T cell manufacturing under GMP for a phase 1/2a trial, needed "
        "from 2027",
        "임상 1/2a상용 렌티바이러스 벡터와 CAR-T 세포 GMP 생산, 2027년부터 필요",
    ),
    "desk.needed_from": ("Needed from", "필요 시점"),
    "desk.needed_from.hint": (
        "Optional: 2027, 2027-Q2, 2027-04 or 2027-04-15",
        "선택: 2027, 2027-Q2, 2027-04, 2027-04-15",
    ),
    "desk.country": ("Country", "국가"),
    "desk.country.any": ("Anywhere", "어디든"),
    "desk.country.hint": (
        "Optional: providers there rank higher",
        "선택: 해당 국가의 기관이 더 높은 순위에 놓입니다",
    ),
    "desk.country_only": ("Only in this country", "이 국가만"),
    "desk.ineligible": (
        "Also show those that do not fit, with the reason",
        "맞지 않는 기관도 이유와 함께 보기",
    ),
    "desk.submit": ("Find providers", "기관 찾기"),
    "desk.waiting": ("Comparing with every provider …", "모든 기관과 비교하는 중 …"),
    "desk.confidential": (
        "Your text is used for this answer only. It is not kept, logged or put into the address.",
        "입력한 내용은 이 답변에만 쓰이며, 저장되거나 로그·주소에 남지 않습니다.",
    ),
    # Faults, beside their field
    "fault.text.missing": (
        "Please say in a few words what you need.",
        "무엇이 필요한지 몇 마디로 적어 주세요.",
    ),
    "fault.text.long": (
        "Please keep it under 4,000 characters.",
        "4,000자 이내로 적어 주세요.",
    ),
    "fault.text": (
        "The text holds a character that can't be used. Please retype that part.",
        "사용할 수 없는 문자가 있습니다. 그 부분을 다시 입력해 주세요.",
    ),
    "fault.needed_from": (
        "Please write a year, quarter, month or day: 2027, 2027-Q2, 2027-04 or 2027-04-15.",
        "연도, 분기, 월 또는 날짜로 적어 주세요: 2027, 2027-Q2, 2027-04, 2027-04-15",
    ),
    "fault.country": ("Please choose a country from the list.", "목록에서 국가를 골라 주세요."),
    "fault.country_only": (
        "Please choose which country.",
        "어느 국가인지 골라 주세요.",
    ),
    "fault.country_excluded": (
        "This country is ruled out for this requirement.",
        "이 요구에서 제외한 국가입니다.",
    ),
    "fault.form": (
        "This can't be searched as it is. Please check the form.",
        "이대로는 찾을 수 없습니다. 입력한 내용을 확인해 주세요.",
    ),
    # What was understood
    "read.title": ("What we understood", "이렇게 이해했습니다"),
    "read.need": ("Need {number}", "요구 {number}"),
    "read.must": ("must", "필수"),
    "read.as": ("read as {concepts}", "이해: {concepts}"),
    "read.how.spelling": ("spelling corrected", "오타 보정"),
    "read.how.context": ("from the context", "문맥으로 판단"),
    "read.ambiguous": ("could mean {readings}", "여러 뜻: {readings}"),
    "read.words_only": (
        "not a known term: its words are compared",
        "알려진 용어가 아니어서 단어로 비교",
    ),
    "read.nothing": (
        "No known term was found, so only the words of your text were compared.",
        "알려진 용어를 찾지 못해 입력한 단어만으로 비교했습니다.",
    ),
    "read.wishes": ("For the whole", "전체 조건"),
    "read.needed_from": ("needed from", "필요 시점"),
    "read.countries_required": ("only in", "필수 국가"),
    "read.countries_preferred": ("preferably in", "선호 국가"),
    "read.countries_excluded": ("not in", "제외 국가"),
    "read.markets": ("markets", "허가 시장"),
    "read.ownership": ("ownership", "소유 형태"),
    "read.languages": ("languages", "언어"),
    "read.budget": ("budget", "예산"),
    "read.budget.note": (
        "noted, not weighed: records state no prices",
        "참고만 하며 순위에는 반영하지 않습니다. 기록에 가격이 없습니다",
    ),
    "read.not_understood": ("Not understood", "이해하지 못한 부분"),
    "read.outside": ("Outside what providers here do", "이 서비스의 범위를 벗어난 부분"),
    "read.questions": ("To sharpen the search, add:", "더 정확히 찾으려면:"),
    # The shortlist
    "list.title": ("Shortlist", "추천 목록"),
    "list.counts": (
        "{considered} providers considered: nothing rules out {eligible}, {conditional} depend on "
        "an answer from them, {ineligible} do not fit.",
        "{considered}개 기관 검토: 결격 사유 없음 {eligible}, 확인 필요 {conditional}, "
        "부적합 {ineligible}.",
    ),
    "list.shown": ("The first {shown} are shown.", "상위 {shown}개를 보여 드립니다."),
    "list.no_must": (
        "Nothing in your text was read as a must, so nobody is ruled out: the score decides.",
        "반드시 갖춰야 한다고 읽힌 조건이 없어 제외된 기관이 없으며, 점수 순입니다.",
    ),
    "list.shown_unfit": (
        "Of those that do not fit, {shown} are shown at the end.",
        "맞지 않는 기관 중 {shown}개는 끝에 보여 드립니다.",
    ),
    "list.empty": (
        "No provider fits. Tick the box above to see those that do not fit, with the reason, or "
        "describe the need in other words.",
        "맞는 기관이 없습니다. 위의 칸을 선택해 맞지 않는 기관과 그 이유를 보거나, 다른 말로 "
        "적어 보세요.",
    ),
    "list.ties": (
        "Equal scores are marked as ties and stand in alphabetical order.",
        "점수가 같으면 동점으로 표시하고 알파벳 순으로 놓습니다.",
    ),
    "list.tie": ("tie", "동점"),
    "list.tie.long": ("Same score as the one above", "위 기관과 점수가 같음"),
    "list.rank": ("Rank {rank}", "{rank}위"),
    "list.fits_from": ("Fits from {period}", "{period}부터 적합"),
    "list.ask": ("Ask them", "기관에 물어볼 것"),
    "list.why_not": ("Why it does not fit", "맞지 않는 이유"),
    "list.one_change": ("One change away:", "한 가지만 바뀌면 됩니다:"),
    "list.changes": ("All of this would have to change", "맞으려면 모두 바뀌어야 합니다"),
    "list.group": (
        "These {count} can't be told apart: with other weights their order changes.",
        "아래 {count}곳은 우열을 가릴 수 없습니다. 가중치를 달리하면 순서가 바뀝니다.",
    ),
    "list.groups": (
        "Providers between two lines can't be told apart. When each weight is drawn anew, between "
        "a half and the double of what it is, the first of them beats the others in fewer than "
        "nine of ten draws.",
        "두 줄 사이의 기관들은 우열을 가릴 수 없습니다. 가중치를 절반에서 두 배 사이로 바꾸어 보면 "
        "그중 첫 기관이 나머지를 앞서는 경우가 열 번 중 아홉 번에 못 미칩니다.",
    ),
    "list.ranks": ("Rank {low} to {high} with other weights", "가중치에 따라 {low}~{high}위"),
    "list.rank_firm": ("Rank {low} with other weights, too", "가중치를 바꾸어도 {low}위"),
    "list.in_first": (
        "Among the first {first} in {percent} of 100 draws of the weights",
        "가중치를 바꾼 100번 중 {percent}번 상위 {first}위 안에 듭니다",
    ),
    "list.ledger": ("Every point accounted for", "점수 내역 보기"),
    "list.left_out": (
        "Left out because they no longer work for others",
        "더 이상 외부 의뢰를 받지 않아 제외한 기관",
    ),
    "list.successor": ("now {successor}", "현재 {successor}"),
    "list.as_of": (
        "Seen as of {as_of}; catalogue {catalogue}, vocabulary {vocabulary}, engine {engine}.",
        "기준일 {as_of} · 목록 {catalogue} · 용어 {vocabulary} · 엔진 {engine}",
    ),
    # The interval bar and the ledger
    "bar.won": ("shown by the record", "기록으로 확인"),
    "bar.unknown": ("unknown: the record is silent", "미확인: 기록에 없음"),
    "bar.lost": ("lost: the record says otherwise", "감점: 기록과 다름"),
    "bar.score": ("score", "점수"),
    "bar.legend": ("How to read the bar", "막대 읽는 법"),
    "bar.label": (
        "Score {score} of 100: {won} shown by the record, {unknown} unknown, {lost} lost",
        "100점 중 {score}점: 기록으로 확인 {won}, 미확인 {unknown}, 감점 {lost}",
    ),
    "bar.between": ("{low} to {high}", "{low}~{high}"),
    "ledger.caption": ("Points of {name}", "{name} 점수 내역"),
    "ledger.criterion": ("Criterion", "기준"),
    "ledger.asked": ("Asked", "요청"),
    "ledger.offered": ("Offered", "제공"),
    "ledger.because": ("Because", "이유"),
    "ledger.possible": ("Possible", "배점"),
    "ledger.won": ("Won", "득점"),
    "ledger.unknown": ("Unknown", "미확인"),
    "ledger.lost": ("Lost", "감점"),
    "ledger.counts": ("Counts", "반영"),
    "ledger.total": ("Total", "합계"),
    "ledger.wishes": ("For the whole", "전체 조건"),
    "ledger.note": (
        "Won + unknown + lost = possible. An unknown point counts in part; the column Counts "
        "adds up to the score.",
        "득점 + 미확인 + 감점 = 배점입니다. 미확인 점수는 일부만 반영하며, 반영 열을 모두 더하면 "
        "점수가 됩니다.",
    ),
    "ledger.evidence": ("Source", "출처"),
    "ledger.seen_on": ("seen {day}", "{day} 확인"),
}
