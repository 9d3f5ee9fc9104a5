"""What makes a configuration unsafe: the one place that decides whether the service may start.

Some settings are never safe, others do for trying the service out: with CDMO_PRODUCTION=true it
starts with neither. A complaint names the setting and what to do, and never repeats its value.
"""

import re
import stat
from collections.abc import Callable
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app import rates
from app.deps import CONNECTIONS
from app.errors import Fault, UnsafeError
from app.settings import LogLevel, MailerKind, Settings

SHORTEST_SECRET = 32  # characters
LARGEST_BODY = 20 * 1024 * 1024

_WIDEST = {4: 8, 6: 7}  # bits that addresses of 10.0.0.0/8 and fc00::/7 share
_SENDER = re.compile(r"[^\s<>,@\x00-\x1f]{1,64}@[^\s<>,@\x00-\x1f]{1,189}")
_HARMLESS_TLS = ("require", "verify-ca", "verify-full")
Rule = Callable[[Settings], str | None]


def require(settings: Settings) -> None:
    """UnsafeError unless the service may start with these settings."""
    found = complaints(settings)
    if found:
        raise UnsafeError("These settings aren't safe.", faults=found)


def complaints(settings: Settings) -> list[Fault]:
    """What is unsafe about these settings: each by its variable, with what to do."""
    rules = (*_ALWAYS, *_IN_PRODUCTION) if settings.production else _ALWAYS
    found = (rule(settings) for rule in rules)
    return [Fault(*complaint.split(": ", 1)) for complaint in found if complaint is not None]


def _origins(settings: Settings) -> str | None:
    listed = settings.cors_origins.replace(",", " ").split()
    if all(_is_origin(each) for each in listed):
        return None
    return (
        "CDMO_CORS_ORIGINS: list whole origins such as https://portal.example.org; never * or null."
    )


def _is_origin(given: str) -> bool:
    parts = urlsplit(given)
    return (
        parts.scheme in ("https", "http")
        and bool(parts.hostname)
        and "*" not in given
        and given == f"{parts.scheme}://{parts.netloc}"
        and "@" not in parts.netloc
        and (parts.scheme == "https" or _is_local(parts.hostname or ""))
    )


def _proxies(settings: Settings) -> str | None:
    if not any(map(_holds_strangers, settings.trusted_proxies.replace(",", " ").split())):
        return None
    return (
        "CDMO_TRUSTED_PROXIES: name the proxies; with * or a network of so many addresses a caller "
        "could claim any address."
    )


def _holds_strangers(proxy: str) -> bool:
    """Whether this stands for more addresses than any one network of one's own has."""
    if "*" in proxy:
        return True
    try:
        network = ip_network(proxy, strict=False)
    except ValueError:
        return False  # a name, such as that of a socket
    return network.prefixlen < _WIDEST[network.version]


def _pool(settings: Settings) -> str | None:
    if settings.pool_size >= CONNECTIONS:
        return None
    return (
        f"CDMO_POOL_SIZE: a worker can need {CONNECTIONS} connections at once; with fewer, "
        "requests wait for each other until they fail."
    )


def _phrase_secret(settings: Settings) -> str | None:
    secret = settings.phrase_secret.get_secret_value()
    if not secret or (len(secret) >= SHORTEST_SECRET and len(set(secret)) > 9):
        return None
    return f"CDMO_PHRASE_SECRET: use {SHORTEST_SECRET} random characters (`openssl rand -hex 32`)."


def _public_url(settings: Settings) -> str | None:
    if not settings.public_url:
        return None
    parts = urlsplit(settings.public_url)
    host = parts.hostname or ""
    if host and (parts.scheme == "https" or (parts.scheme == "http" and _is_local(host))):
        return None
    return "CDMO_PUBLIC_URL: use https://; keys and sign-ins would travel in the clear."


def _body(settings: Settings) -> str | None:
    if settings.max_body_bytes <= LARGEST_BODY:
        return None
    return f"CDMO_MAX_BODY_BYTES: at most {LARGEST_BODY}; bodies are held in memory."


def _demo(settings: Settings) -> str | None:
    host = urlsplit(settings.public_url).hostname or ""
    if not settings.demo or (not settings.production and (not host or _is_local(host))):
        return None
    return "CDMO_DEMO: only `cdmo-match demo` sets it; people would sign in without TLS."


def _mailer(settings: Settings) -> str | None:
    if settings.mailer is MailerKind.LOG and not settings.demo:
        return "CDMO_MAILER: log is for the demo; whoever reads the log could use the links."
    needed = (settings.smtp_url.get_secret_value(), settings.mail_from, settings.public_url)
    if settings.mailer is MailerKind.SMTP and not all(needed):
        return "CDMO_MAILER: smtp needs CDMO_SMTP_URL, CDMO_MAIL_FROM and CDMO_PUBLIC_URL."
    return None


