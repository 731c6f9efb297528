"""The facts that problems carry, by code: what a client reads beside title and detail."""

from collections.abc import Mapping
from typing import Final

from api.examples.shared import Example
from domain.actors import Role
from domain.mandates import MANDATES
from domain.purposes import PurposeOfUse
from domain.refusals import Possible
from domain.signing_in import SetUpStep
from domain.stages import RECORD_KINDS, StageCode
from domain.workflow import By

_CODE: Final = StageCode.SCHOOLING
_MANDATE: Final = MANDATES[_CODE]


def _possible(action: str, by: By) -> Example:
    one = Possible(action, (by,), _MANDATE.leads, _MANDATE.articles)
    return {
        "action": one.action,
        "by": list(one.by),
        "agencies": list(one.agencies),
        "articles": list(one.articles),
    }


FACTS: Final[Mapping[str, Example]] = {
    "client_refused": {"error": "invalid_client"},
    "scope_refused": {"error": "invalid_scope"},
    "set_up_first": {"steps": [str(step) for step in SetUpStep]},
    "role_not_allowed": {"roles": [str(Role.CASEWORKER), str(Role.SUPERVISOR)]},
    "purpose_not_granted": {"granted": [str(PurposeOfUse.CASE_WORK), str(PurposeOfUse.SCHOOL_ENROLMENT)]},
    "stage_not_yours": {
        "action": "begin",
        "lead": str(_MANDATE.accountable),
        "articles": list(_MANDATE.articles),
        "possible": [_possible("begin", By.RESPONSIBLE)],
    },
    "record_not_yours": {
        "record_kinds": list(RECORD_KINDS[_CODE][:1]),
        "articles": list(_MANDATE.articles),
    },
    "move_not_possible": {
        "action": "begin",
        "state": "routed",
        "possible": [_possible("accept", By.RESPONSIBLE)],
    },
    "case_closed": {"possible": [{"action": "reopen", "by": ["owner", "supervisor", "person"], "agencies": [], "articles": []}]},
    "already_exists": {"field": "username"},
    "version_stale": {"current": 4},
    "requirements_unmet": {
        "action": "begin",
        "unmet": [
            {
                "code": "consent_given",
                "text": "the person, or who may speak for them, agreed",
                "articles": [40],
                "source": None,
            }
        ],
    },
    "invalid_input": {
        "errors": [{"field": "officer_id", "rule": "id_format", "text": "The identifier must be a UUID of 36 characters"}]
    },
}  # fmt: skip
