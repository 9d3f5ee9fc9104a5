"""The sentences of explanations and questions, English and Korean, in one place.

Keys are (group, criterion, reason); a criterion of * serves every criterion of the group. Terms and
the provider's own words stand in quotation marks, so that a sentence reads well whatever they are.
"""

from collections.abc import Mapping
from functools import lru_cache

from app.matching.phrasing import fill, spoken, stages_in_words

__all__ = ["LANGUAGES", "say", "stages_in_words"]

Key = tuple[str, str, str]


@lru_cache(maxsize=8192)
def say(
    lang: str, group: str, criterion: str, reason: str, asked: str = "", offered: str = ""
) -> str:
    """The sentence for a reason, in `lang` where it exists and in English otherwise."""
    for language in (lang, "en"):
        table = _SENTENCES.get(language, {})
        for key in ((group, criterion, reason), (group, "*", reason)):
            if key in table:
                joint = "or" if group == "ask" else "and"
                said, shown = (spoken(language, criterion, t, joint) for t in (asked, offered))
                return fill(table[key], asked=said, offered=shown or "–")
    raise KeyError((group, criterion, reason))


_ENGLISH: Mapping[Key, str] = {
    ("concept", "*", "same"): "By our reading the record means exactly this: “{offered}”.",
    ("concept", "*", "narrower"): "“{offered}” is a kind of “{asked}”.",
    (
        "concept",
        "*",
        "broader",
    ): "“{offered}” is broader than “{asked}”: it may include it, but the record doesn't say so.",
    ("concept", "*", "related"): "“{offered}” is related to “{asked}”, but it is not the same.",
    ("concept", "*", "beside"): "The record names “{offered}”, which goes with “{asked}”, but not "
    "“{asked}” itself.",
    ("concept", "modality", "form_only"): "The offer names no kind of medicine, only “{offered}”.",
    ("concept", "*", "every"): "The provider says that it works with every kind of medicine.",
    ("concept", "*", "words"): "We could not read this phrase as a known term, so we compared only "
    "its words.",
    ("concept", "*", "by_words"): "The record names no known term for “{asked}”, but it shares "
    "some of its words.",
    ("concept", "*", "part"): "The record names “{offered}”, which is part of what you asked for.",
    ("concept", "*", "ruled_out"): "The record rules it out: “{asked}”.",
    ("concept", "service", "apart"): "It is the same kind of work, but for something else: the "
    "record names “{offered}” where you ask for “{asked}”.",
    ("concept", "service", "none"): "None of this provider's offers is “{asked}”.",
    ("concept", "service", "silent"): "The offer doesn't say plainly what work it is.",
    ("concept", "service", "weak"): "This is general knowledge: we have seen no page of the "
    "provider that says it.",
    ("concept", "modality", "none"): "The offer is for something other than “{asked}”.",
    ("concept", "modality", "silent"): "The offer doesn't name a kind of medicine.",
    ("concept", "platform", "none"): "The offer names another technology, not “{asked}”.",
    ("concept", "platform", "silent"): "The offer doesn't name a technology.",
    ("concept", "therapeutic_area", "none"): "The provider names other disease areas, not "
    "“{asked}”.",
    ("concept", "therapeutic_area", "silent"): "The record doesn't name disease areas.",
    ("concept", "therapeutic_area", "words"): "We could not read this phrase as a known disease "
    "area.",
    ("concept", "modality", "silent_form"): "The offer doesn't say in which form.",
    ("work", "regime", "met"): "This is the kind of work you asked for: {offered}.",
    ("work", "regime", "missed"): "This is another kind of work: {offered}.",
    ("work", "regime", "unknown"): "The record doesn't tell what kind of work this is.",
    ("work", "breadth", "met"): "The provider says that it takes on the whole of this work.",
    ("work", "breadth", "unknown"): "The record doesn't say whether the provider takes on the "
    "whole of this work.",
    ("stage", "*", "met"): "The offer covers the stage you asked for. It names {offered}.",
    ("stage", "*", "partly"): "The offer covers only a part of the stages you asked for. It names "
    "{offered}.",
    ("stage", "*", "missed"): "The offer is for other stages: {offered}.",
    ("stage", "*", "unknown"): "The offer doesn't name stages.",
    ("stage", "*", "unread"): "We could not read a stage of development in this wording.",
    ("quality", "*", "held"): "The provider states “{asked}” for this offer: “{offered}”.",
    ("quality", "*", "certified"): "The facility of this offer is certified for “{asked}”.",
    ("quality", "*", "site_not_stated"): "The provider has a certificate for “{asked}”, but the "
    "record doesn't say for which site.",
    ("quality", "*", "broader"): "The record names a wider standard than “{asked}”: “{offered}”.",
    ("quality", "*", "sought"): "The record speaks of “{asked}” as planned, designed for or "
    "similar, not as held: “{offered}”.",
    ("quality", "*", "expired"): "The certificate for “{asked}” will have run out by then, and the "
    "record names no newer one: “{offered}”.",
    ("quality", "*", "elsewhere"): "A facility of this provider is certified for “{asked}” "
    "(“{offered}”), but the record doesn't say that this work is done there.",
    ("quality", "*", "denied"): "The record says that the offer is not under “{asked}”: "
    "“{offered}”.",
    ("quality", "*", "other_regime"): "The offer runs under another regime than “{asked}”: "
    "“{offered}”.",
    ("quality", "*", "silent"): "The record doesn't say whether the offer is under “{asked}”.",
    ("quality", "*", "unread"): "We could not read this as a known standard.",
    ("quality", "*", "partly_unread"): "We could not read a part of this as a known standard.",
    ("scale", "*", "met"): "The stated scale covers it: “{offered}”.",
    ("scale", "*", "near"): "The stated scale is close to what you asked for: “{offered}”.",
    ("scale", "*", "part"): "The stated scale covers only the lower part of what you asked for: "
    "“{offered}”.",
    ("scale", "*", "larger"): "The stated scale is much larger than what you asked for: "
    "“{offered}”. Ask whether they take so small an amount.",
    ("scale", "*", "far_larger"): "The stated scale is far too large for what you asked for: "
    "“{offered}”.",
    ("scale", "*", "missed"): "The stated scale doesn't reach it: “{offered}”.",
    ("scale", "*", "unknown"): "The record doesn't state a scale.",
    ("scale", "*", "other_kind"): "The record states another kind of quantity: “{offered}”.",
    ("scale", "*", "open"): "The stated scale has no upper end, so it may or may not reach it: "
    "“{offered}”.",
    ("scale", "*", "unreadable"): "We could not read the stated scale as a quantity: “{offered}”.",
    ("scale", "*", "unread"): "We could not read a quantity with its unit in this wording.",
    ("time", "*", "running"): "By its record the offer runs by then.",
    ("time", "*", "running_now"): "By its record the offer runs today.",
    ("time", "*", "late_now"): "It doesn't run yet: it fits from {offered}.",
    ("time", "*", "planned"): "It is planned to run from {offered}, which is in time if the plan "
    "holds.",
    ("time", "*", "unconfirmed"): "It was planned to run from {offered}, but nobody has confirmed "
    "that it does.",
    ("time", "*", "undated"): "It is planned, but the record names no date.",
    ("time", "*", "tight"): "It starts in {offered}, which may be too late for the time you need "
    "it.",
    ("time", "*", "late"): "It will not run by then: it fits from {offered}.",
    ("time", "*", "stopped"): "The offer is paused, or its facility has closed.",
    ("wording", "*", "found"): "These words of your request stand in the provider's record: "
    "{offered}.",
    ("wording", "*", "one"): "This word of your request stands in the provider's record: "
    "{offered}.",
    ("wording", "*", "also_translated"): "English words for what you ask for that stand there too: "
    "{offered}.",
    ("wording", "*", "translated"): "English words for what you ask for that stand in the "
    "provider's record: {offered}.",
    ("wording", "*", "none"): "None of the telling words of your request stand in the provider's "
    "record.",
    ("place", "*", "met"): "The provider sits in {offered}.",
    ("place", "*", "partly"): "The provider sits elsewhere, but it has a facility in {offered}.",
    ("place", "*", "facility"): "The provider has a facility in {offered}, but the record doesn't "
    "say where it sits.",
    ("place", "*", "missed"): "The provider sits in {offered}.",
    ("place", "*", "unknown"): "The record doesn't say where the provider sits.",
    ("wish", "market", "met"): "It is licensed or certified by an authority of every market you "
    "asked for: {offered}.",
    ("wish", "market", "partly"): "It is licensed or certified by some of the authorities you "
    "asked for: {offered}.",
    ("wish", "market", "unknown"): "The record names no licence or certificate of these "
    "authorities.",
    ("wish", "language", "met"): "It works in {offered}.",
    ("wish", "language", "missed"): "The record names other languages: {offered}.",
    ("wish", "language", "unknown"): "The record names no languages.",
    ("wish", "ownership", "met"): "It is owned as you wish: {offered}.",
    ("wish", "ownership", "missed"): "It is owned otherwise: {offered}.",
    ("wish", "ownership", "unknown"): "The record doesn't say who owns the provider.",
    ("wish", "freshness", "met"): "The record was confirmed on {offered}.",
    ("wish", "freshness", "partly"): "The record was last confirmed on {offered}.",
    ("wish", "freshness", "missed"): "The record was last confirmed on {offered}, more than three "
    "years ago.",
    ("wish", "freshness", "unknown"): "Nobody has confirmed this record yet.",
    ("ask", "*", "ruled_out"): "Could you take on “{asked}” after all? Your record rules it out.",
    ("ask", "service", "missed"): "Could you do “{asked}” at all? Your record doesn't name it.",
    ("ask", "service", "partly"): "Does your offer (“{offered}”) include “{asked}”?",
    ("ask", "service", "unknown"): "Do you offer “{asked}”?",
    ("ask", "modality", "missed"): "Have you worked with “{asked}”? Your record names something "
    "else.",
    ("ask", "modality", "partly"): "Does your work with “{offered}” include “{asked}”?",
    ("ask", "modality", "unknown"): "Do you work with “{asked}”?",
    ("ask", "stage", "missed"): "Would you take on a project at this stage: {asked}?",
    ("ask", "stage", "partly"): "Do you cover all of this: {asked}?",
    ("ask", "stage", "unknown"): "Which stages of development do you serve? We need {asked}.",
    ("ask", "quality", "missed"): "Could this be done under {asked}?",
    ("ask", "quality", "partly"): "Do you hold {asked} for this work, and for which site and "
    "scope?",
    ("ask", "quality", "unknown"): "Is this offered under {asked} today, and at which site?",
    ("ask", "scale", "missed"): "Could you reach {asked}?",
    ("ask", "scale", "near"): "Can you do {asked}? It is close to what you state: {offered}.",
    ("ask", "scale", "part"): "Can you do all of this: {asked}? You state: {offered}.",
    ("ask", "scale", "larger"): "Would you take on as little as {asked}? What you state is much "
    "larger: {offered}.",
    ("ask", "scale", "far_larger"): "Would you take on as little as {asked}? What you state is "
    "far larger: {offered}.",
    ("ask", "scale", "unknown"): "What scale can you do? We need {asked}.",
    ("ask", "time", "unconfirmed"): "Did the plan come true: has this been running since "
    "{offered}, with a licence or a first GMP batch?",
    ("ask", "time", "planned"): "Is the plan to run from {offered} on track?",
    ("ask", "time", "undated"): "From when will this run, with a licence or a first GMP batch?",
    ("ask", "time", "tight"): "Will this run by {asked}? Your record says {offered}.",
    ("ask", "time", "late"): "Could this run by {asked}? Your record says {offered}.",
    ("ask", "time", "stopped"): "Will you offer this again?",
    ("ask", "place", "missed"): "Could the work be done in {asked}?",
    ("ask", "place", "unknown"): "Where would the work be done? We need {asked}.",
    ("ask", "place", "missed_outside"): "By the record you work in {offered}. Could the work be "
    "done somewhere else? We rule out {asked}.",
    ("ask", "place", "unknown_outside"): "Where would the work be done? We rule out {asked}.",
}

