"""Every knob of the service, read from CDMO_* variables, with defaults that need no file."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from app import rates


def _rates(text: str) -> str:
    rates.parse(text)
    return text


class Seed(StrEnum):
    """What an empty database is filled with."""

    CATALOGUE = "catalogue"
    NONE = "none"


class MailerKind(StrEnum):
    """How mails leave."""

    NONE = "none"
    LOG = "log"
    SMTP = "smtp"


class LogLevel(StrEnum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Settings(BaseSettings):
    """The service's settings; the README's table is tested against this class."""

    model_config = SettingsConfigDict(env_prefix="CDMO_", extra="ignore", frozen=True)

    database_url: Annotated[
        SecretStr,
        Field(
            description="Where the data lives: sqlite:///file.db or postgresql://user@host/name."
        ),
    ] = SecretStr("sqlite:///cdmo-match.db")
    migration_database_url: Annotated[
        SecretStr,
        Field(
            description="The same database by the role that owns the tables, for `migrate` alone; "
            "`serve` then runs with a lesser role."
        ),
    ] = SecretStr("")
    seed: Annotated[
        Seed,
        Field(description="What an empty catalogue is filled with: catalogue, or none."),
    ] = Seed.CATALOGUE
    pool_size: Annotated[
        int, Field(ge=1, le=100, description="Database connections that one worker holds.")
    ] = 24
    pool_timeout_s: Annotated[
        float, Field(gt=0, le=60, description="Seconds a request waits for a connection.")
    ] = 2.0
    statement_timeout_s: Annotated[
        float,
        Field(gt=0, le=600, description="Seconds PostgreSQL gives one statement of a request."),
    ] = 5.0
    busy_timeout_s: Annotated[
        float, Field(gt=0, le=600, description="Seconds SQLite waits for another writer.")
    ] = 10.0
    max_body_bytes: Annotated[
        int, Field(ge=1024, le=104_857_600, description="Largest request body accepted.")
    ] = 1_048_576
    body_timeout_s: Annotated[
        float,
        Field(gt=0, le=600, description="Seconds within which a request has to arrive whole."),
    ] = 15.0
    rate_limits: Annotated[
        str,
        AfterValidator(_rates),
        Field(
            description="How much a caller may ask, as name=count/unit; off for no limit at all."
        ),
    ] = rates.DEFAULT
    rate_store: Annotated[
        SecretStr,
        Field(
            description="Where all workers count together: redis://host (needs the extra redis); "
            "where it is empty, each counts by itself."
        ),
    ] = SecretStr("")
    at_once: Annotated[
        int, Field(ge=1, le=10_000, description="Requests of one caller that run at the same time.")
    ] = 16
    cors_origins: Annotated[
        str,
        Field(
            description="Sites whose pages may read answers, beside those that keys are bound to."
        ),
    ] = ""
    public_url: Annotated[
        str,
        Field(description="How people reach the service, such as https://match.example.org."),
    ] = ""
    demo: Annotated[
        bool,
        Field(
            description="Set by `demo`: people sign in without TLS, and mails may go into the log."
        ),
    ] = False
    mailer: Annotated[
        MailerKind,
        Field(description="How invitations and password links are mailed: none, log, or smtp."),
    ] = MailerKind.NONE
    smtp_url: Annotated[
        SecretStr,
        Field(description="The mail server: smtp://user:password@host:587 or smtps://…:465."),
    ] = SecretStr("")
    mail_from: Annotated[
        str, Field(description="The sender of mails, such as match@example.org.")
    ] = ""
    oidc_issuer: Annotated[
        str,
        Field(
            description="The OpenID Connect provider by which people may sign in, as https://… "
            "(needs the extra oidc)."
        ),
    ] = ""
    oidc_client_id: Annotated[str, Field(description="What the provider calls this service.")] = ""
    oidc_client_secret: Annotated[
        SecretStr, Field(description="The secret that the provider gave this service.")
    ] = SecretStr("")
    trusted_proxies: Annotated[
        str,
        Field(description="Addresses of proxies whose X-Forwarded-For and -Proto are believed."),
    ] = "127.0.0.1"
    production: Annotated[
        bool,
        Field(description="Whether to refuse to start with settings that are for trying out only."),
    ] = False
    phrase_secret: Annotated[
        SecretStr,
        Field(
            description="Hides phrases that fewer than three companies share; where it is empty, "
            "the database keeps a secret of its own.",
        ),
    ] = SecretStr("")
    requirement_idle_days: Annotated[
        int,
        Field(
            ge=0,
            le=36_500,
            description="Days after which a requirement that nobody edits, shares or runs is "
            "deleted; 0 for never.",
        ),
    ] = 730
    docs: Annotated[bool, Field(description="Whether /docs and /openapi.json are served.")] = True
    log_level: Annotated[LogLevel, Field(description="How much is logged.")] = LogLevel.INFO
    telemetry: Annotated[
        bool,
        Field(description="Whether metrics and traces are collected (needs the extra otel)."),
    ] = False
