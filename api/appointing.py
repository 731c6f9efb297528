"""The first administrator, as the command line asks for it: the same rules for names and codes as over the API."""

from pydantic import TypeAdapter, ValidationError

from api.representations.accounts import Username
from api.representations.registers import PlaceBody
from domain.agencies import PlaceKind
from domain.identifiers import new_id
from domain.refusals import FieldRefused
from services.database import engine_for, transaction
from services.first_administrator import HouseNotEmpty, TopPlace, appoint_first
from services.passwords import LONGEST, SHORTEST
from services.settings import Settings, SettingsRefused


def first_place(username: str, code: str, names: tuple[str, str]) -> TopPlace:
    """The place at the top; SettingsRefused names the option that breaks a rule."""
    try:
        TypeAdapter(Username).validate_python(username)
    except ValidationError:
        raise SettingsRefused(
            "--username is 3 to 60 of a-z, 0-9, point, hyphen, underscore; a letter or digit first"
        ) from None
    asked = {"kind": PlaceKind.CORPS, "code": code, "name_zh": names[0], "name_en": names[1]}
    try:
        place = PlaceBody.model_validate(asked)
    except ValidationError as refused:
        wrong = ", ".join(
            f"--{error['loc'][0]}".replace("--code", "--place-code") for error in refused.errors()
        )
        raise SettingsRefused(f"{wrong.replace('_', '-')} breaks the rules of a place") from None
    return TopPlace(place.code, place.name_zh, place.name_en)


def appoint(settings: Settings, place: TopPlace, username: str, password: str) -> None:
    """Appoint the first administrator of the database of DATABASE_URL; SettingsRefused says what stands against it."""
    if settings.database_url is None:
        raise SettingsRefused("first-administrator needs DATABASE_URL")
    engine = engine_for(settings.database_url, 1)
    try:
        with transaction(engine, {"request_id": new_id()}) as session:
            appoint_first(session, place, username, password)
    except HouseNotEmpty:
        raise SettingsRefused(
            "there are accounts already; an administrator adds further ones over the API"
        ) from None
    except FieldRefused:
        raise SettingsRefused(f"a password has {SHORTEST} to {LONGEST} characters") from None
    finally:
        engine.dispose()
