"""The pure matching core: frozen dataclasses and numpy in, dataclasses out."""

ENGINE = "2.2.0"
