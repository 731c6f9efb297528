"""Who acts: an account in a unit of an agency, with one role."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from domain.agencies import Agency, InstitutionKind, PlaceKind
from domain.purposes import PurposeOfUse
from domain.signing_in import SetUpStep
from domain.texts import Text


class Role(StrEnum):
    HOTLINE = "hotline"
    INTAKE = "intake"
    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    LIAISON = "liaison"
    INSTITUTION_STAFF = "institution_staff"
    LAWYER = "lawyer"
    ADVOCATE = "advocate"
    AUDITOR = "auditor"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ADMINISTRATOR = "administrator"
    INTEGRATION = "integration"
    COORDINATOR = "coordinator"


CASE_ROLES: Final = frozenset(
    {
        Role.INTAKE,
        Role.CASEWORKER,
        Role.SUPERVISOR,
        Role.LIAISON,
        Role.INSTITUTION_STAFF,
        Role.LAWYER,
        Role.ADVOCATE,
        Role.INTEGRATION,
    }
)
"""Roles that may read the cases their unit works on. Hotline, administrators and OFFICE's coordinators never do."""

MOVING_ROLES: Final = CASE_ROLES - {Role.LIAISON, Role.ADVOCATE}
"""Roles that may move a stage or a case for their unit."""

SEARCHING_ROLES: Final = MOVING_ROLES
"""Roles that may look for somebody in the cases of their unit; whoever only reads beside others has no need to."""

ANSWERING_ROLES: Final = MOVING_ROLES | {Role.LIAISON}
"""Roles that answer a nameless request for their unit; of agencies that read no cases, the liaison as well."""

REPORTING_ROLES: Final = frozenset(Role) - {Role.ADMINISTRATOR, Role.COORDINATOR}
"""Everybody who works with people may report a concern (Arts. 11, 16, 44, 45)."""

INTAKE_ROLES: Final = frozenset({Role.INTAKE, Role.CASEWORKER, Role.SUPERVISOR, Role.INTEGRATION})
"""Roles that may handle a report at the unit where it lies."""

COORDINATING_ROLES: Final = frozenset({Role.COORDINATOR})
"""Roles of OFFICE: counts and a late list, never a case."""


def may_sit_in(role: Role, agency: Agency) -> bool:
    """OFFICE's coordinators sit in OFFICE, and nobody else does (Art. 3): nobody holds its role and one of the police."""
    return (agency == Agency.OFFICE) == (role is Role.COORDINATOR)


AUDIT_ROLES: Final = frozenset({Role.AUDITOR, Role.DATA_PROTECTION_OFFICER})

PROTECTING_ROLES: Final = MOVING_ROLES | {Role.DATA_PROTECTION_OFFICER}
"""Roles that may ask for what the law of personal data gives: an export, an erasure, a hold. Which of them, each says."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The account behind a request, with the place of its unit. Roles never combine: one account, one role.

    `access_approved_until`: None also for roles that need no approval; whether it counts now is `approved`.
    `purposes`: those that a machine's token was granted (None: all of its agency). `purpose`: what it reads for now.
    """

    account_id: UUID
    session_id: UUID
    unit_id: UUID
    agency: Agency
    role: Role
    place_id: UUID
    place_kind: PlaceKind
    institution: InstitutionKind | None
    confirmed: bool = False  # proved within the last minutes that it is they
    to_set_up: tuple[SetUpStep, ...] = ()  # until these are done, nothing else
    approved: bool = (
        False  # somebody responsible lets them work with people's data (C-50), or their role needs it not
    )
    access_approved_until: datetime | None = None
    purposes: frozenset[str] | None = None  # a machine: what its token may read for
    purpose: str | None = PurposeOfUse.CASE_WORK  # what this request reads for


ROLE_NAMES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        Role.HOTLINE: Text("热线接线员", "hotline"),
        Role.INTAKE: Text("受理人员", "intake"),
        Role.CASEWORKER: Text("个案工作人员", "caseworker"),
        Role.SUPERVISOR: Text("督导", "supervisor"),
        Role.LIAISON: Text("联络员", "liaison"),
        Role.INSTITUTION_STAFF: Text("机构工作人员", "staff of an institution"),
        Role.LAWYER: Text("律师", "lawyer"),
        Role.ADVOCATE: Text("权益代言人", "advocate"),
        Role.AUDITOR: Text("审计员", "auditor"),
        Role.DATA_PROTECTION_OFFICER: Text("个人信息保护负责人", "data protection officer"),
        Role.ADMINISTRATOR: Text("系统管理员", "administrator"),
        Role.INTEGRATION: Text("对接系统", "connected system"),
        Role.COORDINATOR: Text("反拐办协调员", "coordinator"),
        "worker": Text("系统定时规则", "rule, by itself"),
        "public": Text("公众入口", "public door"),
    }
)
"""Whoever may stand as the doer of an entry, in both languages."""
