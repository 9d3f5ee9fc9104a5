"""Every knob of the service, read from CDMO_* variables, with defaults that need no file."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Seed(StrEnum):
    """What an empty database is filled with."""

    CATALOGUE = "catalogue"
    NONE = "none"


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
    ] = 12
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
    phrase_secret: Annotated[
        SecretStr,
        Field(
            description="Hides phrases that fewer than three companies share; where it is empty, "
            "the database keeps a secret of its own.",
        ),
    ] = SecretStr("")
    docs: Annotated[bool, Field(description="Whether /docs and /openapi.json are served.")] = True
    log_level: Annotated[LogLevel, Field(description="How much is logged.")] = LogLevel.INFO
    telemetry: Annotated[
        bool,
        Field(description="Whether metrics and traces are collected (needs the extra otel)."),
    ] = False
