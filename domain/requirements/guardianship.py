"""What guardianship needs (Art. 40; rule 3): nobody speaks for a child who was not looked at, and nobody who harmed it."""

from datetime import date, timedelta
from typing import Final

from domain.agencies import Agency
from domain.facts import SETTLED_GUARDIANS, Facts, Requirement
from domain.people import civil_day
from domain.stages import StageCode
from domain.texts import Text

ANNOUNCED_FOR: Final = timedelta(days=60)
CONSENTS_TO_ADOPTION: Final = 8
FAMILY_CARE: Final = frozenset({"safe", "kin_care"})
SUITABLE: Final = frozenset({"suitable", "suitable_with_help"})


def _guardianship_settled(facts: Facts) -> bool:
    ordered = facts.any("court_order", "decision", "guardian_appointed", "guardianship_restored")
    return not facts.minor or ordered or facts.guardian in SETTLED_GUARDIANS


def _no_conflict_or_decided(facts: Facts) -> bool:
    """A court's decision settles who is guardian; the one in question stays in question."""
    return not facts.minor or not facts.guardian_conflict or facts.guardian in SETTLED_GUARDIANS


def _adopted(facts: Facts) -> bool:
    return facts.move.get("status") == "adoption"


def _not_found_for_a_year(facts: Facts) -> bool:
    return any(
        one.body.get("months") == 12 and one.agency is Agency.PSB
        for one in facts.shared("not_found_certificate")
    )


def _announced_long_enough(facts: Facts) -> bool:
    announced = facts.move.get("announced_on")
    return isinstance(announced, str) and civil_day(facts.at) >= date.fromisoformat(announced) + ANNOUNCED_FOR


def _child_consents(facts: Facts) -> bool:
    too_young = facts.probable_years is not None and facts.probable_years < CONSENTS_TO_ADOPTION
    return too_young or facts.move.get("child_consents") is True


def _assessed(facts: Facts, name: str) -> object:
    """What the last assessment of this very relative says."""
    about = [
        one for one in facts.of("family_assessment") if one.body.get("relation") == facts.move.get("relation")
    ]
    return about[-1].body.get(name) if about else None


def _takes_the_child(facts: Facts) -> bool:
    return facts.move.get("status") in FAMILY_CARE


def _harmed_the_child(facts: Facts) -> bool:
    """Guardianship is never given back after an intentional crime against the ward, under whatever name it is asked for."""
    harmers = {
        one.body.get("relation")
        for one in facts.of("court_order")
        if one.body.get("harmed_the_ward") == "yes"
    }
    if facts.move.get("status") == "restored" or facts.move.get("decision") == "guardianship_restored":
        return bool(harmers) or facts.move.get("harmed_the_ward") == "yes"
    return _takes_the_child(facts) and facts.move.get("relation") in harmers


_NEVER_AGAIN: Final = Text(
    "对被监护人实施故意犯罪的，不得恢复监护", "never after an intentional crime against the child"
)

ROWS: Final = (
    Requirement(
        StageCode.GUARDIANSHIP,
        "complete",
        "no_guardian_conflict",
        Text(
            "监护冲突已解除，或法院已裁判并已另行确定监护",
            "no guardian is in question, or a court has decided and somebody else was named",
        ),
        _no_conflict_or_decided,
        (40, 26),
    ),
    Requirement(
        StageCode.GUARDIANSHIP,
        "complete",
        "guardianship_settled",
        Text(
            "有安全的监护人、法院裁定、收养，或已成年",
            "a safe guardian, a court order, adoption, or majority",
        ),
        _guardianship_settled,
        (40,),
    ),
    Requirement(
        StageCode.GUARDIANSHIP,
        "rule_out",
        "age_decided_adult",
        Text("年龄认定为成年", "the age was decided to be adult"),
        lambda f: not f.minor,
        (40,),
    ),
    Requirement(
        StageCode.GUARDIANSHIP,
        "record:guardian_status",
        "family_assessed",
        Text("该亲属经评估适合照料孩子", "this relative was assessed and is suitable"),
        lambda f: not _takes_the_child(f) or _assessed(f, "outcome") in SUITABLE,
        (40,),
        "未成年人保护法 92-96",
    ),
    Requirement(
        StageCode.GUARDIANSHIP,
        "record:guardian_status",
        "guardian_not_a_suspect",
        Text("该亲属没有被公安机关列为嫌疑人", "the police do not suspect this relative"),
        lambda f: not _takes_the_child(f) or _assessed(f, "not_a_suspect") != "no",
        (40, 26),
    ),
    Requirement(
        StageCode.GUARDIANSHIP,
        "record:guardian_status",
        "never_after_harm",
        _NEVER_AGAIN,
        lambda f: not _harmed_the_child(f),
        (40, 26),
        "民法典 38",
    ),
    Requirement(
        StageCode.GUARDIANSHIP,
        "record:court_order",
        "never_after_harm",
        _NEVER_AGAIN,
        lambda f: not _harmed_the_child(f),
        (40, 26),
        "民法典 38",
    ),
    Requirement(
        StageCode.GUARDIANSHIP,
        "record:guardian_status",
        "restored_by_a_court",
        Text("恢复监护须由法院裁定", "only a court restores guardianship"),
        lambda f: (
            f.move.get("status") != "restored" or f.any("court_order", "decision", "guardianship_restored")
        ),
        (40,),
        "民法典 38",
    ),
    Requirement(
        StageCode.GUARDIANSHIP,
        "record:guardian_status",
        "not_found_for_a_year",
        Text(
            "收养：公安机关已出具12个月查找不到证明",
            "an adoption: the police certified 12 months without a trace",
        ),
        lambda f: not _adopted(f) or _not_found_for_a_year(f),
        (40, 32),
        "民发〔2015〕159号",
    ),
    Requirement(
        StageCode.GUARDIANSHIP,
        "record:guardian_status",
        "announced_for_60_days",
        Text("收养：公告已满60日", "an adoption: announced 60 days ago or more"),
        lambda f: not _adopted(f) or _announced_long_enough(f),
        (40,),
        "中国公民收养子女登记办法 (2023) 8",
    ),
    Requirement(
        StageCode.GUARDIANSHIP,
        "record:guardian_status",
        "child_consents_to_adoption",
        Text("收养8周岁以上的孩子须经本人同意", "an adoption: a child of 8 or more consents"),
        lambda f: not _adopted(f) or _child_consents(f),
        (40,),
        "民法典 1104-1105",
    ),
)
