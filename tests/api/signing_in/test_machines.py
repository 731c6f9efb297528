"""A machine signs in with an assertion that its own key signed: once, for a minute, for one place and some purposes."""

import hmac
import itertools
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.testclient import TestClient

from api.calls import House
from services.demo_desk import Refused
from tests.api.signing_in.conftest import Desks, Sql
from tests.keys import PUBLIC_JWK, EllipticKey, Seconds, encoded
from tests.newcomers import bearing

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
NOBODY = "0198c0de-0000-7000-8000-000000000001"
PURPOSES = ["case_acceptance", "identity_check"]


class Machine:
    """A system of the northern police with one key."""

    def __init__(self, door: TestClient, house: House, client: dict[str, Any], key: EllipticKey) -> None:
        self.door, self.client, self.key = door, client, key
        self.id = str(client["id"])
        self.address = f"{house.settings.issuer}/token"

    def claims(self, **changed: object) -> dict[str, object]:
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": self.id, "sub": self.id, "aud": self.address, "iat": now, "exp": now + 50, "jti": str(uuid4()),
        }  # fmt: skip
        return {name: value for name, value in {**claims, **changed}.items() if value is not None}

    def ask(self, assertion: str | None = None, **form: str) -> httpx.Response:
        fields = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": assertion or self.key.token(self.claims()),
            **form,
        }
        answer: httpx.Response = self.door.post("/token", data=fields)
        return answer

    def token(self, **form: str) -> str:
        return str(self.ask(**form).json()["access_token"])


Register = Callable[..., Machine]


@pytest.fixture
def register(door: TestClient, house: House, desk: Desks) -> Register:
    """Registers a machine for these units, with one key unless told otherwise."""

    def one(*units: str, purposes: list[str] | None = None, key: EllipticKey | None = None) -> Machine:
        grants = [
            {"unit_id": desk(unit).me["unit_id"], "purposes": purposes or PURPOSES}
            for unit in units or ("psb-1",)
        ]
        client = desk("admin").post("/clients", {"name": f"m-{uuid4().hex[:12]}", "grants": grants})
        machine = Machine(door, house, client, key or EllipticKey())
        add_key(desk, machine, machine.key)
        return machine

    return one


def add_key(desk: Desks, machine: Machine, key: EllipticKey, days: int = 90) -> dict[str, Any]:
    admin = desk("admin")
    address = f"/clients/{machine.id}"
    until = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    body = {"kid": key.kid, "jwk": key.jwk(), "not_after": until}
    return admin.post(f"{address}/keys", body, version=int(admin.get(address)["version"]))


def revoke(desk: Desks, machine: Machine, kid: str) -> None:
    admin, address = desk("admin"), f"/clients/{machine.id}"
    admin.post(f"{address}/keys/{kid}/revoke", version=int(admin.get(address)["version"]))


def test_a_machine_gets_five_minutes_for_what_it_was_granted(register: Register) -> None:
    machine = register()
    answer = machine.ask()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    content = answer.json()
    assert (content["expires_in"], content["token_type"]) == (300, "Bearer")
    assert content["scope"] == "place:01 purpose:case_acceptance purpose:identity_check"
    me = machine.door.get("/me", headers=bearing(content["access_token"])).json()
    assert (me["role"], me["agency"], me["account_id"]) == ("integration", "PSB", machine.id)


def test_it_asks_for_less_than_it_was_granted_and_never_gets_more(register: Register) -> None:
    machine = register("psb-1", "south-psb-1")
    assert (
        machine.ask(scope="place:02 purpose:identity_check").json()["scope"]
        == "place:02 purpose:identity_check"
    )
    for scope in (
        "",
        "purpose:identity_check",
        "place:03",
        "place:01 place:02",
        "place:01 purpose:adoption",
        "place:01 all",
    ):
        refused = machine.ask(scope=scope)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope"), scope


def test_it_works_at_the_unit_of_the_place_that_its_token_names(register: Register, desk: Desks) -> None:
    machine = register("psb-1", "south-psb-1")
    for place, unit in (("01", "psb-1"), ("02", "south-psb-1")):
        me = machine.door.get("/me", headers=bearing(machine.token(scope=f"place:{place}"))).json()
        assert me["unit_id"] == desk(unit).me["unit_id"]


def test_an_assertion_counts_once(register: Register) -> None:
    machine = register()
    assertion = machine.key.token(machine.claims())
    assert [machine.ask(assertion).status_code for _ in range(3)] == [200, 401, 401]


