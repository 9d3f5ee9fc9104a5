"""The service starts with no unsafe setting, and says which one it is."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app import deps, safety
from app.db import create_engine
from app.errors import UnsafeError
from app.main import create_app
from app.settings import LogLevel, MailerKind, Settings
from tests.conftest import settings_for

STRONG = SecretStr("0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978")
POSTGRES = "postgresql://cdmo@db.example.org/cdmo"


@pytest.fixture
def sound(tmp_path: Path) -> Settings:
    """Settings that a service in production starts with."""
    file = tmp_path / "cdmo-match.db"
    file.touch(0o600)
    return Settings(
        database_url=SecretStr(f"sqlite:///{file}"),
        production=True,
        docs=False,
        rate_limits="anonymous=100/minute",
        public_url="https://match.example.org",
        phrase_secret=STRONG,
        trusted_proxies="192.0.2.1",
        cors_origins="https://a.example https://b.example:8443, http://localhost:5173",
        rate_store=SecretStr("rediss://:secret@redis.example.org"),
    )


def test_a_sound_service_starts(sound: Settings) -> None:
    assert safety.complaints(sound) == []
    create_app(sound)


def test_everybody_may_try_it_out() -> None:
    assert safety.complaints(Settings()) == []


UNSAFE: list[tuple[str, Any]] = [
    ("cors_origins", "*"),
    ("cors_origins", "https://a.example *"),
    ("cors_origins", "null"),
    ("cors_origins", "https://*.example"),
    ("cors_origins", "https://a.example/"),
    ("cors_origins", "https://user@a.example"),
    ("cors_origins", "http://a.example"),
    ("trusted_proxies", "*"),
    ("trusted_proxies", "192.0.2.1,*"),
    ("trusted_proxies", "0.0.0.0/0,::/0"),
    ("trusted_proxies", "127.0.0.1, 128.0.0.0/1"),
    ("trusted_proxies", "2000::/3"),
    ("pool_size", deps.CONNECTIONS - 1),
    ("phrase_secret", SecretStr("changeme")),
    ("phrase_secret", SecretStr("a" * 64)),
    ("public_url", "http://match.example.org"),
    ("public_url", "match.example.org"),
    ("max_body_bytes", safety.LARGEST_BODY + 1),
    ("mailer", MailerKind.LOG),
    ("mailer", MailerKind.SMTP),
    ("smtp_url", SecretStr("mail.example.org:25")),
    ("smtp_url", SecretStr("https://mail.example.org")),
    ("mail_from", "CDMO Match <match@example.org>\r\nBcc: all@example.org"),
    ("oidc_issuer", "https://id.example.org"),
    ("oidc_issuer", "http://id.example.org"),
]
UNSAFE_IN_PRODUCTION: list[tuple[str, Any]] = [
    ("public_url", ""),
    ("demo", True),
    ("public_url", "http://127.0.0.1:8000"),
    ("docs", True),
    ("rate_limits", "off"),
    ("rate_limits", "sign-in=off"),
    ("log_level", LogLevel.DEBUG),
    ("phrase_secret", SecretStr("")),
    ("database_url", SecretStr(POSTGRES)),
    ("database_url", SecretStr(f"{POSTGRES}?sslmode=prefer")),
    ("database_url", SecretStr("postgresql://postgres@127.0.0.1/cdmo")),
    ("rate_store", SecretStr("redis://:secret@redis.example.org")),
    ("rate_store", SecretStr("rediss://redis.example.org")),
]


def _refused(settings: Settings, name: str) -> None:
    with pytest.raises(UnsafeError) as caught:
        create_app(settings)
    assert [fault.where for fault in caught.value.faults] == [f"CDMO_{name.upper()}"]
    told = repr((caught.value.detail, caught.value.faults))
    for secret in ("changeme", "a" * 64, "secret@", POSTGRES):
        assert secret not in told


@pytest.mark.parametrize(("name", "value"), UNSAFE)
def test_nobody_may_start_with(sound: Settings, name: str, value: Any) -> None:
    _refused(sound.model_copy(update={name: value}), name)
    _refused(Settings().model_copy(update={name: value}), name)


@pytest.mark.parametrize(("name", "value"), UNSAFE_IN_PRODUCTION)
def test_production_does_not_start_with(sound: Settings, name: str, value: Any) -> None:
    _refused(sound.model_copy(update={name: value}), name)
    tried_out = Settings().model_copy(update={name: value})
    assert safety.complaints(tried_out) == []


def test_the_demo_is_for_one_machine_and_logs_mails() -> None:
    demo = {"demo": True, "mailer": MailerKind.LOG}
    assert safety.complaints(Settings().model_copy(update=demo)) == []
    here = demo | {"public_url": "http://127.0.0.1:8000"}
    assert safety.complaints(Settings().model_copy(update=here)) == []
    elsewhere = demo | {"public_url": "https://match.example.org"}
    _refused(Settings().model_copy(update=elsewhere), "demo")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_production_does_not_start_on_a_file_that_others_can_open(
    sound: Settings, mode: int
) -> None:
    Path(sound.database_url.get_secret_value().removeprefix("sqlite:///")).chmod(mode)
    _refused(sound, "database_url")


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    engine = create_engine(settings_for(f"sqlite:///{file}"))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE one (id INTEGER)")
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    engine.dispose()
    assert modes == {"new.db": 0o600, "new.db-shm": 0o600, "new.db-wal": 0o600}


def test_all_that_is_wrong_is_told_at_once(sound: Settings) -> None:
    changed = {"docs": True, "cors_origins": "*", "pool_size": 1}
    told = safety.complaints(sound.model_copy(update=changed))
    assert [fault.where for fault in told] == [
        "CDMO_CORS_ORIGINS",
        "CDMO_POOL_SIZE",
        "CDMO_DOCS",
    ]


def test_the_pool_holds_what_a_worker_asks_of_it() -> None:
    assert Settings().pool_size >= deps.CONNECTIONS
