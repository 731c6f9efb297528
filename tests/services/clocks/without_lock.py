"""The worker without the lock of the file, to see that the drill of many workers notices."""

from sqlalchemy.orm import Session

from api.serve import run_worker
from services import case_loading, clockwork
from services.case_files import CaseFile
from services.clockwork import DueFile
from services.records.cases import CaseRow
from services.settings import settings_from


def take_any(_session: Session, _due: DueFile) -> bool:
    """Whoever comes takes the file."""
    return True


def open_unlocked(session: Session, due: DueFile) -> CaseFile:
    return case_loading._load(session, None, CaseRow.id == due.id, lock=False)


if __name__ == "__main__":
    setattr(clockwork, "_take", take_any)  # noqa: B010  # the fault
    setattr(clockwork, "_open", open_unlocked)  # noqa: B010  # the same
    run_worker(settings_from())
