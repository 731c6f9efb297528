"""Serving the page: from this package, to anybody, with nothing in it about anybody, and nothing taken from elsewhere."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FolderPath
from typing import Final

from fastapi import FastAPI, Request, Response

from api.audit_page.words import WORDS_FILE, words
from domain.refusals import NotFound

ADDRESS: Final = "/audit"
_FOLDER: Final = FolderPath(__file__).parent
_PAGE: Final = "page.html"
_MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        # no text becomes markup or a program, whatever the page is told
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    media_type: str
    tag: str


def _file(name: str, content: bytes) -> _File:
    return _File(content, _MEDIA_TYPES[FolderPath(name).suffix], f'"{hashlib.sha256(content).hexdigest()}"')


def _files() -> dict[str, _File]:
    """Read once: what is served is what was there at the start."""
    found = {path.name: path.read_bytes() for path in _FOLDER.iterdir() if path.suffix in _MEDIA_TYPES}
    return {name: _file(name, content) for name, content in {**found, WORDS_FILE: words()}.items()}


def add_audit_page(app: FastAPI) -> None:
    """Let the application serve the page; it is no operation of the API, and its description does not name it."""
    files = _files()

    async def page(request: Request) -> Response:
        return _served(request, files[_PAGE])

    async def part(request: Request, name: str) -> Response:
        if name not in files or name == _PAGE:
            raise NotFound
        return _served(request, files[name])

    app.add_api_route(ADDRESS, page, include_in_schema=False)
    app.add_api_route(ADDRESS + "/{name}", part, include_in_schema=False)


def _served(request: Request, file: _File) -> Response:
    headers = {**_HEADERS, "ETag": file.tag}
    if request.headers.get("if-none-match") == file.tag:
        return Response(status_code=304, headers=headers)
    return Response(file.content, headers=headers, media_type=file.media_type)
