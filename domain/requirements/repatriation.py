"""What return and reception need (Art. 47; rule 8)."""

from typing import Final

from domain.requirements.facts import Requirement
from domain.stages import StageCode
from domain.texts import Text

ROWS: Final = (
    Requirement(
        StageCode.REPATRIATION,
        "complete",
        "received_or_alternative",
        Text(
            "接收方签收并由民政移交，或已有其他身份安排",
            "received by the named carer and handed over, or an alternative status",
        ),
        lambda f: bool(f.of("alternative_status")) or bool(f.of("reception") and f.of("handover")),
        (47,),
    ),
    Requirement(
        StageCode.REPATRIATION,
        "record:voluntary_return",
        "return_risk_cleared",
        Text("返回风险评估已通过", "the return risk is cleared"),
        lambda f: f.last("return_risk_assessment", "outcome") == "cleared",
        (47,),
    ),
)
