"""What tracing relatives needs (Arts. 32, 30; rule 6)."""

from typing import Final

from domain.requirements.facts import Facts, Requirement, guardian_safe, guardian_unquestioned
from domain.stages import StageCode
from domain.texts import Text


def _tracing_ended(facts: Facts) -> bool:
    refused = facts.any("reunion_assessment", "outcome", "refused")
    return bool(facts.of("reunion")) or refused or facts.any("not_found_certificate", "months", 12)


def _reunion_cleared(facts: Facts) -> bool:
    return facts.last("reunion_assessment", "outcome") == "cleared"


def _relatives_not_suspects(facts: Facts) -> bool:
    return facts.last("reunion_assessment", "relatives_not_suspects") == "yes"


def _child_heard(facts: Facts) -> bool:
    return not facts.minor or facts.last("reunion_assessment", "child_heard") is True


def _not_revoked(facts: Facts) -> bool:
    """After a court took guardianship away, only a court gives a child back."""
    orders = [order.body.get("decision") for order in facts.shared("court_order")]
    decided = [order for order in orders if order != "application_refused"]
    return not facts.minor or not decided or decided[-1] != "guardianship_revoked"


ROWS: Final = (
    Requirement(
        StageCode.FAMILY_TRACING,
        "complete",
        "tracing_ended",
        Text(
            "已团圆、评估后不宜团圆，或已出具12个月查找不到证明",
            "reunion, reunion refused after assessment, or the 12-month certificate",
        ),
        _tracing_ended,
        (32,),
    ),
    Requirement(
        StageCode.FAMILY_TRACING,
        "record:reunion",
        "assessment_cleared",
        Text("团圆评估已通过", "the reunion assessment is cleared"),
        _reunion_cleared,
        (32, 30),
    ),
    Requirement(
        StageCode.FAMILY_TRACING,
        "record:reunion",
        "relatives_not_suspects",
        Text("公安机关确认亲属不是嫌疑人", "the police confirmed that the relatives are not suspects"),
        _relatives_not_suspects,
        (32, 26),
    ),
    Requirement(
        StageCode.FAMILY_TRACING,
        "record:reunion",
        "child_heard",
        Text("已听取孩子本人意见", "the child was heard"),
        _child_heard,
        (32,),
    ),
    Requirement(
        StageCode.FAMILY_TRACING,
        "record:reunion",
        "guardianship_before_reunion",
        Text("监护安排安全", "guardianship is safe"),
        guardian_safe,
        (32, 40),
    ),
    Requirement(
        StageCode.FAMILY_TRACING,
        "record:reunion",
        "no_guardian_conflict",
        Text("没有未解除的监护冲突", "no guardian of the child is in question"),
        guardian_unquestioned,
        (40, 26),
    ),
    Requirement(
        StageCode.FAMILY_TRACING,
        "record:reunion",
        "not_revoked_by_a_court",
        Text(
            "法院撤销监护后未经法院恢复，不得团圆",
            "after a court revoked guardianship, a court has restored it",
        ),
        _not_revoked,
        (40,),
    ),
)
