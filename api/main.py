"""The application: the house put together, its routers, its problems, its API page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from anyio import to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from fastapi_offline import FastAPIOffline
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api.audit_page.serving import add_audit_page
from api.body_limit import BodyLimit
from api.calls import House
from api.openapi import describe
from api.problems import on_database, on_http, on_refusal, on_validation
from api.request_log import RequestLog
from api.routes import ROUTERS
from domain.refusals import Refusal
from services.database import check_safe, engine_for
from services.master_key_sources import source_of
from services.master_keys import MasterKeys
from services.rate_limits import Limit
from services.request_meter import RequestMeter
from services.settings import APPLICATION_ROLE, Settings
from services.tokens import TokenKeys

LARGEST_BODY: Final = 256 * 1024
# the framework's own tracing would carry addresses and messages to whatever collector is present
NO_TELEMETRY: Final[TelemetryConfig] = {"tracing": False, "logs": False}


def house_of(settings: Settings) -> House:
    """Connect and load the keys; UnsafeDatabase or KeyFileRefused when the house cannot be trusted."""
    assert settings.database_url is not None
    engine = engine_for(settings.database_url, settings.pool_size)
    check_safe(engine, APPLICATION_ROLE)
    return House(
        engine=engine,
        master_keys=MasterKeys.of(source_of(settings)),
        token_keys=TokenKeys.from_folder_or_file(
            settings.token_keys_file, issuer=settings.issuer, audience=settings.audience
        ),
        settings=settings,
        meter=RequestMeter(Limit("requests", settings.requests_a_minute, 60)),
    )


@asynccontextmanager
async def _as_many_threads_as_connections(app: FastAPI) -> AsyncIterator[None]:
    """A thread that would only wait for a connection is a request that could have waited outside."""
    house: House | None = app.state.house
    if house is not None:
        to_thread.current_default_thread_limiter().total_tokens = house.settings.pool_size
    yield


def application(house: House | None, *, api_page: bool = True) -> FastAPI:
    """The application over a house; without one it only describes itself."""
    shape = FastAPIOffline if api_page else FastAPI
    app: FastAPI = shape(
        title="Homeward",
        version="0.1.0",
        openapi_url="/openapi.json" if api_page else None,
        redoc_url=None,
        redirect_slashes=False,  # one address a thing; a redirect would repeat the query
        telemetry=NO_TELEMETRY,
        lifespan=_as_many_threads_as_connections,
    )
    app.state.house = house
    for router in ROUTERS:
        # an included router matches every address twice, route by route; the routes themselves are matched once
        app.router.routes.extend(router.routes)
    add_audit_page(app)
    app.add_exception_handler(Refusal, on_refusal)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(DBAPIError, on_database)
    app.add_exception_handler(PoolTimeout, on_database)
    # the framework's own limit answers in plain text
    app.add_middleware(BodyLimit, largest=LARGEST_BODY)
    app.add_middleware(RequestLog)
    describe(app)
    return app
