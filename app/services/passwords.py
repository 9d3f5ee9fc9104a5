"""Passwords: which ones do, how they are stored, how they are compared."""

import unicodedata
from enum import StrEnum
from threading import BoundedSemaphore

from pwdlib import PasswordHash

from app.errors import Fault, InvalidError

SHORTEST = 12
_AT_ONCE = 2  # a comparison takes 64 MB and a fifth of a second of several processors
_FEWEST_DISTINCT = 5
_ROWS = tuple(
    row * 20
    for row in (
        "abcdefghijklmnopqrstuvwxyz",
        "zyxwvutsrqponmlkjihgfedcba",
        "1234567890",
        "0987654321",
        "0123456789",
        "9876543210",
        "qwertyuiop",
        "qwertyuiopasdfghjklzxcvbnm",
        "1q2w3e4r5t6y7u8i9o0p",
        "qwer1234",
        "asdf1234",
        "abcd1234",
    )
)
# What people make longer with digits and marks when a form asks for a longer password.
# fmt: off
_STEMS = frozenset((
    "admin", "administrator", "cdmo", "cdmomatch", "changeme", "dragon", "football", "iloveyou",
    "letmein", "login", "master", "monkey", "passw0rd", "password", "p@ssword", "p@ssw0rd",
    "princess", "qwerty", "qwertyuiop", "secret", "sunshine", "superman", "test", "testtest",
    "trustno", "user", "welcome",
))
# fmt: on
_HASHER = PasswordHash.recommended()
_TURNS = BoundedSemaphore(_AT_ONCE)
# Nobody's password, compared where there is none to compare, so that both take as long.
NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5cyBwYXNzd29yZA"
    "$MI3luV/NzJpF4900VUMOYmJAEm82XKx8dNN5N8PLXtc"
)


class Weakness(StrEnum):
    """Why a password won't do."""

    SHORT = "short"
    ADDRESS = "address"
    COMMON = "common"


_SENTENCES = {
    Weakness.SHORT: f"This is too short: at least {SHORTEST} characters are needed.",
    Weakness.ADDRESS: "Don't use your e-mail address in it.",
    Weakness.COMMON: "Anybody would guess this early on. A few unrelated words do well.",
}


class WeakPasswordError(InvalidError):
    """The password is easily guessed."""

    type, title = "weak-password", "This password won't do"

    def __init__(self, weakness: Weakness) -> None:
        faults = [Fault("body.password", _SENTENCES[weakness])]
        super().__init__("Choose another password.", faults=faults)
        self.weakness = weakness


def check(password: str, email: str) -> None:
    """WeakPasswordError for a password that is easily guessed."""
    weakness = _weakness(_normal(password), email)
    if weakness is not None:
        raise WeakPasswordError(weakness)


def _weakness(text: str, email: str) -> Weakness | None:
    plain = text.casefold()
    local, _, domain = email.partition("@")
    if len(text) < SHORTEST:
        return Weakness.SHORT
    if any(len(part) >= SHORTEST // 2 and part in plain for part in (local, domain)):
        return Weakness.ADDRESS
    is_row = any(plain in row for row in _ROWS)
    if len(set(plain)) < _FEWEST_DISTINCT or is_row or _is_common(plain):
        return Weakness.COMMON
    return None


def _is_common(plain: str) -> bool:
    stem = "".join(each for each in plain if each.isalpha() or each in "@0").strip("@0")
    half = stem[: len(stem) // 2]
    return stem in _STEMS or (half in _STEMS and stem == half * 2)


def stored(password: str) -> str:
    """What is stored in the place of a password."""
    with _TURNS:
        return _HASHER.hash(_normal(password))


def matches(password: str, kept: str | None) -> tuple[bool, str | None]:
    """Whether it is the password of which `kept` is stored, and what to store from now on if the
    way of storing has changed. Takes as long where nothing is stored."""
    with _TURNS:
        is_right, anew = _HASHER.verify_and_update(_normal(password), kept or NOBODYS)
    return is_right and kept is not None, anew if kept else None


def _normal(password: str) -> str:
    # What looks alike is alike, whichever keyboard it was typed on.
    return unicodedata.normalize("NFKC", password)
