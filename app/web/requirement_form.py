"""The form in which somebody keeps or edits a requirement, and what is wrong with it."""

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import uuid4

from pydantic import BaseModel, Field, ValidationError

from app.models.need import WishesData
from app.models.requirement import RequirementCreate, RequirementPublic, RequirementUpdate
from app.web import need_form
from app.web.need_form import Faults

T = TypeVar("T", bound=BaseModel)
_TITLE = 80  # characters of a text that make a title until somebody writes a better one


class RequirementForm(BaseModel):
    """The form's fields as they were sent."""

    title: str = ""
    text: str = ""
    needed_from: str = ""
    country: str = ""
    country_only: str = ""
    company_id: str | None = None  # None where the page that sent it didn't ask
    version: str = ""  # of the requirement as the form shows it
    attempt: str = Field(default_factory=lambda: uuid4().hex)  # sent twice, it is kept once


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A form read: what it asks for, or its faults."""

    data: T | None = None
    faults: Faults = field(default_factory=dict)


def title_of(text: str) -> str:
    """A first title for a requirement: how its text begins."""
    words = " ".join(text.split())
    return words if len(words) <= _TITLE else words[: _TITLE - 1].rpartition(" ")[0] + " …"


def filled(kept: RequirementPublic) -> RequirementForm:
    """The form as it shows a requirement that is kept."""
    countries = kept.wishes.countries
    return RequirementForm(
        title=kept.title,
        text=kept.text or "",
        needed_from=kept.wishes.needed_from or "",
        country=next(iter(countries.required + countries.preferred), ""),
        country_only="1" if countries.required else "",
        version=str(kept.version),
    )


def has_one_country(wishes: WishesData) -> bool:
    """Whether the form, which names one country, can show what is wished; more are kept."""
    return len(wishes.countries.required) + len(wishes.countries.preferred) <= 1


def shows_all(kept: RequirementPublic) -> bool:
    """Whether the form shows everything that a requirement says."""
    wishes = kept.wishes.model_dump(exclude_defaults=True, exclude={"needed_from"})
    countries = wishes.pop("countries", {})
    return not (kept.needs or wishes or "excluded" in countries) and has_one_country(kept.wishes)


def new(form: RequirementForm) -> Reading[RequirementCreate]:
    """The requirement that the form asks to keep."""
    faults = _missing(form, needs_text=True)
    given = _written(form, WishesData()) | {"company_id": form.company_id or None}
    return _read(RequirementCreate, given, faults)


def edit(form: RequirementForm, kept: RequirementPublic) -> Reading[RequirementUpdate]:
    """The change that the form asks for; what it doesn't show stays as it is."""
    faults = _missing(form, needs_text=not kept.needs)
    if form.country.strip() in kept.wishes.countries.excluded:
        faults["country"] = "fault.country_excluded"
    return _read(RequirementUpdate, _written(form, kept.wishes), faults)


def _written(form: RequirementForm, wishes: WishesData) -> dict[str, Any]:
    changed: dict[str, Any] = {"needed_from": form.needed_from.strip() or None}
    if has_one_country(wishes):
        role = "required" if form.country_only else "preferred"
        country = form.country.strip()
        named = {"required": [], "preferred": [], role: [country] if country else []}
        changed["countries"] = wishes.countries.model_dump() | named
    return {
        "title": form.title,
        # Browsers send line ends as two characters and count them as one.
        "text": form.text.replace("\r\n", "\n").strip(),
        "wishes": wishes.model_dump(mode="json") | changed,
    }


def _missing(form: RequirementForm, *, needs_text: bool) -> Faults:
    faults: Faults = {}
    if not form.title.strip():
        faults["title"] = "fault.title.missing"
    if needs_text and not form.text.strip():
        faults["text"] = "fault.text.missing"
    if form.country_only and not form.country.strip():
        faults["country"] = "fault.country_only"
    return faults


def _read(kind: type[T], given: dict[str, Any], faults: Faults) -> Reading[T]:
    try:
        data = kind.model_validate(given)
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_context=False, include_url=False):
            where, key = _place(fault["loc"], fault["type"])
            faults.setdefault(where, key)
        return Reading(faults=faults)
    return Reading(faults=faults) if faults else Reading(data)


def _place(location: tuple[int | str, ...], kind: str) -> tuple[str, str]:
    if location[:1] == ("title",):
        return "title", "fault.title"
    if location[:1] == ("company_id",):
        return "company_id", "fault.company"
    return need_form.place(location, kind)
