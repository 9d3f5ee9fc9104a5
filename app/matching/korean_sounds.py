"""Korean words by how they sound: what is written alike by ear, or by a slip of the shift key."""

import unicodedata
from collections.abc import Iterable

# Letters that are taken for each other: 쥬 and 주, 쓰 and 스, 백 and 벡.
_SOUNDS = {
    **{0x1101: 0x1100, 0x1104: 0x1103, 0x1108: 0x1107, 0x110A: 0x1109, 0x110D: 0x110C},
    **{0x116D: 0x1169, 0x1172: 0x116E, 0x1163: 0x1161, 0x1167: 0x1165},
    **{0x1162: 0x1166, 0x1164: 0x1166, 0x1168: 0x1166, 0x116B: 0x116C, 0x1170: 0x116C},
    **{0x11A9: 0x11A8, 0x11BB: 0x11BA},
}


def by_sound(words: Iterable[str]) -> dict[str, list[str]]:
    """Words by their sound, those that sound alike together and in order."""
    found: dict[str, list[str]] = {}
    for word in sorted(words):
        found.setdefault(sound_of(word), []).append(word)
    return found


def sound_of(word: str) -> str:
    """What a word and those that are taken for it share."""
    return unicodedata.normalize("NFD", word).translate(_SOUNDS)
