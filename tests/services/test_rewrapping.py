"""After a rotation everything comes under the new key, bit by bit, and the old one can go."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, NullPool, create_engine, select, text
from sqlalchemy.orm import Session

from api.key_commands import key_status, retire_master, rotate_master, rotate_tokens
from domain.actors import Role
from domain.agencies import Agency, PlaceKind
from domain.identifiers import new_id
from services.accounts import NewAccount, add_account
from services.database import engine_for, transaction, working_on
from services.embedded_postgres import EmbeddedPostgres
from services.idempotency import Claim, StoredAnswer, claim, keep_answer
from services.master_keys import MasterKeys
from services.records.sealed import SealedValueRow
from services.registers import NewPlace, NewUnit, add_place, add_unit
from services.renewing import renew_keys
from services.rewrapping import BATCH, rewrap, under
from services.sealed_values import KeyRing, NewValue
from services.second_factors import begin_second_factor, confirm_second_factor, proves
from services.sessions import begin_as_nobody
from services.settings import Settings, SettingsRefused
from services.sign_in_failures import begin_attempt
from services.signing_in import source_digest
from services.tokens import TokenKeys, TokenRefused
from tests.conftest import make_database
from tests.newcomers import Device

PEOPLE = BATCH + 20


@pytest.fixture(scope="module")
def scratch(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("rotation")
    return make_database(
        cluster, f"rotation_{folder.parent.name[-8:]}_{folder.name}".replace("-", "_"), folder
    )


@pytest.fixture
def settings(scratch: Settings, tmp_path: Path) -> Settings:
    """Keys of this test, on a database that it shares with the others in this file."""
    from services.installation import make_keys

    engine = create_engine(scratch.admin_database_url or "", poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("truncate person_keys, sealed_values, idempotency_keys"))
    engine.dispose()
    return replace(scratch, master_keys_file=make_keys(tmp_path)[0])


@pytest.fixture
def keys(settings: Settings) -> MasterKeys:
    return MasterKeys.load(settings.master_keys_file)


@pytest.fixture
def engines(settings: Settings) -> Iterator[tuple[Engine, Engine]]:
    made = engine_for(settings.database_url or "", 4), engine_for(settings.worker_database_url or "", 4)
    yield made
    for engine in made:
        engine.dispose()


FILE = UUID(int=7)


def people(engine: Engine, keys: MasterKeys, number: int) -> list[UUID]:
    """So many people in one file, each with a value and each with an answer that was stored."""
    found = [new_id() for _ in range(number)]
    with transaction(engine, {"master_keys": keys}) as session:
        working_on(session, FILE)
        session.execute(text("select set_config('homeward.account', :id, true)"), {"id": str(FILE)})
        ring, at = KeyRing(session, FILE), datetime.now(UTC)
        for person in found:
            ring.create(person, at)
            ring.write([NewValue(person, "identity", person, {"name": str(person)})], at)
            wanted = answer_of(person)
            assert claim(session, wanted) is None
            keep_answer(session, wanted, StoredAnswer(200, {}, str(person).encode()))
    return found


def answer_of(person: UUID) -> Claim:
    return Claim(FILE, "POST /x", str(person), b"f" * 32)


def names(session: Session, found: list[UUID]) -> list[object]:
    return [value.content["name"] for value in KeyRing(session, FILE).read(found)]


def readable(engine: Engine, keys: MasterKeys, found: list[UUID]) -> bool:
    with transaction(engine, {"master_keys": keys}) as session:
        working_on(session, FILE)
        session.execute(text("select set_config('homeward.account', :id, true)"), {"id": str(FILE)})
        answers = [claim(session, answer_of(person)) for person in found[:5]]
        assert [answer.body.decode() for answer in answers if answer] == [str(p) for p in found[:5]]
        return sorted(map(str, names(session, found))) == sorted(map(str, found))


def test_everything_is_brought_over_and_the_old_key_goes(
    settings: Settings, keys: MasterKeys, engines: tuple[Engine, Engine]
) -> None:
    application, worker = engines
    found = people(application, keys, PEOPLE)
    assert rewrap(worker, keys) == {"person_keys": 0, "stored_answers": 0, "second_factors": 0, "broken": 0}
    with pytest.raises(SettingsRefused, match="current"):
        retire_master(settings, 1)
    assert rotate_master(settings) == 2
    with pytest.raises(SettingsRefused, match=f"still needed .{PEOPLE} person keys"):
        retire_master(settings, 1, settled_after=0)
    assert key_status(settings) == [
        f"version 1: {PEOPLE} person keys, {PEOPLE} stored answers, 0 second factors, 0 search tokens",
        "version 2 (current): 0 person keys, 0 stored answers, 0 second factors, 0 search tokens",
    ]
    fresh = MasterKeys.load(settings.master_keys_file)
    done = {"person_keys": PEOPLE, "stored_answers": PEOPLE, "second_factors": 0, "broken": 0}
    assert rewrap(worker, fresh) == done
    with pytest.raises(SettingsRefused, match="less than 120 s ago"):
        retire_master(settings, 1)
    assert "gone" in retire_master(settings, 1, settled_after=0)
    alone = MasterKeys.load(settings.master_keys_file)
    assert alone.versions == (2,)
    assert readable(application, alone, found)


def test_many_workers_share_the_work(
    settings: Settings, keys: MasterKeys, engines: tuple[Engine, Engine]
) -> None:
    application, worker = engines
    found = people(application, keys, PEOPLE)
    rotate_master(settings)
    fresh = MasterKeys.load(settings.master_keys_file)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: rewrap(worker, fresh), range(4)))
    assert sum(one["person_keys"] for one in done) == PEOPLE
    assert sum(one["broken"] for one in done) == 0
    rewrap(worker, fresh)
    with transaction(worker) as session:
        assert set(under(session, 1).values()) == {0}
    assert readable(application, fresh, found)


def test_a_key_that_does_not_open_holds_up_no_other(
    settings: Settings, keys: MasterKeys, engines: tuple[Engine, Engine]
) -> None:
    application, worker = engines
    people(application, keys, 3)
    broken = create_engine(settings.admin_database_url or "", poolclass=NullPool)
    with broken.begin() as connection:
        connection.execute(
            text(
                "update person_keys set wrapped = :x where person_id = (select min(person_id::text)::uuid from person_keys)"
            ),
            {"x": b"x" * 60},
        )
        connection.execute(
            text(
                "update idempotency_keys set answer = :x where key = (select min(key) from idempotency_keys)"
            ),
            {"x": b"x" * 60},
        )
    broken.dispose()
    rotate_master(settings)
    fresh = MasterKeys.load(settings.master_keys_file)
    done = rewrap(worker, fresh)
    assert (done["person_keys"], done["broken"]) == (2, 1)
    with transaction(worker) as session:
        assert under(session, 1)["stored_answers"] == 0
    with pytest.raises(SettingsRefused, match="1 person keys"):
        retire_master(settings, 1, settled_after=0)


def test_a_device_shows_codes_that_count_after_the_old_key_is_gone(
    settings: Settings, keys: MasterKeys, engines: tuple[Engine, Engine]
) -> None:
    application, worker = engines
    with transaction(application, {"master_keys": keys, "request_id": new_id()}) as session:
        begin_as_nobody(session)
        place = add_place(session, None, NewPlace(None, PlaceKind.CORPS, "00", "示范兵团", "Corps"))
        unit = add_unit(session, None, NewUnit(Agency.CAB, place.id, None, "民政", "CAB", is_default=True))
        new = NewAccount("somebody", "a sentence for one use", unit.id, Role.CASEWORKER)
        account = add_account(session, None, new).id
        device = Device(begin_second_factor(session, account, "somebody").secret)
        assert confirm_second_factor(session, account, device.code())
    rotate_master(settings)
    fresh = MasterKeys.load(settings.master_keys_file)
    with pytest.raises(SettingsRefused, match="1 second factors"):
        retire_master(settings, 1, settled_after=0)
    assert rewrap(worker, fresh)["second_factors"] == 1
    retire_master(settings, 1, settled_after=0)
    alone = MasterKeys.load(settings.master_keys_file)
    with transaction(application, {"master_keys": alone}) as session:
        assert not proves(session, account, "000000")
        assert proves(session, account, device.code())
        # guessing is slowed down and places are told apart under the key that is there
        begin_attempt(session, "somebody")
        assert len(source_digest(alone, "192.0.2.7")) == 32


def test_a_new_key_for_access_tokens_signs_a_day_later_and_tokens_of_the_old_one_count(
    settings: Settings,
) -> None:
    now = datetime.now(UTC)
    before = TokenKeys.from_folder_or_file(settings.token_keys_file, issuer="x", audience="y")
    token = before.sign(before.new_claims(new_id(), new_id(), now=now))
    starts = rotate_tokens(settings)
    after = TokenKeys.from_folder_or_file(settings.token_keys_file, issuer="x", audience="y")
    assert timedelta(hours=23) < starts - now < timedelta(hours=25)
    assert len(after.public_jwks(now=now)["keys"]) == 2
    assert after.verify(token, now=now).issuer == "x"
    later = now + timedelta(hours=25)
    assert len(after.public_jwks(now=later)["keys"]) == 1
    with pytest.raises(TokenRefused):
        before.verify(after.sign(after.new_claims(new_id(), new_id(), now=later)), now=now)


def test_whoever_writes_wraps_anew(
    settings: Settings, keys: MasterKeys, engines: tuple[Engine, Engine]
) -> None:
    application, worker = engines
    one, _other = people(application, keys, 2)
    rotate_master(settings)
    fresh = MasterKeys.load(settings.master_keys_file)
    with transaction(application, {"master_keys": fresh}) as session:
        working_on(session, FILE)
        KeyRing(session, FILE).write([NewValue(one, "identity", one, {"name": "x"}, 2)], datetime.now(UTC))
    with transaction(worker) as session:
        assert under(session, 1)["person_keys"] == 1
        assert under(session, 2)["person_keys"] == 1


def test_a_person_key_that_is_renewed_seals_everything_anew_and_commitments_stay(
    keys: MasterKeys, engines: tuple[Engine, Engine]
) -> None:
    application, _ = engines
    (person,) = people(application, keys, 1)
    with transaction(application, {"master_keys": keys}) as session:
        working_on(session, FILE)
        ring, at = KeyRing(session, FILE), datetime.now(UTC)
        ring.write([NewValue(person, "identity", person, {"name": "later"}, 2)], at)
        before = session.execute(text("select sealed from sealed_values order by revision")).scalars().all()
        committed = ring.commit_to(person, {"name": "later"})
        old_key = ring.key(person)
        assert ring.renew(person, at) == 2
        assert ring.key(person).sealing != old_key.sealing
    with transaction(application, {"master_keys": keys}) as session:
        working_on(session, FILE)
        after = session.execute(text("select sealed from sealed_values order by revision")).scalars().all()
        assert not set(map(bytes, before)) & set(map(bytes, after))
        ring = KeyRing(session, FILE)
        assert names(session, [person]) == ["later"]
        assert ring.commit_to(person, {"name": "later"}) == committed


def test_the_worker_renews_keys_that_have_served_their_time(
    settings: Settings, keys: MasterKeys, engines: tuple[Engine, Engine]
) -> None:
    application, worker = engines
    found = people(application, keys, 5)
    admin = create_engine(settings.admin_database_url or "", poolclass=NullPool)
    with admin.begin() as connection:
        connection.execute(text("delete from reports"))
        connection.execute(text("set session_replication_role = replica"))
        connection.execute(text(_A_REPORT), {"id": FILE})
        connection.execute(text("update person_keys set renewed_at = now() - interval '2 years'"))
    year = timedelta(days=365)
    with transaction(application, {"master_keys": keys}) as session:
        working_on(session, FILE)
        committed = KeyRing(session, FILE).commit_to(found[0], {"name": "x"})
    with admin.connect() as holding, holding.begin():
        holding.execute(text("select 1 from reports for update"))
        assert renew_keys(worker, keys, year) == {"people": 0, "values": 0}, "a file in use is left alone"
    assert renew_keys(worker, keys, year) == {"people": 5, "values": 5}
    assert renew_keys(worker, keys, year) == {"people": 0, "values": 0}
    admin.dispose()
    assert readable(application, keys, found)
    with transaction(application, {"master_keys": keys}) as session:
        working_on(session, FILE)
        assert KeyRing(session, FILE).commit_to(found[0], {"name": "x"}) == committed


def test_a_reader_who_met_a_key_before_it_was_renewed_reads_on(
    keys: MasterKeys, engines: tuple[Engine, Engine]
) -> None:
    application, worker = engines
    (person,) = people(application, keys, 1)
    with transaction(application, {"master_keys": keys}) as reading:
        working_on(reading, FILE)
        ring = KeyRing(reading, FILE)
        ring.key(person)
        with transaction(worker, {"master_keys": keys}) as session:
            KeyRing(session, FILE).renew(person, datetime.now(UTC))
        row = reading.execute(select(SealedValueRow).where(SealedValueRow.person_id == person)).scalar_one()
        assert ring.open(row).content == {"name": str(person)}


_A_REPORT = (
    "insert into reports (id, kind, place_id, concerns, state, unit_id, received_at, reply_by, earliest_at, head)"
    " values (:id, 'tip', '00000000-0000-0000-0000-000000000001', '{}', 'received',"
    " '00000000-0000-0000-0000-000000000001', now(), now(), now(), '')"
)
