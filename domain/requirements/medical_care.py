"""What medical care needs (Art. 34)."""

from typing import Final

from domain.facts import Facts, Requirement
from domain.stages import StageCode
from domain.texts import Text


def _grading_settled(facts: Facts) -> bool:
    status = facts.last("disability_grading", "status")
    return status in (None, "certified", "dispute_decided", "not_wanted")


ROWS: Final = (
    Requirement(
        StageCode.MEDICAL_CARE,
        "complete",
        "discharged",
        Text("已出院或结束治疗", "discharged from care"),
        lambda f: bool(f.of("discharge")),
        (34,),
    ),
    Requirement(
        StageCode.MEDICAL_CARE,
        "complete",
        "grading_settled",
        Text(
            "残疾评定已有结果、争议已处理或本人不需要",
            "grading certified, its dispute decided, or not wanted",
        ),
        _grading_settled,
        (34,),
    ),
)
