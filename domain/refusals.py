"""Why something is not done: refusals as facts, without any HTTP in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.agencies import Agency
from domain.texts import Text


@dataclass(frozen=True, slots=True)
class Unmet:
    """One requirement that is not met: its code, what it asks for, the articles or standards behind it."""

    code: str
    text: Text
    articles: tuple[int, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Possible:
    """One action that the present state allows, and who may take it."""

    action: str
    by: tuple[str, ...]
    agencies: tuple[Agency, ...] = ()
    articles: tuple[int, ...] = ()


class Refusal(Exception):
    """Something was asked for and is not done. Subclasses carry the facts; `api/problems.py` gives them numbers."""


class NotFound(Refusal):
    """No such thing, or nothing that this caller may know of: the two must not be told apart."""


class NotSignedIn(Refusal):
    """No valid access token."""


class SignInRefused(Refusal):
    """Name and password do not fit, or the account is closed: which of them is not told."""


class SetUpFirst(Refusal):
    """The account was given a password by somebody else, or has no second factor yet; carries the steps to take."""

    def __init__(self, steps: Sequence[str]) -> None:
        super().__init__(steps)
        self.steps = tuple(steps)


class ConfirmationNeeded(Refusal):
    """This step is for who proved within the last minutes that it is they."""


class AccessNotApproved(Refusal):
    """Nobody responsible has approved yet that this account works with people's data, or no longer; says who can."""

    def __init__(self, possible: Possible) -> None:
        super().__init__(possible.action)
        self.possible = possible


class RoleNotAllowed(Refusal):
    """The caller's role never does this, whatever the case."""

    def __init__(self, role: str, allowed: Sequence[str]) -> None:
        super().__init__(role)
        self.role = role
        self.allowed = tuple(allowed)


class PurposeNotGranted(Refusal):
    """The caller may not read for the purpose that it named; `granted` are those for which it may."""

    def __init__(self, granted: Sequence[str]) -> None:
        super().__init__("purpose_not_granted")
        self.granted = tuple(granted)


class StageNotYours(Refusal):
    """The move belongs to another unit; says which agencies lead and under which article."""

    def __init__(self, action: str, possible: Possible, accountable: Agency) -> None:
        super().__init__(action)
        self.action = action
        self.possible = possible
        self.accountable = accountable


class MoveNotPossible(Refusal):
    """This state has no such move; says which it has."""

    def __init__(self, machine: str, action: str, state: str, possible: Sequence[Possible]) -> None:
        super().__init__(action)
        self.machine = machine
        self.action = action
        self.state = state
        self.possible = tuple(possible)


class RequirementsUnmet(Refusal):
    """The move is the caller's and the state allows it, but these requirements are open: always all of them."""

    def __init__(self, action: str, unmet: Sequence[Unmet]) -> None:
        super().__init__(action)
        self.action = action
        self.unmet = tuple(unmet)


class RecordNotYours(Refusal):
    """This unit may not add that kind of record to the stage; names the kinds that it may add."""

    def __init__(self, kind: str, allowed: Sequence[str], articles: tuple[int, ...]) -> None:
        super().__init__(kind)
        self.kind = kind
        self.allowed = tuple(allowed)
        self.articles = articles


class VersionMissing(Refusal):
    """A change must name the version that it was made from."""


class VersionStale(Refusal):
    """Somebody else changed it since; carries the present version."""

    def __init__(self, current: int) -> None:
        super().__init__(current)
        self.current = current


class FieldRefused(Refusal):
    """One or more fields break a rule; never carries the values."""

    def __init__(self, *errors: tuple[str, str]) -> None:
        super().__init__(errors)
        self.errors = errors


class KeyReused(Refusal):
    """The idempotency key stands for another payload."""


class KeyInFlight(Refusal):
    """The first request with this key is still being answered."""


class TooMany(Refusal):
    """The limit for this source is reached; carries the seconds to wait."""

    def __init__(self, limit: int, seconds: int, retry_after: int) -> None:
        super().__init__(limit)
        self.limit = limit
        self.seconds = seconds
        self.retry_after = retry_after


class Busy(Refusal):
    """Nothing is wrong with the request; the service cannot take it now."""

    def __init__(self, retry_after: int = 1) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class MediaTypeRefused(Refusal):
    """The content is of another kind than this address takes."""


class AlreadyExists(Refusal):
    """A thing of this name exists; names the field only."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class CaseClosed(Refusal):
    """The case is closed: it takes no new work before it is reopened."""

    def __init__(self, case_id: UUID) -> None:
        super().__init__(case_id)
        self.case_id = case_id


class FontMissing(Refusal):
    """No TrueType font with Chinese letters is installed, so that nothing can be printed."""
