"""No request body is read beyond the limit; the refusal is a problem like every other."""

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import answer, problem


class BodyLimit:
    """Refuses by the length that is announced, and where none is, by the bytes as they come."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        messages = None if self._announces_too_much(request) else await self._read(receive)
        if messages is None:
            await answer(request, problem("body_too_large"))(scope, receive, send)
            return

        async def receive_again() -> Message:
            return messages.pop(0) if messages else await receive()

        await self._app(scope, receive_again, send)

    def _announces_too_much(self, request: Request) -> bool:
        announced = request.headers.get("content-length", "0")
        return not announced.isdecimal() or int(announced[:20]) > self._largest

    async def _read(self, receive: Receive) -> list[Message] | None:
        """The whole body, which every route holds in memory anyway; None as soon as it is too long."""
        messages, size, more = [], 0, True
        while more:
            message = await receive()
            messages.append(message)
            size, more = size + len(message.get("body", b"")), bool(message.get("more_body"))
            if size > self._largest:
                return None
        return messages
