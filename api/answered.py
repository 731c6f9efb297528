"""What was asked in one request besides its body, and what is answered: at once, or piece by piece."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from fastapi import Response

from api.redaction import Reader, written
from api.representations.answers import Answer
from domain.texts import Language


@dataclass(frozen=True, slots=True)
class Asked:
    """The parts of the request that no route body holds."""

    request_id: UUID
    method: str
    path: str
    body: bytes
    source: str
    token: str | None
    version: int | None
    key: str | None
    purpose: str | None
    language: Language


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: its model, the version that its ETag carries, further headers."""

    content: Answer | None
    version: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Poured:
    """An answer that leaves piece by piece, each made when it is its turn."""

    pieces: Iterator[bytes]
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


def answered_as(
    answered: Answered, status: int, asked: Asked, reader: Reader, *, explain: bool = False
) -> Response:
    """The bytes are made once, inside the transaction: an answer that cannot be written undoes its effect."""
    body = b"" if answered.content is None else written(answered.content, reader, explain=explain)
    headers = {"Cache-Control": "no-store", "Content-Language": str(asked.language), **answered.headers}
    if answered.version is not None:
        headers["ETag"] = f'"{answered.version}"'
    media_type = None if answered.content is None else "application/json"
    return Response(body, 204 if answered.content is None else status, headers, media_type)
