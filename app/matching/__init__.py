"""The pure matching core: frozen dataclasses and numpy in, dataclasses out."""

ENGINE = "1.0.0"