def test_two_machines_may_use_the_same_number(register: Register) -> None:
    one, other = register(), register()
    answers = [m.ask(m.key.token(m.claims(jti="the-same-number"))).status_code for m in (one, other, one)]
    assert answers == [200, 200, 401]


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://elsewhere.invalid/token"}, {"aud": None}, {"aud": []}, {"aud": ["a", "b"]},
        {"iss": NOBODY}, {"sub": NOBODY}, {"iss": None}, {"sub": None}, {"sub": 7},
        {"sub": "\0" * 36}, {"sub": "-" * 36}, {"iss": "\ud800"},
        {"exp": None}, {"exp": Seconds(-5)}, {"exp": Seconds(3600)}, {"exp": "soon"}, {"exp": True}, {"exp": 1e400},
        {"jti": None}, {"jti": "short"}, {"jti": "x" * 200}, {"jti": 12345678},
        {"iat": Seconds(3600)}, {"nbf": Seconds(3600)},
    ],
    ids=str,
)  # fmt: skip
def test_an_assertion_that_says_something_else_counts_for_nothing(
    register: Register, changed: dict[str, object]
) -> None:
    machine = register()
    refused = machine.ask(machine.key.token(machine.claims(**changed)))
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    assert machine.ask().status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"}, {"alg": "HS256"}, {"alg": "RS256"}, {"alg": "ES384"}, {"alg": None}, {"kid": None},
        {"kid": "another"}, {"crit": ["exp"]}, {"jku": "https://elsewhere.invalid"}, {"jwk": PUBLIC_JWK},
        {"typ": "at+jwt"}, {"x5c": ["MIIB"]},
    ],
    ids=str,
)  # fmt: skip
def test_an_assertion_with_another_header_counts_for_nothing(
    register: Register, header: dict[str, object]
) -> None:
    machine = register()
    assert machine.ask(machine.key.token(machine.claims(), **header)).status_code == 401


def test_a_key_of_somebody_else_counts_for_nothing(register: Register) -> None:
    machine, other = register(), register()
    assert machine.ask(other.key.token(machine.claims())).status_code == 401
    assert machine.ask(EllipticKey().token(machine.claims())).status_code == 401


@pytest.mark.parametrize("form", ["pem", "der", "point"])
def test_the_public_key_is_no_secret_to_sign_with(register: Register, form: str) -> None:
    machine = register()
    public = machine.key.private.public_key()
    secret = {
        "pem": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "der": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "point": public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
    }[form]
    for alg in ("HS256", "ES256"):
        header = {"alg": alg, "kid": machine.key.kid, "typ": "JWT"}
        content = ".".join(encoded(json.dumps(part).encode()) for part in (header, machine.claims()))
        forged = f"{content}.{encoded(hmac.digest(secret, content.encode(), 'sha256'))}"
        assert machine.ask(forged).status_code == 401


def test_no_word_of_the_refusal_tells_what_was_wrong(register: Register) -> None:
    machine = register()
    wrong = [
        machine.key.token(machine.claims(aud="x")),
        EllipticKey().token(machine.claims()),
        machine.key.token(machine.claims(iss=str(uuid4()), sub=str(uuid4()))),
        "not.a.token",
        "",
    ]
    told = [machine.ask(one or "x") for one in wrong]
    assert len({json.dumps({k: v for k, v in one.json().items() if k != "instance"}) for one in told}) == 1


def test_keys_are_exchanged_without_a_moment_in_which_none_counts(register: Register, desk: Desks) -> None:
    machine = register()
    successor = EllipticKey("2026-b")
    add_key(desk, machine, successor)
    assert machine.ask(machine.key.token(machine.claims())).status_code == 200
    assert machine.ask(successor.token(machine.claims())).status_code == 200
    with pytest.raises(Refused) as refused:
        add_key(desk, machine, EllipticKey("2026-c"))
    assert refused.value.problem["unmet"][0]["code"] == "one_key_too_many"
    running = machine.token()
    revoke(desk, machine, machine.key.kid)
    assert machine.ask(machine.key.token(machine.claims())).status_code == 401
    assert machine.ask(successor.token(machine.claims())).status_code == 200
    assert machine.door.get("/me", headers=bearing(running)).status_code == 401
    add_key(desk, machine, EllipticKey("2026-c"))


def test_a_key_past_its_last_day_counts_no_longer_and_its_end_is_announced(
    register: Register, desk: Desks, sql: Sql
) -> None:
    machine = register()
    later, soon = EllipticKey("later"), EllipticKey("soon")
    revoke(desk, machine, machine.key.kid)
    add_key(desk, machine, later, days=31)
    client = add_key(desk, machine, soon, days=29)
    assert {key["kid"]: key["ends_soon"] for key in client["keys"] if key["counts"]} == {
        "later": False,
        "soon": True,
    }
    sql("update client_keys set not_after = now() where kid = 'soon' and account_id = :id", id=machine.id)
    assert machine.ask(soon.token(machine.claims())).status_code == 401
    assert machine.ask(later.token(machine.claims())).status_code == 200


