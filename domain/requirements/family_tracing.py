"""What tracing relatives needs (Arts. 32, 30; rule 6): only the police match proves a relation."""

from collections.abc import Sequence
from typing import Final

from domain.agencies import Agency
from domain.facts import (
    CHOOSING_AGE,
    Facts,
    Record,
    Requirement,
    guardian_safe,
    guardian_unquestioned,
)
from domain.people import Known
from domain.stages import StageCode
from domain.texts import Text


def _matches(facts: Facts) -> list[Record]:
    return [
        one
        for one in facts.of("match_report")
        if one.body.get("matched") is True and one.agency is Agency.PSB
    ]


def _since_last_match(facts: Facts) -> Sequence[Record]:
    """A match makes a new beginning: what ended the search before it ends it no longer."""
    matches = _matches(facts)
    return facts.since(matches[-1]) if matches else facts.records


def _ends_tracing(record: Record) -> bool:
    if record.kind == "not_found_certificate":
        return record.body.get("months") == 12 and record.agency is Agency.PSB
    if record.kind == "reunion_assessment":
        return record.body.get("outcome") == "refused"
    return record.kind == "reunion"


def _relative_suspect(facts: Facts) -> bool:
    """What the police said last, in the notice asked for or in an assessment, the mark of any relative on file, or a conflict
    about the child's guardian. Unknown is no suspicion: who is not found yet cannot be looked into."""
    told = {
        facts.move.get("relatives_not_suspects"),
        facts.last("reunion_assessment", "relatives_not_suspects"),
    }
    return "no" in told or _marked(facts) or not guardian_unquestioned(facts)


def _marked(facts: Facts) -> bool:
    return facts.relative_suspect is Known.YES


def _confirmed(facts: Facts) -> bool:
    """An assessment says so, and no mark on file says otherwise: who was cleared is marked so by whoever may say it."""
    return facts.last("reunion_assessment", "relatives_not_suspects") == "yes" and not _marked(facts)


def _published(facts: Facts) -> bool:
    return facts.move.get("published") is not False


def _agrees(facts: Facts) -> bool:
    chooses = not facts.minor or (facts.probable_years or 0) >= CHOOSING_AGE
    return not chooses or facts.last("reunion_assessment", "person_agrees") == "yes"


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
        lambda f: any(_ends_tracing(record) for record in _since_last_match(f)),
        (32,),
        "民发〔2015〕159号",
    ),
    Requirement(
        StageCode.FAMILY_TRACING,
        "record:tracing_notice",
        "no_relative_suspect",
        Text("没有亲属涉嫌犯罪", "no relative is suspect"),
        lambda f: not _published(f) or not _relative_suspect(f),
        (32, 26),
    ),
    Requirement(
        StageCode.FAMILY_TRACING,
        "record:tracing_notice",
        "tracing_agreed",
        Text(
            "成年人本人或临时监护人同意寻亲",
            "the adult, or the child's temporary guardian, agreed to tracing",
        ),
        lambda f: not _published(f) or "family_tracing" in f.consents,
        (32,),
        "workflow 4, rule 6",
    ),
    Requirement(
        StageCode.FAMILY_TRACING,
        "record:reunion",
        "matched_by_the_police",
        Text("公安机关比对一致", "the police found a match; no paper of a claimant replaces it"),
        lambda f: bool(_matches(f)),
        (32, 24),
    ),
    Requirement(
        StageCode.FAMILY_TRACING,
        "record:reunion",
        "assessment_cleared",
        Text("团圆评估已通过", "the reunion assessment is cleared"),
        lambda f: f.last("reunion_assessment", "outcome") == "cleared",
        (32, 30),
    ),
    Requirement(
        StageCode.FAMILY_TRACING,
        "record:reunion",
        "relatives_not_suspects",
        Text("公安机关确认亲属不是嫌疑人", "the police confirmed that the relatives are not suspects"),
        _confirmed,
        (32, 26),
    ),
    Requirement(
        StageCode.FAMILY_TRACING,
        "record:reunion",
        "tracing_agreed",
        Text("成年人本人或监护人同意", "the adult, or the child's guardian, consented"),
        lambda f: "family_tracing" in f.consents,
        (32,),
        "workflow 4, rule 6",
    ),
    Requirement(
        StageCode.FAMILY_TRACING,
        "record:reunion",
        "child_heard",
        Text("已听取孩子本人意见", "the child was heard"),
        lambda f: not f.minor or f.last("reunion_assessment", "child_heard") is True,
        (32,),
    ),
    Requirement(
        StageCode.FAMILY_TRACING,
        "record:reunion",
        "person_agrees",
        Text("年满16周岁者本人愿意", "from 16 on the person chooses, and wants it"),
        _agrees,
        (32,),
        "workflow 4, rule 6",
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
