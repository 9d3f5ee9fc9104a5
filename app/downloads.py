"""Answers that a browser saves as files."""

from fastapi import Response
from pydantic import BaseModel


def to_save(content: BaseModel, name: str) -> Response:
    """JSON to save under this name, which no cache keeps."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.json"',
        "Cache-Control": "no-store",
    }
    return Response(content.model_dump_json(), media_type="application/json", headers=headers)