def _mail_server(settings: Settings) -> str | None:
    parts = urlsplit(settings.smtp_url.get_secret_value())
    if not parts.geturl() or (parts.scheme in ("smtp", "smtps") and parts.hostname):
        return None
    return "CDMO_SMTP_URL: write it as smtp://user:password@host:587 or smtps://…:465."


def _sender(settings: Settings) -> str | None:
    if not settings.mail_from or _SENDER.fullmatch(settings.mail_from):
        return None
    return "CDMO_MAIL_FROM: write one address, such as match@example.org."


def _provider(settings: Settings) -> str | None:
    if not settings.oidc_issuer:
        return None
    parts = urlsplit(settings.oidc_issuer)
    host = parts.hostname or ""
    if not host or (parts.scheme != "https" and not (parts.scheme == "http" and _is_local(host))):
        return "CDMO_OIDC_ISSUER: use https://; the provider's word would travel in the clear."
    if not (settings.oidc_client_id and settings.public_url):
        return "CDMO_OIDC_ISSUER: it needs CDMO_OIDC_CLIENT_ID and CDMO_PUBLIC_URL as well."
    if find_spec("authlib") is None:
        return "CDMO_OIDC_ISSUER: install the extra oidc, which it needs."
    return None


def _no_public_url(settings: Settings) -> str | None:
    if settings.public_url.startswith("https://") or _public_url(settings) is not None:
        return None
    return "CDMO_PUBLIC_URL: say under which https:// address people reach the service."


def _docs(settings: Settings) -> str | None:
    if not settings.docs:
        return None
    return "CDMO_DOCS: turn off /docs and /openapi.json (CDMO_DOCS=false)."


def _rates_off(settings: Settings) -> str | None:
    policies = rates.parse(settings.rate_limits)
    if all(name in policies for name in rates.parse(rates.DEFAULT)):
        return None
    return "CDMO_RATE_LIMITS: every limit has to be on; off is for measuring."


def _debug(settings: Settings) -> str | None:
    if settings.log_level is not LogLevel.DEBUG:
        return None
    return "CDMO_LOG_LEVEL: debug tells too much; use info."


def _no_phrase_secret(settings: Settings) -> str | None:
    if settings.phrase_secret.get_secret_value():
        return None
    return (
        "CDMO_PHRASE_SECRET: set one, so that the secret doesn't lie beside what it hides "
        "(`openssl rand -hex 32`)."
    )


def _readable_file(settings: Settings) -> str | None:
    address = _address(settings)
    if address is None or address.get_backend_name() != "sqlite" or not address.database:
        return None
    file = Path(address.database)
    if not file.exists() or not file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return None
    return "CDMO_DATABASE_URL: others on this machine can open the file; run chmod 600 on it."


def _postgresql_in_the_clear(settings: Settings) -> str | None:
    address = _address(settings)
    if address is None or address.get_backend_name() != "postgresql":
        return None
    host = address.host or str(address.query.get("host", ""))
    if not host or host.startswith("/") or _is_local(host):
        return None
    if address.query.get("sslmode") in _HARMLESS_TLS:
        return None
    return "CDMO_DATABASE_URL: add ?sslmode=require (better verify-full); the server is elsewhere."


def _postgresql_superuser(settings: Settings) -> str | None:
    address = _address(settings)
    if address is None or address.get_backend_name() != "postgresql":
        return None
    if address.username != "postgres":
        return None
    return "CDMO_DATABASE_URL: serve with a role of its own, not as postgres."


def _open_store(settings: Settings) -> str | None:
    parts = urlsplit(settings.rate_store.get_secret_value())
    if not parts.hostname or _is_local(parts.hostname):
        return None
    if parts.password and parts.scheme == "rediss":
        return None
    return "CDMO_RATE_STORE: use rediss:// with a password; the server is elsewhere."


def _address(settings: Settings) -> URL | None:
    try:
        return make_url(settings.database_url.get_secret_value())
    except ArgumentError:
        return None  # told by whoever connects


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_ALWAYS: tuple[Rule, ...] = (
    _origins,
    _proxies,
    _pool,
    _phrase_secret,
    _public_url,
    _body,
    _demo,
    _mailer,
    _mail_server,
    _sender,
    _provider,
)
_IN_PRODUCTION: tuple[Rule, ...] = (
    _no_public_url,
    _docs,
    _rates_off,
    _debug,
    _no_phrase_secret,
    _readable_file,
    _postgresql_in_the_clear,
    _postgresql_superuser,
    _open_store,
)
