"""One line a request: template of the address, status, time. Never an address as called, a body, a name."""

import time
from typing import Final

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import on_defect
from domain.identifiers import new_id

log: Final = structlog.get_logger("homeward.requests")
NO_TEMPLATE: Final = "(no such address)"


class RequestLog:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        request_id = state.setdefault("request_id", new_id())
        started, status = time.perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", str(request_id).encode()),
                    *_SAFE,
                ]
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception as error:  # noqa: BLE001  # the server would log its message, and with it what somebody wrote
            problem = await on_defect(Request(scope), error)
            if not status:
                await problem(scope, receive, send_with_id)
        finally:
            route = scope.get("route")
            log.info(
                "request",
                method=scope["method"],
                route=getattr(route, "path", NO_TEMPLATE),
                status=status,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
                request_id=str(request_id),
            )


_SAFE: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