@pytest.mark.parametrize("how", ["suspend", "disable", "grants"])
def test_what_is_taken_from_a_machine_is_gone_with_the_next_request(
    register: Register, desk: Desks, how: str
) -> None:
    machine, admin = register(), desk("admin")
    running = machine.token()
    if how == "grants":
        grants = [{"unit_id": desk("south-psb-1").me["unit_id"], "purposes": ["identity_check"]}]
        version = admin.get(f"/clients/{machine.id}")["version"]
        changed = machine.door.put(
            f"/clients/{machine.id}/grants",
            json={"grants": grants},
            headers={**bearing(admin.token), "If-Match": f'"{version}"'},
        )
        assert changed.status_code == 200
        assert machine.ask().json()["scope"] == "place:02 purpose:identity_check"
    else:
        admin.post(f"/accounts/{machine.id}/{how}", version=admin.get(f"/accounts/{machine.id}")["version"])
        assert machine.ask().status_code == 401
    assert {machine.door.get("/me", headers=bearing(running)).status_code for _ in range(50)} == {401}


def test_a_machine_has_no_password_and_no_way_to_the_doors_of_people(register: Register) -> None:
    machine = register()
    shown = {"username": machine.client["name"], "password": "whatever it may be, really"}
    assert machine.door.post("/sign_in", json=shown).status_code == 401
    headers = bearing(machine.token())
    for address in ("/me/password", "/me/second_factor", "/me/recovery_codes"):
        assert machine.door.post(address, json={}, headers=headers).status_code in (403, 422)
    assert machine.door.post("/accounts", json={}, headers=headers).status_code in (403, 422)


@pytest.mark.parametrize(
    "jwk",
    [EllipticKey(curve=ec.SECP384R1()).jwk(), {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}],
    ids=["another curve", "no point"],
)
def test_only_a_point_of_the_curve_is_taken_as_a_key(
    register: Register, desk: Desks, jwk: dict[str, Any]
) -> None:
    machine, admin = register(), desk("admin")
    body = {"kid": "other", "jwk": jwk, "not_after": (datetime.now(UTC) + timedelta(days=9)).isoformat()}
    with pytest.raises(Refused) as refused:
        admin.post(
            f"/clients/{machine.id}/keys", body, version=admin.get(f"/clients/{machine.id}")["version"]
        )
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("units", "rule"),
    [
        (("psb-1", "cab-1"), "units_of_one_agency"),
        (("cab-1", "station-1"), "units_of_one_agency"),
        (("office-1",), "agency_reads_no_cases"),
    ],
)  # fmt: skip
def test_a_machine_belongs_to_one_agency_that_reads_cases(
    register: Register, units: tuple[str, ...], rule: str
) -> None:
    with pytest.raises(Refused) as refused:
        register(*units)
    assert refused.value.problem["errors"][0]["rule"] == rule


@pytest.mark.parametrize(
    "body",
    [
        b"", b"grant_type=client_credentials", b"grant_type=password&username=a&password=b", b"%zz", b"\xff\xfe",
        b"grant_type=client_credentials&grant_type=client_credentials", b"a=1&" * 20,
    ],
)  # fmt: skip
def test_another_form_is_refused(door: TestClient, body: bytes) -> None:
    answer = door.post("/token", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 422
    assert door.post("/token", json={"grant_type": "client_credentials"}).status_code == 415


def test_a_machine_finds_its_way_by_the_metadata(door: TestClient, house: House) -> None:
    found = door.get("/.well-known/oauth-authorization-server").json()
    assert found["token_endpoint"] == f"{house.settings.issuer}/token"
    assert found["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert door.get("/.well-known/jwks.json").json()["keys"][0]["kty"] == "EC"


@pytest.mark.drill
def test_of_ten_thousand_altered_assertions_none_counts(register: Register, sql: Sql) -> None:
    machine = register()
    good, tried = "", 0
    for at in itertools.count():
        if at % 50 == 0:
            # the next fifty are of an assertion that still lives and was never used: it is the alteration that is refused
            assert not good or machine.ask(good).status_code == 200
            sql("delete from rate_counters")
            good = machine.key.token(machine.claims())
            if tried >= 10_000:
                break
        place, sign = at % len(good), "AzQ5-_.=~"[at % 9]
        if good[place] != sign:
            altered = good[:place] + sign + good[place + 1 :]
            assert machine.ask(altered).status_code in (401, 422), at
            tried += 1
