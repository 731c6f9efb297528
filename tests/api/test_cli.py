"""The command line: the first administrator of an empty house, what it prints, and what production refuses."""

import fcntl
import json
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from api.calls import House
from api.cli import app
from api.main import application, house_of
from services.database import transaction
from services.demo_desk import Refused
from services.embedded_postgres import EmbeddedPostgres
from services.records.accounts import AccountRow
from services.settings import Settings
from tests.conftest import make_database
from tests.newcomers import first_day

PASSWORD = "long enough for the first one"
Command = Callable[..., Result]


@pytest.fixture
def homeward(monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Runs the command with these settings and no others."""
    for name in (
        "HOMEWARD_ENV",
        "HOMEWARD_DATA",
        "DATABASE_URL",
        "ADMIN_DATABASE_URL",
        "WORKER_DATABASE_URL",
        "PORT",
    ):
        monkeypatch.delenv(name, raising=False)
    configured = structlog.get_config()

    def run(*words: str, env: Mapping[str, str] | None = None, typed: str | None = None) -> Result:
        return CliRunner().invoke(app, list(words), env=dict(env or {}), input=typed)

    yield run
    structlog.configure(**configured)


def said(result: Result) -> str:
    return " ".join(result.stderr.split())


# --- the first administrator ---


@pytest.fixture
def empty(cluster: EmbeddedPostgres, tmp_path: Path) -> Settings:
    """A database at the newest schema with nobody in it."""
    return make_database(cluster, f"empty_{tmp_path.parent.name}_{tmp_path.name}"[-60:], tmp_path)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(f"{PASSWORD}\n", encoding="utf-8")
    return file


def address_of(settings: Settings) -> dict[str, str]:
    assert settings.database_url is not None
    return {"DATABASE_URL": settings.database_url}


def accounts_in(settings: Settings) -> int:
    house = house_of(settings)
    with transaction(house.engine) as session:
        found = list(session.execute(select(AccountRow.username)).scalars())
    house.engine.dispose()
    return len(found)


def test_the_first_administrator_signs_in_and_adds_a_place_and_nobody_else_may(
    homeward: Command, empty: Settings, secret: Path
) -> None:
    words = ("first-administrator", "--username", "first-admin", "--password-file", str(secret))
    names = ("--place-code", "90", "--name-zh", "示范兵团", "--name-en", "Demonstration Corps")
    result = homeward(*words, *names, env=address_of(empty))
    assert (result.exit_code, PASSWORD in result.output) == (0, False)
    house = house_of(empty)
    administrator = first_day(TestClient(application(house)), "first-admin", PASSWORD).desk()
    assert (administrator.me["role"], administrator.me["agency"]) == ("administrator", "CAB")
    top = administrator.get("/places")["items"][0]
    assert (top["code"], top["kind"]) == ("90", "corps")
    division = {"parent_id": top["id"], "kind": "division", "code": "91"}
    administrator.post("/places", {**division, "name_zh": "示范师市", "name_en": "Demonstration Division"})
    with pytest.raises(Refused) as refused:
        administrator.get("/inbox")
    assert refused.value.status == 403
    house.engine.dispose()


def test_the_password_is_asked_for_twice_on_the_terminal(homeward: Command, empty: Settings) -> None:
    words = ("first-administrator", "--username", "first-admin")
    mistyped = homeward(*words, env=address_of(empty), typed=f"{PASSWORD}\nsomething else\n")
    assert (mistyped.exit_code, accounts_in(empty)) == (1, 0)
    result = homeward(*words, env=address_of(empty), typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert (result.exit_code, accounts_in(empty)) == (0, 1)
    assert PASSWORD not in result.output


def test_there_is_only_one_first_administrator(homeward: Command, empty: Settings, secret: Path) -> None:
    words = ("first-administrator", "--password-file", str(secret), "--username")
    assert homeward(*words, "first-admin", env=address_of(empty)).exit_code == 0
    second = homeward(*words, "second-admin", env=address_of(empty))
    assert second.exit_code == 2
    assert "there are accounts already" in said(second)
    assert accounts_in(empty) == 1


def test_a_house_with_the_demonstration_in_it_gets_no_first_administrator(
    homeward: Command, house: House, secret: Path
) -> None:
    words = ("first-administrator", "--username", "first-admin", "--password-file", str(secret))
    assert homeward(*words, env=address_of(house.settings)).exit_code == 2


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (["--username", "No Spaces"], PASSWORD, "--username is 3 to 60"),
        (["--username", "first-admin", "--place-code", "a b"], PASSWORD, "--place-code breaks the rules"),
        (["--username", "first-admin", "--name-zh", " "], PASSWORD, "--name-zh breaks the rules"),
        (["--username", "first-admin"], "too short", "a password has 15 to 128 characters"),
    ],
)
def test_what_breaks_a_rule_is_named_and_nothing_is_added(
    homeward: Command, empty: Settings, words: list[str], typed: str, told: str
) -> None:
    result = homeward("first-administrator", *words, env=address_of(empty), typed=f"{typed}\n{typed}\n")
    assert result.exit_code == 2
    assert told in said(result)
    assert accounts_in(empty) == 0


def test_the_password_cannot_be_given_on_the_command_line(homeward: Command) -> None:
    result = homeward("first-administrator", "--username", "first-admin", "--password", PASSWORD)
    assert result.exit_code == 2
    assert "No such option" in said(result)


# --- what it prints ---


def test_the_policy_is_printed_as_the_api_serves_it(homeward: Command, client: TestClient) -> None:
    printed = homeward("policy", "--json", "--language", "en")
    assert printed.exit_code == 0
    served = client.get("/policy", headers={"Accept-Language": "en"}).json()
    told = json.loads(printed.stdout)
    assert {name: told[name] for name in ("articles", "stages", "transitions")} == {
        name: served[name] for name in ("articles", "stages", "transitions")
    }


def test_the_policy_is_printed_as_the_page_in_the_repository(homeward: Command) -> None:
    page = Path(__file__).parents[2] / "openapi" / "workflow.md"
    assert homeward("policy", "--markdown").stdout == page.read_text(encoding="utf-8")


def test_the_api_is_printed_as_one_openapi_document(homeward: Command) -> None:
    document = json.loads(homeward("openapi").stdout)
    assert document["info"]["title"] == "Homeward"
    assert "/schooling/{stage_id}/accept" in document["paths"]


def test_new_keys_are_readable_by_their_owner_alone_and_kept_on_a_second_call(
    homeward: Command, tmp_path: Path
) -> None:
    folder = tmp_path / "keys"
    assert homeward("keys", "new", "--folder", str(folder)).exit_code == 0
    first = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert set(first) == {"log.json", "master.json", "tokens.json"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert homeward("keys", "new", "--folder", str(folder)).exit_code == 0
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == first


# --- what production refuses ---


def production(settings: Settings, **other: str) -> dict[str, str]:
    return {
        **address_of(settings),
        "HOMEWARD_ENV": "production",
        # no address of this machine: what should have been refused and is not ends here instead of serving for ever
        "HOST": "192.0.2.1",
        "HOMEWARD_ISSUER": "https://homeward.invalid",
        "HOMEWARD_MASTER_KEYS_FILE": str(settings.master_keys_file),
        "HOMEWARD_TOKEN_KEYS_FILE": str(settings.token_keys_file),
        **other,
    }


def without(env: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in env.items() if name not in names}


def refused_with_one_line(result: Result) -> str:
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1, result.stderr
    return said(result)


@pytest.mark.parametrize("command", ["serve", "api", "worker", "migrate", "first-administrator"])
def test_production_has_a_database_of_its_own(homeward: Command, command: str, settings: Settings) -> None:
    words = [command, *(["--username", "first-admin"] if command == "first-administrator" else [])]
    told = refused_with_one_line(homeward(*words, env=without(production(settings), "DATABASE_URL")))
    assert "production needs DATABASE_URL" in told


def test_production_is_not_started_with_serve(homeward: Command, settings: Settings) -> None:
    told = refused_with_one_line(homeward("serve", env=production(settings)))
    assert "production runs `homeward api`" in told


def test_production_refuses_a_database_with_the_demonstration_in_it(homeward: Command, house: House) -> None:
    told = refused_with_one_line(homeward("api", env=production(house.settings)))
    assert "holds the demonstration" in told


def test_production_never_loads_the_demonstration(homeward: Command, settings: Settings) -> None:
    told = refused_with_one_line(homeward("api", env=production(settings, HOMEWARD_DEMONSTRATION="yes")))
    assert "never loads the demonstration" in told


@pytest.mark.parametrize("name", ["HOMEWARD_MASTER_KEYS_FILE", "HOMEWARD_TOKEN_KEYS_FILE"])
def test_production_does_not_start_without_its_keys(homeward: Command, empty: Settings, name: str) -> None:
    assert name in refused_with_one_line(homeward("api", env=without(production(empty), name)))
    told = refused_with_one_line(homeward("api", env=production(empty, **{name: "/nowhere/keys.json"})))
    assert "/nowhere/keys.json: No such file" in told


def test_keys_that_others_can_read_are_refused(homeward: Command, empty: Settings) -> None:
    empty.master_keys_file.chmod(0o644)
    told = refused_with_one_line(homeward("api", env=production(empty)))
    assert str(empty.master_keys_file) in told


@pytest.mark.parametrize("command", ["api", "worker"])
def test_a_database_that_does_not_answer_is_one_line_without_its_address(
    homeward: Command, settings: Settings, command: str
) -> None:
    nowhere = "postgresql+psycopg2://somebody:secret@127.0.0.1:1/nowhere"
    env = production(settings, DATABASE_URL=nowhere, WORKER_DATABASE_URL=nowhere)
    told = refused_with_one_line(homeward(command, env=env))
    assert "does not answer" in told
    assert "secret" not in told


def test_a_wrong_setting_is_named(homeward: Command) -> None:
    assert "HOMEWARD_ENV is" in refused_with_one_line(homeward("api", env={"HOMEWARD_ENV": "staging"}))
    assert "PORT is a whole number" in refused_with_one_line(homeward("api", env={"PORT": "eighty"}))
    missing = refused_with_one_line(homeward("api", env={"DATABASE_URL_FILE": "/nowhere/url"}))
    assert "/nowhere/url" in missing


# --- two at once ---


def test_a_second_serve_in_one_folder_is_refused_and_the_first_keeps_its_database(
    homeward: Command, tmp_path: Path
) -> None:
    with (tmp_path / "serve.lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = homeward("serve", env={"HOMEWARD_DATA": str(tmp_path)})
    assert (second.exit_code, "another `homeward serve`" in said(second)) == (2, True)
    assert not (tmp_path / "postgres").exists()
