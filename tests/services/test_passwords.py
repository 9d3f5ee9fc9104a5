"""Passwords: which do, and that nobody's takes as long to compare as anybody's."""

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from app.services import passwords
from app.services.passwords import Weakness, WeakPasswordError

EMAIL = "bora.kim@hanbit.example"


def _weakness(password: str) -> Weakness | None:
    try:
        passwords.check(password, EMAIL)
    except WeakPasswordError as error:
        return error.weakness
    return None


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("", Weakness.SHORT),
        ("elevenchars", Weakness.SHORT),
        ("twelve chars", None),
        ("correct horse battery staple", None),
        ("x9$kQ2!vL7#m", None),
        ("비밀번호를길게쓰면좋다", Weakness.SHORT),
        ("비밀번호를길게쓰면더좋다", None),
        ("bora.kim@hanbit.example", Weakness.ADDRESS),
        ("I am BORA.KIM 2026", Weakness.ADDRESS),
        ("at hanbit.example", Weakness.ADDRESS),
        ("password1234", Weakness.COMMON),
        ("Password!2026", Weakness.COMMON),
        ("P@ssw0rd20262026", Weakness.COMMON),
        ("passwordpassword", Weakness.COMMON),
        ("ｐａｓｓｗｏｒｄ１２３４", Weakness.COMMON),
        ("qwertyuiopas", Weakness.COMMON),
        ("123456789012", Weakness.COMMON),
        ("abcdefghijkl", Weakness.COMMON),
        ("qwer1234qwer1234", Weakness.COMMON),
        ("aaaaaaaaaaaaaaaa", Weakness.COMMON),
        ("abababababab", Weakness.COMMON),
    ],
)
def test_what_is_easily_guessed_won_t_do(password: str, weakness: Weakness | None) -> None:
    assert _weakness(password) == weakness


def test_nobody_s_password_is_stored_as_everybody_s_is() -> None:
    assert Argon2Hasher().check_needs_rehash(passwords.NOBODYS) is False
    assert passwords.matches("x", None) == (False, None)


@pytest.mark.usefixtures("_quick_hashes")
def test_a_password_is_itself_however_it_was_typed() -> None:
    kept = passwords.stored("발효조 일곱 개 준비")
    assert passwords.matches("발효조 일곱 개 준비", kept) == (True, None)
    assert passwords.matches("발효조 여덟 개 준비", kept) == (False, None)
