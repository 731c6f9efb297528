"""Whether the process lives, and whether it can do its work."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Response

from api.access import Anyone
from api.calls import Answered, Call, Session
from api.openapi import ALWAYS, problems
from api.representations.answers import Answer
from domain.labels import PUBLIC
from services.database import now

router: Final = APIRouter(prefix="/health", tags=["Health"])


class Health(Answer):
    LABEL = PUBLIC
    status: Literal["ok"] = "ok"


@router.get("/live", response_model=Health, operation_id="read_liveness", responses=problems("defect"))
async def live(_call: Annotated[Call, Depends(Anyone())]) -> Health:
    """The process answers. Touches nothing, so that a busy database does not kill it."""
    return Health()


@router.get("/ready", response_model=Health, operation_id="read_readiness", responses=problems(*ALWAYS))
def ready(call: Annotated[Call, Depends(Anyone())]) -> Response:
    """The database answered a query."""
    return call.read_publicly(_ask_database)


def _ask_database(session: Session) -> Answered:
    now(session)
    return Answered(Health())
