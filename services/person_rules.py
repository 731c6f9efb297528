"""What must hold before something is written about a person; each refusal names the field that it is about."""

from uuid import UUID

from sqlalchemy import select

from domain.actors import Role
from domain.agencies import Agency
from domain.people import ADULT_AGE, Known, civil_day
from domain.person_rights import may_be_advocate
from domain.refusals import FieldRefused
from domain.requirements import SAFE_GUARDIANS
from services.case_facts import age_of, guardian_status, person_of
from services.case_files import CaseFile, Victim
from services.case_loading import load_records
from services.records.accounts import AccountRow
from services.records.agencies import UnitRow
from services.sealed_values import Content
from services.victim_sections import Sections, Written, write_sections


def require_writable(file: CaseFile, victim: Victim, sections: Sections, *, known: bool) -> None:
    """FieldRefused for the first of these rules that the new content breaks. `known`: the person was in the case before."""
    account, support = sections.get("account", {}), sections.get("support", {})
    _require_household(file, victim, account)
    if support.get("advocate_account_id") is not None:
        _require_advocate(file, UUID(str(support["advocate_account_id"])))
    if known and "identity" in sections:
        _require_no_minor_made_adult(file, victim, sections["identity"])
    if sections.get("contact", {}).get("contact_home") == Known.YES:
        _require_home_safe(file, victim)


def _require_household(file: CaseFile, victim: Victim, account: Content) -> None:
    if account.get("dependant_of") is None:
        return
    of = UUID(str(account["dependant_of"]))
    if of not in file.victims or of == victim.row.id:
        raise FieldRefused(("account.dependant_of", "unknown_victim"))


def _require_advocate(file: CaseFile, account_id: UUID) -> None:
    found = file.session.execute(
        select(UnitRow.agency, AccountRow.role)
        .join(UnitRow, UnitRow.id == AccountRow.unit_id)
        .where(AccountRow.id == account_id, AccountRow.disabled_at.is_(None))
    ).one_or_none()
    if found is None or not may_be_advocate(Agency(found.agency), Role(found.role)):
        raise FieldRefused(("support.advocate_account_id", "not_an_advocate"))


def _require_no_minor_made_adult(file: CaseFile, victim: Victim, identity: Content) -> None:
    """Once somebody counted as a minor, only an age_decision shows otherwise (workflow 1)."""
    today, decision = civil_day(file.at), victim.sections.get("age", {})
    before = victim.sections.get("identity", {})
    was_minor = age_of(before, decision).minor(today)
    if was_minor and not age_of({**before, **identity}, decision).minor(today):
        raise FieldRefused(("identity.birth_date", "age_decision_needed"))


def _require_home_safe(file: CaseFile, victim: Victim) -> None:
    person = person_of(file, victim.row.id)
    if person is None or not person.minor:
        return
    for stage in file.of(victim.row.id):
        load_records(file, stage)
    safe = guardian_status(file, victim.row.id) in SAFE_GUARDIANS
    if not safe or file.guardian_in_conflict(victim.row.id):
        raise FieldRefused(("contact.contact_home", "guardianship_not_safe"))


def doubt_the_decision(file: CaseFile, victim: Victim, identity: Content) -> None:
    """A document that shows a minor is stronger than a decision that said adult: doubt means minor."""
    decided = victim.sections.get("age", {})
    if decided.get("outcome") != "adult" or "birth_date" not in identity:
        return
    years = age_of(identity, {}).years(civil_day(file.at))
    if years is not None and years < ADULT_AGE:
        void = {**decided, "outcome": "minor", "doubt": True}
        write_sections(file, victim, {"age": void}, Written("void_age_decision", (40,), "doubt_means_minor"))
