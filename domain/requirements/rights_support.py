"""What rights support needs (Arts. 35, 38)."""

from typing import Final

from domain.facts import Facts, Requirement
from domain.stages import StageCode
from domain.texts import Text


def _claims_closed(facts: Facts) -> bool:
    claims = {record.body.get("reference") for record in facts.of("claim")}
    return claims <= {record.body.get("reference") for record in facts.of("claim_closed")}


def _explained(facts: Facts) -> bool:
    """In a language of the person's, where one is known, and so that they could say it back."""
    told = [record for record in facts.of("rights_information") if record.body.get("understood") == "yes"]
    spoken = {_main(language) for language in facts.languages}
    return any(not spoken or _main(str(record.body.get("language"))) in spoken for record in told)


def _main(language: str) -> str:
    return language.partition("-")[0].lower()


ROWS: Final = (
    Requirement(
        StageCode.RIGHTS_SUPPORT,
        "complete",
        "rights_explained",
        Text(
            "已用本人的语言说明权利，本人已明白",
            "the rights were explained in the person's language, and understood",
        ),
        _explained,
        (35,),
    ),
    Requirement(
        StageCode.RIGHTS_SUPPORT,
        "complete",
        "claims_closed",
        Text("每项请求都已办结，或本人不再主张", "each claim is closed, or no longer wanted by the person"),
        _claims_closed,
        (35, 38),
    ),
)
