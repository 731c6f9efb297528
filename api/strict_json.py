"""JSON as everybody reads it alike: UTF-8, no twice-named member, no NaN, not too deep, not too large a number."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute

DEEPEST: Final = 32
LONGEST_NUMBER: Final = 20


def parse(content: bytes) -> object:
    """The value, or json.JSONDecodeError, whatever is wrong with it."""
    try:
        value = json.loads(
            _decoded(content),
            object_pairs_hook=_members,
            parse_constant=_refuse,
            parse_int=_integer,
            parse_float=_float,
        )
        _check_depth(value)
    except (ValueError, RecursionError) as error:
        raise json.JSONDecodeError("not acceptable JSON", "", 0) from error
    return value


def _decoded(content: bytes) -> str:
    text = content.decode("utf-8", "strict")
    if text.startswith("\ufeff"):
        raise ValueError("byte order mark")
    return text


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is named twice")
    return members


def _refuse(_constant: str) -> object:
    raise ValueError("NaN and Infinity are no JSON")


def _integer(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError("number too long")
    return int(text)


def _float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")) or len(text) > LONGEST_NUMBER + 10:
        raise ValueError("number out of range")
    return value


def _check_depth(value: object) -> None:
    level, here = 0, [value]
    while here:
        level += 1
        if level > DEEPEST:
            raise ValueError("nested too deep")
        here = [inner for outer in here for inner in _inside(outer)]


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


class StrictRequest(Request):
    async def json(self) -> Any:
        if not hasattr(self, "_strict_json"):
            self._strict_json = parse(await self.body())
        return self._strict_json


class StrictRoute(APIRoute):
    """A route that reads JSON with `parse`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return handle_strictly
