"""Secrets that are shown once: how they are made, told apart and stored."""

import hashlib
import hmac
import re
import secrets
import zlib

from app.models.key import Role

_KEY = re.compile(r"cdmo_(?P<role>[a-z]+)_(?P<random>[A-Za-z0-9]{44})_(?P<checksum>[0-9a-f]{8})")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH = 44  # 44 characters of 62 are 262 random bits


def new_key(role: Role) -> str:
    """A new key: `cdmo_<role>_<random>_<checksum>`, the checksum being the CRC32 before it."""
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    head = f"cdmo_{role.value}_{random}"
    return f"{head}_{_checksum(head)}"


def is_key(text: str) -> bool:
    """Whether a text has a key's form and checksum: a slip of the keyboard needs no database."""
    found = _KEY.fullmatch(text)
    return found is not None and hmac.compare_digest(
        _checksum(text.rpartition("_")[0]), found["checksum"]
    )


def new_token() -> str:
    """A new secret of 256 random bits, for a cookie or a link."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether a text has the form of such a secret."""
    return _TOKEN.fullmatch(text) is not None


def digest(secret: str) -> str:
    """The SHA-256 that is stored in the place of a secret. Secrets are random, so it needs no salt
    and can't be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def proof(secret: str) -> bytes:
    """What only the bearer of a secret can make: to seal with, and never stored."""
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"proof").digest()


def _checksum(head: str) -> str:
    return f"{zlib.crc32(head.encode()):08x}"
