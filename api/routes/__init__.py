"""The routers of the house, listed once: by the application, the OpenAPI document and the test of the gates."""

from typing import Final

from fastapi import APIRouter

from api.routes import (
    approvals,
    cases,
    conflicts,
    employment,
    family_tracing,
    follow_up,
    guardianship,
    health,
    household_registration,
    inbox,
    investigation,
    medical_care,
    policy,
    registers,
    reintegration_support,
    repatriation,
    reports,
    rescue,
    rights_support,
    schooling,
    shelter,
    sign_in,
    timeline,
    victims,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    reports.router,
    inbox.router,
    timeline.router,
    victims.router,
    cases.router,
    approvals.router,
    conflicts.router,
    investigation.router,
    rescue.router,
    shelter.router,
    medical_care.router,
    family_tracing.router,
    household_registration.router,
    schooling.router,
    employment.router,
    rights_support.router,
    reintegration_support.router,
    guardianship.router,
    repatriation.router,
    follow_up.router,
    registers.router,
    sign_in.router,
    policy.router,
    health.router,
)