_KOREAN: Mapping[Key, str] = {
    ("concept", "*", "same"): "기록은 바로 이것을 뜻하는 것으로 읽힙니다: ‘{offered}’.",
    ("concept", "*", "narrower"): "‘{offered}’{offered:은} ‘{asked}’에 속합니다.",
    (
        "concept",
        "*",
        "broader",
    ): "‘{offered}’{offered:은} ‘{asked}’보다 넓은 개념입니다. 포함될 수도 "
    "있으나 기록에는 없습니다.",
    ("concept", "*", "related"): "‘{offered}’{offered:은} ‘{asked}’{asked:과} 관련이 있으나 같지는 "
    "않습니다.",
    ("concept", "*", "beside"): "기록에 ‘{offered}’{offered:은} 있으나, 그와 관련된 ‘{asked}’ "
    "자체는 없습니다.",
    ("concept", "modality", "form_only"): "의약품의 종류는 기록에 없고 ‘{offered}’만 있습니다.",
    ("concept", "*", "every"): "모든 종류의 의약품을 다룬다고 밝힌 기관입니다.",
    ("concept", "*", "words"): "이 표현을 알려진 용어로 읽지 못해 단어만 비교했습니다.",
    ("concept", "*", "by_words"): "‘{asked}’에 해당하는 용어는 기록에 없으나 일부 단어가 같습니다.",
    ("concept", "*", "part"): "기록에 ‘{offered}’{offered:이} 있으며, 이는 요청의 일부입니다.",
    ("concept", "*", "ruled_out"): "기록에서 ‘{asked}’{asked:은} 제외한다고 밝히고 있습니다.",
    (
        "concept",
        "service",
        "apart",
    ): "같은 종류의 업무이나 대상이 다릅니다. 요청은 ‘{asked}’인데 기록에는 "
    "‘{offered}’{offered:이} 적혀 있습니다.",
    ("concept", "service", "none"): "이 기관이 제공하는 서비스 중에 ‘{asked}’{asked:은} 없습니다.",
    ("concept", "service", "silent"): "이 항목이 어떤 업무인지 기록에 분명하지 않습니다.",
    ("concept", "service", "weak"): "일반적으로 알려진 내용이며, 기관의 자료로 확인되지 "
    "않았습니다.",
    ("concept", "modality", "none"): "‘{asked}’{asked:이} 아닌 다른 의약품에 대한 서비스입니다.",
    ("concept", "modality", "silent"): "어떤 의약품을 다루는지 기록에 없습니다.",
    ("concept", "platform", "none"): "‘{asked}’{asked:이} 아닌 다른 기술이 적혀 있습니다.",
    ("concept", "platform", "silent"): "어떤 기술을 쓰는지 기록에 없습니다.",
    ("concept", "therapeutic_area", "none"): "‘{asked}’{asked:이} 아닌 다른 질환 분야가 적혀 "
    "있습니다.",
    ("concept", "therapeutic_area", "silent"): "질환 분야가 기록에 없습니다.",
    ("concept", "therapeutic_area", "words"): "이 표현을 알려진 질환 분야로 읽지 못했습니다.",
    ("concept", "modality", "silent_form"): "어떤 제형인지 기록에 없습니다.",
    ("work", "regime", "met"): "요청하신 종류의 업무입니다: {offered}.",
    ("work", "regime", "missed"): "다른 종류의 업무입니다: {offered}.",
    ("work", "regime", "unknown"): "어떤 종류의 업무인지 기록에 없습니다.",
    ("work", "breadth", "met"): "이 업무 전체를 맡는다고 밝힌 기관입니다.",
    ("work", "breadth", "unknown"): "이 업무 전체를 맡는지 기록에 없습니다.",
    ("stage", "*", "met"): "요청한 단계를 다룹니다. 기록된 단계: {offered}.",
    ("stage", "*", "partly"): "요청한 단계 중 일부만 다룹니다. 기록된 단계: {offered}.",
    ("stage", "*", "missed"): "다른 단계를 다룹니다: {offered}.",
    ("stage", "*", "unknown"): "어느 단계를 다루는지 기록에 없습니다.",
    ("stage", "*", "unread"): "이 표현에서 개발 단계를 읽지 못했습니다.",
    ("quality", "*", "held"): "이 서비스가 ‘{asked}’{asked:을} 따른다고 밝히고 있습니다: "
    "‘{offered}’.",
    ("quality", "*", "certified"): "이 서비스를 하는 시설이 ‘{asked}’ 인증을 받았습니다.",
    ("quality", "*", "site_not_stated"): "‘{asked}’ 인증이 있으나 어느 시설인지 기록에 없습니다.",
    ("quality", "*", "broader"): "‘{asked}’보다 넓은 기준이 적혀 있습니다: ‘{offered}’.",
    ("quality", "*", "sought"): "‘{asked}’{asked:은} 설계나 계획 또는 유사한 수준으로만 적혀 있고, "
    "보유한 것으로 적혀 있지는 않습니다: ‘{offered}’.",
    ("quality", "*", "expired"): "‘{asked}’ 인증은 그때 이미 만료되며 더 새로운 인증이 기록에 "
    "없습니다: ‘{offered}’.",
    ("quality", "*", "elsewhere"): "이 기관의 한 시설이 ‘{asked}’ 인증을 받았으나(‘{offered}’) 이 "
    "업무가 그 시설에서 이루어지는지는 기록에 없습니다.",
    ("quality", "*", "denied"): "‘{asked}’{asked:을} 따르지 않는다고 적혀 있습니다: ‘{offered}’.",
    ("quality", "*", "other_regime"): "‘{asked}’{asked:이} 아닌 다른 기준으로 운영됩니다: "
    "‘{offered}’.",
    ("quality", "*", "silent"): "‘{asked}’{asked:을} 따르는지 기록에 없습니다.",
    ("quality", "*", "unread"): "알려진 기준으로 읽지 못했습니다.",
    ("quality", "*", "partly_unread"): "일부는 알려진 기준으로 읽지 못했습니다.",
    ("scale", "*", "met"): "기록된 규모로 가능합니다: ‘{offered}’.",
    ("scale", "*", "near"): "기록된 규모가 요청에 가깝습니다: ‘{offered}’.",
    ("scale", "*", "part"): "기록된 규모로는 요청한 범위의 아래쪽만 가능합니다: ‘{offered}’.",
    ("scale", "*", "larger"): "기록된 규모가 요청보다 훨씬 큽니다: ‘{offered}’. 이렇게 적은 양도 "
    "맡는지 문의해 보십시오.",
    ("scale", "*", "far_larger"): "기록된 규모가 요청에 비해 지나치게 큽니다: ‘{offered}’.",
    ("scale", "*", "missed"): "기록된 규모가 요청에 미치지 못합니다: ‘{offered}’.",
    ("scale", "*", "unknown"): "규모가 기록에 없습니다.",
    ("scale", "*", "other_kind"): "기록에는 다른 종류의 수량이 적혀 있습니다: ‘{offered}’.",
    ("scale", "*", "open"): "기록된 규모에 상한이 없어 요청에 미치는지 알 수 없습니다: "
    "‘{offered}’.",
    ("scale", "*", "unreadable"): "기록된 규모를 수량으로 읽지 못했습니다: ‘{offered}’.",
    ("scale", "*", "unread"): "이 표현에서 수량과 단위를 읽지 못했습니다.",
    ("time", "*", "running"): "기록에 따르면 그때 운영 중입니다.",
    ("time", "*", "running_now"): "기록에 따르면 지금 운영 중입니다.",
    ("time", "*", "late_now"): "아직 운영되지 않습니다. {offered}부터 맞습니다.",
    ("time", "*", "planned"): "{offered}부터 운영할 계획이며, 계획대로라면 시기에 맞습니다.",
    ("time", "*", "unconfirmed"): "{offered}부터 운영할 계획이었으나 실현되었는지 확인되지 "
    "않았습니다.",
    ("time", "*", "undated"): "계획 중이나 시기가 기록에 없습니다.",
    ("time", "*", "tight"): "{offered}에 시작하므로 필요한 시기보다 늦을 수 있습니다.",
    ("time", "*", "late"): "그때는 운영되지 않습니다. {offered}부터 맞습니다.",
    ("time", "*", "stopped"): "서비스가 중단되었거나 시설이 문을 닫았습니다.",
    ("wording", "*", "found"): "요청의 단어 중 기관의 기록에 있는 것: {offered}.",
    ("wording", "*", "one"): "요청의 단어 중 기관의 기록에 있는 것: {offered}.",
    ("wording", "*", "also_translated"): "요청에 해당하는 영어 용어 중 기록에 있는 단어: "
    "{offered}.",
    ("wording", "*", "translated"): "요청에 해당하는 영어 용어 중 기관의 기록에 있는 단어: "
    "{offered}.",
    ("wording", "*", "none"): "요청의 중요한 단어가 기관의 기록에 없습니다.",
    ("place", "*", "met"): "기관의 소재지는 {offered}입니다.",
    ("place", "*", "partly"): "소재지는 다르지만 {offered}에 시설이 있습니다.",
    ("place", "*", "facility"): "{offered}에 시설이 있으나 소재지는 기록에 없습니다.",
    ("place", "*", "missed"): "기관의 소재지는 {offered}입니다.",
    ("place", "*", "unknown"): "소재지가 기록에 없습니다.",
    ("wish", "market", "met"): "요청한 모든 시장의 규제기관에서 허가나 인증을 받았습니다: "
    "{offered}.",
    ("wish", "market", "partly"): "요청한 규제기관 중 일부에서 허가나 인증을 받았습니다: "
    "{offered}.",
    ("wish", "market", "unknown"): "이 규제기관들의 허가나 인증이 기록에 없습니다.",
    ("wish", "language", "met"): "사용 언어: {offered}.",
    ("wish", "language", "missed"): "다른 언어가 적혀 있습니다: {offered}.",
    ("wish", "language", "unknown"): "사용 언어가 기록에 없습니다.",
    ("wish", "ownership", "met"): "원하는 소유 형태입니다: {offered}.",
    ("wish", "ownership", "missed"): "소유 형태가 다릅니다: {offered}.",
    ("wish", "ownership", "unknown"): "소유 형태가 기록에 없습니다.",
    ("wish", "freshness", "met"): "{offered}에 확인된 기록입니다.",
    ("wish", "freshness", "partly"): "마지막 확인일은 {offered}입니다.",
    ("wish", "freshness", "missed"): "마지막 확인일이 {offered|으로} 3년이 넘었습니다.",
    ("wish", "freshness", "unknown"): "아직 아무도 확인하지 않은 기록입니다.",
    (
        "ask",
        "*",
        "ruled_out",
    ): "‘{asked}’{asked:을} 맡을 수 있습니까? 기록에는 제외한다고 되어 있습니다.",
    ("ask", "service", "missed"): "‘{asked}’{asked:이} 가능합니까? 기록에는 없습니다.",
    ("ask", "service", "partly"): "제공하는 서비스(‘{offered}’)에 ‘{asked}’{asked:이} 포함됩니까?",
    ("ask", "service", "unknown"): "‘{asked}’{asked:을} 제공합니까?",
    ("ask", "modality", "missed"): "‘{asked}’{asked:을} 다룬 경험이 있습니까? 기록에는 다른 것이 "
    "적혀 있습니다.",
    ("ask", "modality", "partly"): "다루는 의약품(‘{offered}’)에 ‘{asked}’{asked:이} 포함됩니까?",
    ("ask", "modality", "unknown"): "‘{asked}’{asked:을} 다룹니까?",
    ("ask", "stage", "missed"): "이 단계({asked})의 과제를 맡을 수 있습니까?",
    ("ask", "stage", "partly"): "이 단계({asked})를 모두 다룹니까?",
    ("ask", "stage", "unknown"): "어느 개발 단계를 다룹니까? 필요한 단계: {asked}.",
    ("ask", "quality", "missed"): "{asked} 기준으로 할 수 있습니까?",
    ("ask", "quality", "partly"): "이 업무에 대해 {asked} 인증을 보유하고 있습니까? 어느 시설과 "
    "범위에 대한 것입니까?",
    ("ask", "quality", "unknown"): "지금 {asked} 기준으로 제공합니까? 어느 시설에서 합니까?",
    ("ask", "scale", "missed"): "{asked} 규모가 가능합니까?",
    ("ask", "scale", "near"): "{asked} 규모가 가능합니까? 기록된 규모({offered})에 가깝습니다.",
    ("ask", "scale", "part"): "{asked} 전체가 가능합니까? 기록된 규모: {offered}.",
    ("ask", "scale", "larger"): "{asked} 정도의 적은 양도 맡습니까? 기록된 규모는 훨씬 큽니다: "
    "{offered}.",
    ("ask", "scale", "far_larger"): "{asked} 정도의 적은 양도 맡습니까? 기록된 규모는 지나치게 "
    "큽니다: {offered}.",
    ("ask", "scale", "unknown"): "어느 규모까지 가능합니까? 필요한 규모: {asked}.",
    (
        "ask",
        "time",
        "unconfirmed",
    ): "계획대로 되었습니까? {offered}부터 허가를 받았거나 첫 GMP 배치를 만들어 운영 중입니까?",
    ("ask", "time", "planned"): "{offered}부터 운영하는 계획은 예정대로입니까?",
    ("ask", "time", "undated"): "언제부터 운영합니까? 허가나 첫 GMP 배치를 기준으로 알려 주십시오.",
    ("ask", "time", "tight"): "{asked}까지 운영됩니까? 기록에는 {offered|으로} 되어 있습니다.",
    (
        "ask",
        "time",
        "late",
    ): "{asked}까지 운영할 수 있습니까? 기록에는 {offered|으로} 되어 있습니다.",
    ("ask", "time", "stopped"): "이 서비스를 다시 제공할 계획입니까?",
    ("ask", "place", "missed"): "{asked}에서 할 수 있습니까?",
    ("ask", "place", "unknown"): "어디에서 하게 됩니까? 필요한 곳: {asked}.",
    (
        "ask",
        "place",
        "missed_outside",
    ): "기록상 업무를 하는 곳은 {offered}입니다. 다른 나라에서도 할 수 "
    "있습니까? 제외하는 나라: {asked}.",
    ("ask", "place", "unknown_outside"): "어디에서 하게 됩니까? 제외하는 나라: {asked}.",
}

_SENTENCES: Mapping[str, Mapping[Key, str]] = {"en": _ENGLISH, "ko": _KOREAN}
LANGUAGES = tuple(_SENTENCES)
