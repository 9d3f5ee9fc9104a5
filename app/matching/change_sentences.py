"""What would make a provider fit, in sentences, English and Korean.

Keys are (who would have to change, criterion, reason). Of several changes none is enough alone, and
each sentence says so, for people read one at a time.
"""

from collections.abc import Mapping, Sequence

from app.matching.phrasing import fill

Key = tuple[str, str, str]


def name_change(lang: str, key: Key, work: str = "", **values: str) -> str:
    """What a change is, without a frame, in `lang` where it exists and in English otherwise.
    `work` names what it is about where several things are asked for."""
    this, named = _WORK.get(lang, _WORK["en"])
    told = fill(named, work=work) if work else this
    return fill(_CHANGES.get(lang, _ENGLISH)[key], work=told, **values)


def say_changes(lang: str, named: Sequence[str]) -> list[str]:
    """The sentence for each of the changes that it takes together."""
    alone, first, others, more = _FRAMES.get(lang, _FRAMES["en"])
    if len(named) == 1:
        return [fill(alone, change=named[0])]
    opening = others if len(named) > 2 else first
    frames = [opening, *[more] * (len(named) - 1)]
    return [fill(frame, change=change) for frame, change in zip(frames, named, strict=True)]


def say_costliest(
    lang: str, criterion: str, *, asked: str, alone: int, total: int, among: int, considered: int
) -> str:
    """The sentence for the condition that costs most: how many fail it alone, and in all, among
    those that may do the work, of all considered."""
    named, everybody, some, plain, together = _COSTLIEST.get(lang, _COSTLIEST["en"])
    numbers = {"alone": alone, "total": total, "among": among, "considered": considered}
    told = {name: f"{number:,}" for name, number in numbers.items()}
    condition = fill(named[criterion], asked=asked)
    providers = fill(everybody if among == considered else some, **told)
    return fill(plain if alone else together, condition=condition, providers=providers, **told)


# What has to hold, for a frame to take up.
_ENGLISH: Mapping[Key, str] = {
    ("you", "service", "drop"): "you had “{asked}” done elsewhere",
    ("provider", "service", "show"): "the provider confirmed that it offers “{asked}”",
    ("provider", "service", "include"): "the provider confirmed that its offer ({offered}) "
    "includes “{asked}”",
    ("you", "modality", "instead"): "your project were on “{offered}”, not on “{asked}”",
    ("you", "modality", "drop"): "your project were on something other than “{asked}”",
    ("provider", "modality", "show"): "the provider confirmed that it works with “{asked}”",
    ("provider", "modality", "include"): "the provider confirmed that its work on {offered} "
    "includes “{asked}”",
    ("you", "stage", "instead"): "your project were at another stage: {offered}",
    ("you", "stage", "part"): "{offered} alone were enough",
    ("provider", "stage", "show"): "the provider confirmed that it takes on projects at this "
    "stage: {asked}",
    ("you", "quality", "instead"): "you could accept {offered} instead of {asked}",
    ("you", "quality", "drop"): "you could do without {asked}",
    ("provider", "quality", "show"): "the provider showed that {work} runs under {asked}",
    ("provider", "quality", "show_site"): "the provider showed that {work} runs under {asked} at "
    "this site ({site})",
    ("you", "scale", "less"): "{offered} were enough instead of {asked}",
    ("you", "scale", "more"): "you took {offered} or more instead of {asked}",
    ("you", "scale", "limit"): "handling down to {offered} were enough instead of {asked}",
    ("provider", "scale", "show"): "the provider showed that it can do {asked}",
    ("you", "time", "wait"): "you could wait until {offered}",
    ("you", "time", "wait_end"): "you could wait until the end of {offered}",
    ("provider", "time", "planned"): "the provider confirmed that {work} will run from {offered}",
    ("provider", "time", "unconfirmed"): "the provider confirmed that {work} has been running "
    "since {offered}",
    ("provider", "time", "undated"): "the provider confirmed that {work} will run by {needed}",
    ("provider", "time", "undated_now"): "the provider confirmed that {work} runs already",
    ("provider", "time", "stopped"): "the provider offered {work} again",
    ("you", "place", "instead"): "you accepted {offered} instead of {asked}",
    ("provider", "place", "show"): "the provider showed that it works in {asked}",
    ("you", "place", "allow"): "you didn't rule out {offered}",
    ("provider", "place", "outside"): "the provider showed that it works outside {asked}",
}

