"""The form in which a person states a need, and what is wrong with it."""

from dataclasses import dataclass, field

from pydantic import BaseModel, ValidationError

from app.models.match import MATCH_LIMIT, Lang, MatchData

SHOWN = 20  # matches on the page
Faults = dict[str, str]  # field of the form → key of the text that says what is wrong


class NeedForm(BaseModel):
    """The form's fields as they were sent; a box is ticked when its field isn't empty."""

    text: str = ""
    needed_from: str = ""
    country: str = ""
    country_only: str = ""
    include_ineligible: str = ""
    answered: str = ""  # the page shows an answer to this need
    switch: str = ""  # sent by the language switch

    @property
    def asks(self) -> bool:
        """Whether an answer is wanted: not where only the language of an empty desk changes."""
        return not self.switch or bool(self.answered)


@dataclass(frozen=True, slots=True)
class Reading:
    """A form read: the request that it makes, or its faults."""

    data: MatchData | None = None
    faults: Faults = field(default_factory=dict)


def read(form: NeedForm, lang: Lang) -> Reading:
    """The request of a form, or the faults beside its fields."""
    # Browsers send line ends as two characters and count them as one.
    text = form.text.replace("\r\n", "\n").strip()
    country = form.country.strip()
    faults: Faults = {}
    if not text:
        faults["text"] = "fault.text.missing"
    if form.country_only and not country:
        faults["country"] = "fault.country_only"
    role = "required" if form.country_only else "preferred"
    try:
        data = MatchData.model_validate(
            {
                "text": text,
                "wishes": {
                    "needed_from": form.needed_from.strip() or None,
                    "countries": {role: [country] if country else []},
                },
                "lang": lang,
                "include_ineligible": bool(form.include_ineligible),
                # Those that don't fit come last, so that fewer would often show none of them.
                "limit": MATCH_LIMIT if form.include_ineligible else SHOWN,
            }
        )
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_context=False, include_url=False):
            where, key = place(fault["loc"], fault["type"])
            faults.setdefault(where, key)
        return Reading(faults=faults)
    return Reading(faults=faults) if faults else Reading(data)


def place(location: tuple[int | str, ...], kind: str) -> tuple[str, str]:
    """The field that a fault of a request stands beside, and the key of what it says."""
    if location[:1] == ("text",):
        return "text", "fault.text.long" if kind == "string_too_long" else "fault.text"
    if location[:2] == ("wishes", "needed_from"):
        return "needed_from", "fault.needed_from"
    if location[:2] == ("wishes", "countries"):
        return "country", "fault.country"
    return "text", "fault.form"
