"""What would make a provider fit, in sentences, English and Korean.

Keys are (who would have to change, criterion, reason).
"""

from collections.abc import Mapping

from app.matching.phrasing import fill

Key = tuple[str, str, str]


def say_change(lang: str, key: Key, **values: str) -> str:
    """The sentence for a change, in `lang` where it exists and in English otherwise."""
    return fill(_SENTENCES.get(lang, _ENGLISH)[key], **values)


def say_costliest(lang: str, criterion: str, *, asked: str, counts: tuple[int, int, int]) -> str:
    """The sentence for the condition that costs most: ruled out by it alone, and in all, of how
    many providers."""
    alone, total, considered = counts
    named, plain, together = _COSTLIEST.get(lang, _COSTLIEST["en"])
    condition = fill(named[criterion], asked=asked)
    numbers = {"alone": f"{alone:,}", "total": f"{total:,}", "considered": f"{considered:,}"}
    return fill(plain if alone else together, condition=condition, **numbers)


_ENGLISH: Mapping[Key, str] = {
    ("you", "service", "drop"): "It would fit if you had “{asked}” done elsewhere.",
    ("provider", "service", "show"): "It would fit if the provider confirmed that it offers "
    "“{asked}”.",
    ("provider", "service", "include"): "It would fit if the provider confirmed that its offer "
    "({offered}) includes “{asked}”.",
    ("you", "modality", "instead"): "It would fit a project on “{offered}”, not on “{asked}”.",
    ("you", "modality", "drop"): "It would fit a project on something other than “{asked}”.",
    ("provider", "modality", "show"): "It would fit if the provider confirmed that it works with "
    "“{asked}”.",
    ("provider", "modality", "include"): "It would fit if the provider confirmed that its work on "
    "{offered} includes “{asked}”.",
    ("you", "stage", "instead"): "It would fit a project at another stage: {offered}.",
    ("you", "stage", "part"): "It would fit if {offered} alone were enough.",
    ("provider", "stage", "show"): "It would fit if the provider confirmed that it takes on "
    "projects at this stage: {asked}.",
    ("you", "quality", "instead"): "It would fit if you could accept {offered} instead of {asked}.",
    ("you", "quality", "drop"): "It would fit if you could do without {asked}.",
    ("provider", "quality", "show"): "It would fit if the provider showed that this work runs "
    "under {asked}.",
    ("provider", "quality", "show_site"): "It would fit if the provider showed that this work runs "
    "under {asked} at this site ({site}).",
    ("you", "scale", "less"): "It would fit if {offered} were enough instead of {asked}.",
    ("you", "scale", "more"): "It would fit if you took {offered} or more instead of {asked}.",
    ("you", "scale", "limit"): "It would fit if handling down to {offered} were enough instead of "
    "{asked}.",
    ("provider", "scale", "show"): "It would fit if the provider showed that it can do {asked}.",
    ("you", "time", "wait"): "It would fit if you could wait until {offered}.",
    ("you", "time", "wait_end"): "It would fit if you could wait until the end of {offered}.",
    ("provider", "time", "planned"): "It would fit if the provider confirmed that it will run from "
    "{offered}.",
    ("provider", "time", "unconfirmed"): "It would fit if the provider confirmed that it has been "
    "running since {offered}.",
    ("provider", "time", "undated"): "It would fit if the provider confirmed that it will run by "
    "then.",
    ("provider", "time", "stopped"): "It would fit if the provider offered this again.",
    ("you", "place", "instead"): "It would fit if you accepted {offered} instead of {asked}.",
    ("provider", "place", "show"): "It would fit if the provider showed that it works in {asked}.",
    ("you", "place", "allow"): "It would fit if you didn't rule out {offered}.",
    ("provider", "place", "outside"): "It would fit if the provider showed that it works outside "
    "{asked}.",
}

