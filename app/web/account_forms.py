"""The forms of signing in, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from app.models.match import Lang
from app.models.person import Credentials, NewPassword, PasswordResetAsk
from app.web.texts import say

T = TypeVar("T", bound=BaseModel)
Faults = Mapping[str, str]  # field of the form → key of the text that says what is wrong
_LONGEST_TOKEN = 100


class SignInForm(BaseModel):
    """Address, password, and the home where there are several."""

    email: str = ""
    password: str = ""
    home_id: str = ""
    next: str = ""  # the page that asked for the sign-in


class AddressForm(BaseModel):
    """An address alone."""

    email: str = ""


class PasswordForm(BaseModel):
    """A link's token, and a new password twice."""

    token: str = ""
    password: str = ""
    repeat: str = ""


class ChangeForm(BaseModel):
    """The present password, and a new one twice."""

    present: str = ""
    password: str = ""
    repeat: str = ""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A form read: what it asks for, or its faults."""

    data: T | None = None
    faults: Faults = field(default_factory=dict)


def credentials(form: SignInForm) -> Reading[Credentials]:
    """What to sign in with."""
    given = {"email": form.email, "password": form.password, "home_id": form.home_id or None}
    return _read(Credentials, given, form.password)


def address(form: AddressForm) -> Reading[PasswordResetAsk]:
    """Whose password is forgotten."""
    return _read(PasswordResetAsk, {"email": form.email}, "")


def new_password(form: PasswordForm) -> Reading[NewPassword]:
    """A new password, if it was written alike twice."""
    if form.password != form.repeat:
        return Reading(faults={"repeat": "fault.repeat"})
    token = form.token if 0 < len(form.token) <= _LONGEST_TOKEN else "-"  # good for nothing
    return _read(NewPassword, {"token": token, "password": form.password}, form.password)


def change_faults(form: ChangeForm) -> Faults:
    """What is wrong with the form of another password before any password is compared."""
    if not form.present:
        return {"present": "fault.password"}
    written = PasswordForm(token="-", password=form.password, repeat=form.repeat)
    return new_password(written).faults


def told(faults: Faults, lang: Lang) -> dict[str, str]:
    """Faults in words."""
    return {name: say(lang, key) for name, key in faults.items()}


def _read(kind: type[T], given: Mapping[str, str | None], password: str) -> Reading[T]:
    try:
        return Reading(kind.model_validate(given))
    except ValidationError as error:
        fields = {str(each["loc"][0]) for each in error.errors() if each["loc"]}
    faults = {}
    if "password" in fields:
        faults["password"] = "fault.password.long" if password else "fault.password"
    if "email" in fields or not faults:
        faults["email"] = "fault.email"
    return Reading(faults=faults)
