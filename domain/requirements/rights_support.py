"""What rights support needs (Arts. 35, 38)."""

from typing import Final

from domain.requirements.facts import Facts, Requirement
from domain.stages import StageCode
from domain.texts import Text


def _claims_closed(facts: Facts) -> bool:
    claims = {record.body.get("reference") for record in facts.of("claim")}
    return claims <= {record.body.get("reference") for record in facts.of("claim_closed")}


ROWS: Final = (
    Requirement(
        StageCode.RIGHTS_SUPPORT,
        "complete",
        "rights_explained",
        Text("已说明权利", "the rights were explained"),
        lambda f: bool(f.of("rights_information")),
        (35,),
    ),
    Requirement(
        StageCode.RIGHTS_SUPPORT,
        "complete",
        "claims_closed",
        Text("每项请求都已办结", "each claim is closed"),
        _claims_closed,
        (35, 38),
    ),
)