_KOREAN: Mapping[Key, str] = {
    ("you", "service", "drop"): "‘{asked}’ 업무를 다른 곳에 맡기면 조건에 맞습니다.",
    (
        "provider",
        "service",
        "show",
    ): "기관이 ‘{asked}’{asked:을} 제공한다고 확인하면 조건에 맞습니다.",
    (
        "provider",
        "service",
        "include",
    ): "제공하는 서비스({offered})에 ‘{asked}’{asked:이} 포함된다고 기관이 "
    "확인하면 조건에 맞습니다.",
    (
        "you",
        "modality",
        "instead",
    ): "‘{asked}’{asked:이} 아니라 ‘{offered}’ 과제라면 조건에 맞습니다.",
    ("you", "modality", "drop"): "‘{asked}’{asked:이} 아닌 과제라면 조건에 맞습니다.",
    (
        "provider",
        "modality",
        "show",
    ): "기관이 ‘{asked}’{asked:을} 다룬다고 확인하면 조건에 맞습니다.",
    (
        "provider",
        "modality",
        "include",
    ): "해당 업무({offered})에 ‘{asked}’{asked:이} 포함된다고 기관이 확인하면 조건에 맞습니다.",
    ("you", "stage", "instead"): "다른 단계({offered})의 과제라면 조건에 맞습니다.",
    ("you", "stage", "part"): "{offered|으로} 충분하다면 조건에 맞습니다.",
    ("provider", "stage", "show"): "기관이 이 단계({asked})의 과제를 맡는다고 확인하면 조건에 "
    "맞습니다.",
    ("you", "quality", "instead"): "{asked} 대신 {offered|을} 받아들일 수 있다면 조건에 맞습니다.",
    ("you", "quality", "drop"): "{asked} 없이도 된다면 조건에 맞습니다.",
    ("provider", "quality", "show"): "이 업무가 {asked} 기준으로 운영된다고 기관이 증명하면 조건에 "
    "맞습니다.",
    (
        "provider",
        "quality",
        "show_site",
    ): "이 시설({site})에서 이 업무가 {asked} 기준으로 운영된다고 기관이 증명하면 조건에 맞습니다.",
    ("you", "scale", "less"): "{asked} 대신 {offered|으로} 충분하다면 조건에 맞습니다.",
    ("you", "scale", "more"): "{asked} 대신 {offered} 이상이라면 조건에 맞습니다.",
    ("you", "scale", "limit"): "{asked} 대신 {offered}까지의 취급으로 충분하다면 조건에 맞습니다.",
    ("provider", "scale", "show"): "기관이 {asked} 규모가 가능하다고 증명하면 조건에 맞습니다.",
    ("you", "time", "wait"): "{offered}까지 기다릴 수 있다면 조건에 맞습니다.",
    ("you", "time", "wait_end"): "{offered} 말까지 기다릴 수 있다면 조건에 맞습니다.",
    ("provider", "time", "planned"): "{offered}부터 운영된다고 기관이 확인하면 조건에 맞습니다.",
    ("provider", "time", "unconfirmed"): "{offered}부터 운영 중이라고 기관이 확인하면 조건에 "
    "맞습니다.",
    ("provider", "time", "undated"): "그때까지 운영된다고 기관이 확인하면 조건에 맞습니다.",
    ("provider", "time", "stopped"): "기관이 이 서비스를 다시 제공하면 조건에 맞습니다.",
    ("you", "place", "instead"): "{asked} 대신 {offered|을} 받아들일 수 있다면 조건에 맞습니다.",
    ("provider", "place", "show"): "기관이 {asked}에서 업무를 한다고 증명하면 조건에 맞습니다.",
    ("you", "place", "allow"): "{offered|을} 제외하지 않는다면 조건에 맞습니다.",
    (
        "provider",
        "place",
        "outside",
    ): "기관이 {asked} 밖에서 업무를 한다고 증명하면 조건에 맞습니다.",
}
_SENTENCES = {"en": _ENGLISH, "ko": _KOREAN}

# How a condition is named, then the sentence where others could fit without it, and where not.
_COSTLIEST: Mapping[str, tuple[Mapping[str, str], str, str]] = {
    "en": (
        {
            **dict.fromkeys(
                ("service", "modality", "stage", "quality", "scale"), "“{asked}” as a must"
            ),
            "time": "the need to run by {asked}",
            "place": "the need to be in {asked}",
            "outside": "the need to be outside {asked}",
        },
        "Without {condition}, up to {alone} more of {considered} providers could fit.",
        "No condition alone keeps anybody out; the one that most fail, {total} of {considered} "
        "providers, is {condition}.",
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
        "{condition}만 없다면 기관 {considered}곳 중 최대 {alone}곳이 더 맞을 수 있습니다.",
        "한 가지 조건만으로 제외되는 기관은 없습니다. 가장 많은 기관({considered}곳 중 "
        "{total}곳)이 맞지 않는 것은 {condition}입니다.",
    ),
}
