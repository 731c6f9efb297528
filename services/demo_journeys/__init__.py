"""Three people's ways, played over HTTP by the agencies' own accounts. Nobody in them is real."""

from services.demo_journeys.boy_found_begging import boy_found_begging
from services.demo_journeys.girl_who_wants_to_train import girl_who_wants_to_train
from services.demo_journeys.play import YEAR_AND_MORE, Journey, Stage
from services.demo_journeys.woman_forced_into_marriage import Family, woman_forced_into_marriage
from services.demo_journeys.woman_who_declines import woman_who_declines

__all__ = [
    "YEAR_AND_MORE",
    "Family",
    "Journey",
    "Stage",
    "boy_found_begging",
    "girl_who_wants_to_train",
    "woman_forced_into_marriage",
    "woman_who_declines",
]
