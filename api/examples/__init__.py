"""One example of each answer, by the name of its schema. Lists show one line."""

from collections.abc import Mapping
from typing import Final

from api.examples.casework import CASEWORK
from api.examples.checkpoints import CHECKPOINT_ANSWERS
from api.examples.clocks import CLOCK_ANSWERS
from api.examples.consents import CONSENTS
from api.examples.emergency import EMERGENCY
from api.examples.own_door import OWN_DOOR
from api.examples.people import PEOPLE
from api.examples.protection import PROTECTION
from api.examples.registers import REGISTERS
from api.examples.reports import REPORTS
from api.examples.searches import SEARCHES
from api.examples.shared import Example
from api.examples.sign_in import SIGN_IN
from api.examples.timeline import TIMELINE
from api.examples.work_lists import WORK_LISTS

ANSWERS: Final[Mapping[str, Example]] = {
    **REPORTS,
    **CASEWORK,
    **CONSENTS,
    **EMERGENCY,
    **OWN_DOOR,
    **PEOPLE,
    **REGISTERS,
    **SIGN_IN,
    **CLOCK_ANSWERS,
    **CHECKPOINT_ANSWERS,
    **WORK_LISTS,
    **SEARCHES,
    **PROTECTION,
    **TIMELINE,
}