_KOREAN: Mapping[Key, str] = {
    ("you", "service", "drop"): "‘{asked}’ 업무를 다른 곳에 맡기면",
    (
        "provider",
        "service",
        "show",
    ): "기관이 ‘{asked}’{asked:을} 제공한다고 확인하면",
    (
        "provider",
        "service",
        "include",
    ): "제공하는 서비스({offered})에 ‘{asked}’{asked:이} 포함된다고 기관이 확인하면",
    (
        "you",
        "modality",
        "instead",
    ): "‘{asked}’{asked:이} 아니라 ‘{offered}’ 과제라면",
    ("you", "modality", "drop"): "‘{asked}’{asked:이} 아닌 과제라면",
    (
        "provider",
        "modality",
        "show",
    ): "기관이 ‘{asked}’{asked:을} 다룬다고 확인하면",
    (
        "provider",
        "modality",
        "include",
    ): "해당 업무({offered})에 ‘{asked}’{asked:이} 포함된다고 기관이 확인하면",
    ("you", "stage", "instead"): "다른 단계({offered})의 과제라면",
    ("you", "stage", "part"): "{offered|으로} 충분하다면",
    ("provider", "stage", "show"): "기관이 이 단계({asked})의 과제를 맡는다고 확인하면",
    ("you", "quality", "instead"): "{asked} 대신 {offered|을} 받아들일 수 있다면",
    ("you", "quality", "drop"): "{asked} 없이도 된다면",
    ("provider", "quality", "show"): "{work|이} {asked} 기준으로 운영된다고 기관이 증명하면",
    (
        "provider",
        "quality",
        "show_site",
    ): "이 시설({site})에서 {work|이} {asked} 기준으로 운영된다고 기관이 증명하면",
    ("you", "scale", "less"): "{asked} 대신 {offered|으로} 충분하다면",
    ("you", "scale", "more"): "{asked} 대신 {offered} 이상이라면",
    ("you", "scale", "limit"): "{asked} 대신 {offered}까지의 취급으로 충분하다면",
    ("provider", "scale", "show"): "기관이 {asked} 규모가 가능하다고 증명하면",
    ("you", "time", "wait"): "{offered}까지 기다릴 수 있다면",
    ("you", "time", "wait_end"): "{offered} 말까지 기다릴 수 있다면",
    ("provider", "time", "planned"): "{offered}부터 {work|이} 운영된다고 기관이 확인하면",
    ("provider", "time", "unconfirmed"): "{offered}부터 {work|이} 운영 중이라고 기관이 확인하면",
    ("provider", "time", "undated"): "{needed}까지 {work|이} 운영된다고 기관이 확인하면",
    ("provider", "time", "undated_now"): "{work|이} 이미 운영 중이라고 기관이 확인하면",
    ("provider", "time", "stopped"): "기관이 {work|을} 다시 제공하면",
    ("you", "place", "instead"): "{asked} 대신 {offered|을} 받아들일 수 있다면",
    ("provider", "place", "show"): "기관이 {asked}에서 업무를 한다고 증명하면",
    ("you", "place", "allow"): "{offered|을} 제외하지 않는다면",
    (
        "provider",
        "place",
        "outside",
    ): "기관이 {asked} 밖에서 업무를 한다고 증명하면",
}
_WORK = {"en": ("this work", "“{work}”"), "ko": ("이 업무", "‘{work}’")}
_CHANGES = {"en": _ENGLISH, "ko": _KOREAN}

# How a change is told that is enough alone, the first of two, the first of more, and any other.
_FRAMES: Mapping[str, tuple[str, str, str, str]] = {
    "en": (
        "It would fit if {change}.",
        "Together with the other change, it would fit if {change}.",
        "Together with the other changes, it would fit if {change}.",
        "Also, it would fit only if {change}.",
    ),
    "ko": (
        "{change} 조건에 맞습니다.",
        "다른 변경과 함께, {change} 조건에 맞습니다.",
        "다른 변경들과 함께, {change} 조건에 맞습니다.",
        "이에 더해, {change} 조건에 맞습니다.",
    ),
}

# How a condition is named, those among whom it is counted (all, or who may do the work), then the
# sentence where others could fit without it, and where not.
_COSTLIEST: Mapping[str, tuple[Mapping[str, str], str, str, str, str]] = {
    "en": (
        {
            **dict.fromkeys(
                ("service", "modality", "stage", "quality", "scale"), "“{asked}” as a must"
            ),
            "time": "the need to run by {asked}",
            "place": "the need to be in {asked}",
            "outside": "the need to be outside {asked}",
        },
        "all {considered} providers",
        "the {among} of {considered} providers that may do this work",
        "Among {providers}, up to {alone} more could fit without {condition}.",
        "Among {providers}, {total} fail {condition}, but each of them fails another condition "
        "too.",
    ),
    "ko": (
        {
            **dict.fromkeys(
                ("service", "modality", "stage", "quality", "scale"), "필수 조건 ‘{asked}’"
            ),
            "time": "시기 조건 ‘{asked}’",
            "place": "국가 조건 ‘{asked}’",
            "outside": "제외 국가 조건 ‘{asked}’",
        },
        "기관 {considered}곳 중",
        "기관 {considered}곳 중 이 업무를 할 수도 있는 {among}곳에서",
        "{condition}만 없다면 {providers} 최대 {alone}곳이 더 맞을 수 있습니다.",
        "{providers} {total}곳이 {condition}에 맞지 않지만, 모두 다른 조건에도 맞지 않습니다.",
    ),
}
