"""The typed bodies of all stage records: one file a stage, one model a kind, one table that joins them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from api.representations.records import (
    employment,
    family_tracing,
    follow_up,
    guardianship,
    household_registration,
    investigation,
    medical_care,
    reintegration_support,
    repatriation,
    rescue,
    rights_support,
    schooling,
    shelter,
)
from api.representations.records.record_body import RecordBody
from domain.stages import StageCode

__all__ = ["RECORD_BODIES", "RecordBody"]

# A report keeps no records of its own.
RECORD_BODIES: Final[Mapping[StageCode, Mapping[str, type[RecordBody]]]] = MappingProxyType(
    {
        StageCode.INVESTIGATION: {
            "acceptance": investigation.Acceptance,
            "filing_decision": investigation.FilingDecision,
            "finding": investigation.Finding,
            "interview": investigation.Interview,
            "rapid_search": investigation.RapidSearch,
            "reconsideration": investigation.Reconsideration,
            "higher_review": investigation.HigherReview,
            "prosecutor_demand": investigation.ProsecutorDemand,
            "withdrawn": investigation.Withdrawn,
            "proceeding_reference": investigation.ProceedingReference,
        },
        StageCode.RESCUE: {
            "rescue_plan": rescue.RescuePlan,
            "rescue_carried_out": rescue.RescueCarriedOut,
            "handover": rescue.RescueHandover,
        },
        StageCode.SHELTER: {
            "admission": shelter.Admission,
            "escort": shelter.Escort,
            "placement": shelter.ShelterPlacement,
            "review": shelter.ShelterReview,
            "exit_plan": shelter.ExitPlan,
            "exit": shelter.Exit,
        },
        StageCode.MEDICAL_CARE: {
            "appointment": medical_care.Appointment,
            "attendance": medical_care.Attendance,
            "accommodation_need": medical_care.AccommodationNeed,
            "psychological_support": medical_care.PsychologicalSupport,
            "disability_grading": medical_care.DisabilityGrading,
            "discharge": medical_care.Discharge,
        },
        StageCode.FAMILY_TRACING: {
            "identity_check": family_tracing.IdentityCheck,
            "tracing_notice": family_tracing.TracingNotice,
            "sample_request": family_tracing.SampleRequest,
            "match_report": family_tracing.MatchReport,
            "reunion_assessment": family_tracing.ReunionAssessment,
            "reunion": family_tracing.Reunion,
            "support_duty": family_tracing.SupportDuty,
            "not_found_certificate": family_tracing.NotFoundCertificate,
        },
        StageCode.HOUSEHOLD_REGISTRATION: {
            "dossier": household_registration.Dossier,
            "submission": household_registration.Submission,
            "registration": household_registration.Registration,
            "benefit_decision": household_registration.BenefitDecision,
            "appeal": household_registration.Appeal,
        },
        StageCode.SCHOOLING: {
            "placement_assessment": schooling.PlacementAssessment,
            "place_confirmed": schooling.PlaceConfirmed,
            "enrolment": schooling.Enrolment,
            "attendance_check": schooling.AttendanceCheck,
            "school_transfer": schooling.SchoolTransfer,
        },
        StageCode.EMPLOYMENT: {
            "assessment": employment.EmploymentAssessment,
            "training": employment.Training,
            "job_offer": employment.JobOffer,
            "placement": employment.EmploymentPlacement,
            "private_check": employment.PrivateCheck,
            "stopped": employment.Stopped,
        },
        StageCode.RIGHTS_SUPPORT: {
            "rights_information": rights_support.RightsInformation,
            "aid_application": rights_support.AidApplication,
            "aid_decision": rights_support.AidDecision,
            "lawyer_assigned": rights_support.LawyerAssigned,
            "claim": rights_support.Claim,
            "protection_order": rights_support.ProtectionOrder,
            "claim_closed": rights_support.ClaimClosed,
        },
        StageCode.REINTEGRATION_SUPPORT: {
            "goals": reintegration_support.Goals,
            "review": reintegration_support.GoalsReview,
            "help_given": reintegration_support.HelpGiven,
        },
        StageCode.GUARDIANSHIP: {
            "guardian_status": guardianship.GuardianStatus,
            "family_assessment": guardianship.FamilyAssessment,
            "child_view": guardianship.ChildView,
            "court_order": guardianship.CourtOrder,
            "family_education": guardianship.FamilyEducation,
        },
        StageCode.REPATRIATION: {
            "interpreter": repatriation.Interpreter,
            "status_explained": repatriation.StatusExplained,
            "own_request": repatriation.OwnRequest,
            "embassy_contact": repatriation.EmbassyContact,
            "return_risk_assessment": repatriation.ReturnRiskAssessment,
            "travel_document": repatriation.TravelDocument,
            "voluntary_return": repatriation.VoluntaryReturn,
            "reception": repatriation.Reception,
            "handover": repatriation.ReturnHandover,
            "alternative_status": repatriation.AlternativeStatus,
        },
        StageCode.FOLLOW_UP: {
            "contact_plan": follow_up.ContactPlan,
            "contact": follow_up.Contact,
            "difficulty": follow_up.Difficulty,
            "ended": follow_up.Ended,
        },
    }
)
