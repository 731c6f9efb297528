"""The checkpoint that stands on what is printed."""

from sqlalchemy.orm import Session

from services.checkpoints import published


def printed_checkpoint(session: Session) -> str | None:
    """The newest signed checkpoint as text; None while none is published."""
    newest = published(session)
    return newest[0].note if newest else None
