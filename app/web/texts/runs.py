"""What the pages of runs say."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "run.of": ("Run of {moment}", "{moment} 실행"),
    "run.kept": (
        "This shortlist is kept as it was answered, whatever changes later.",
        "이후 무엇이 바뀌어도 당시 답변 그대로 보관된 추천 목록입니다.",
    ),
    "run.older_text": (
        "The requirement has been edited since: this run answers an earlier version of it.",
        "이후 요구 사항이 수정되었습니다. 이 실행은 수정 전 내용에 대한 답변입니다.",
    ),
    "run.asked": ("What was asked", "요청한 내용"),
    "run.from": ("What it was computed from", "계산 근거"),
    "run.made": ("Made", "실행 시각"),
    "run.version": ("Version of the requirement", "요구 사항 버전"),
    "run.as_of": ("Judged as of", "판단 기준일"),
    "run.catalogue": ("Catalogue", "목록 판"),
    "run.vocabulary": ("Vocabulary", "용어 판"),
    "run.engine": ("Engine", "엔진"),
    "run.request_digest": ("SHA-256 of what was asked", "요청의 SHA-256"),
    "run.answer_digest": ("SHA-256 of the answer", "답변의 SHA-256"),
    "run.unreadable": (
        "An earlier engine answered in a form that this page can't lay out. "
        "GET /v1/runs/{id} still gives it as it was.",
        "이전 엔진의 답변 형식이라 이 화면에 표시할 수 없습니다. "
        "GET /v1/runs/{id}로는 원래대로 받을 수 있습니다.",
    ),
    "run.replay": ("Compute it again", "다시 계산"),
    "run.replay.lead": (
        "On the catalogue as it stands now, as of the same day. Nothing is kept.",
        "같은 기준일, 현재 목록으로 다시 계산합니다. 결과는 저장하지 않습니다.",
    ),
    "run.replayed": ("Computed again", "다시 계산한 결과"),
    "run.replayed.same": (
        "The same answer, to the byte.",
        "원래 답변과 완전히 같습니다.",
    ),
    "run.replayed.other": (
        "Another answer than the one that was kept, because {causes} changed. This is how it would "
        "come out now; it isn't kept. To keep it, and to see what moved, run the requirement and "
        "compare the two.",
        "{causes} 변경으로 저장된 답변과 다릅니다. 아래는 지금 계산한 결과이며 저장되지 않습니다. "
        "저장하고 달라진 점을 보려면 요구 사항을 실행한 뒤 비교하세요.",
    ),
    "run.replayed.cause.catalogue": ("the catalogue", "목록"),
    "run.replayed.cause.vocabulary": ("the vocabulary", "용어집"),
    "run.replayed.cause.engine": ("the engine", "엔진"),
    "run.replayed.cause.none": ("something that isn't recorded", "기록되지 않은 요인"),
    "run.back": ("Back to the kept run", "저장된 실행으로 돌아가기"),
    "run.compare": ("Compare with an earlier run", "이전 실행과 비교"),
    "run.compare.none": ("There is no earlier run.", "이전 실행이 없습니다."),
    "run.diff": ("What changed", "달라진 점"),
    "run.diff.between": (
        "From the run of {old} to the run of {new}",
        "{old} 실행에서 {new} 실행까지",
    ),
    "run.diff.asked": ("What was asked differs", "요청이 다릅니다"),
    "run.diff.field": ("Field", "항목"),
    "run.diff.before": ("Before", "이전"),
    "run.diff.after": ("After", "이후"),
    "run.diff.nothing": ("nothing", "없음"),
    "run.diff.true": ("yes", "예"),
    "run.diff.false": ("no", "아니요"),
    "run.field.text": ("What you need", "필요한 것"),
    "run.field.wishes.needed_from": ("Needed from", "필요 시점"),
    "run.field.wishes.countries.required": ("Only in", "필수 국가"),
    "run.field.wishes.countries.preferred": ("Preferably in", "선호 국가"),
    "run.field.wishes.countries.excluded": ("Not in", "제외 국가"),
    "run.field.wishes.include_inactive": ("Those that closed, too", "운영을 마친 기관 포함"),
    "run.field.wishes.markets": ("Markets", "허가 시장"),
    "run.field.wishes.ownership": ("Ownership", "소유 형태"),
    "run.field.wishes.languages": ("Languages", "언어"),
    "run.field.wishes.budget": ("Budget", "예산"),
    "run.field.lang": ("Language of the answer", "답변 언어"),
    "run.field.limit": ("How many are listed", "목록 길이"),
    "run.field.include_ineligible": ("Those that do not fit, too", "맞지 않는 기관 포함"),
    "run.field.preset": ("Weights", "가중치"),
    "run.field.need": ("Need {number}", "요구 {number}"),
    "run.diff.moves": ("Provider by provider", "기관별"),
}
