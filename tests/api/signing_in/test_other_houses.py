"""Who signed in at a trusted house is let in here: by its pinned keys, its subject, a number of ours, and its strength."""

import time
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from starlette.testclient import TestClient

from services.demo_desk import Refused
from tests.api.signing_in.conftest import Desks, Sql, given
from tests.keys import PUBLIC_JWK, EllipticKey, RsaKey, Seconds
from tests.newcomers import bearing, let_in

KEYS: Final[dict[str, EllipticKey | RsaKey]] = {"ES256": EllipticKey(), "RS256": RsaKey()}


class Elsewhere:
    """Another house, and somebody of ours whom it knows."""

    def __init__(self, door: TestClient, desk: Desks, algorithm: str = "ES256") -> None:
        self.door, self.desk, self.key = door, desk, KEYS[algorithm]
        self.issuer = f"https://sign-in-{uuid4().hex[:8]}.example.invalid"
        body = {
            "issuer": self.issuer,
            "audience": "homeward",
            "algorithm": algorithm,
            "keys": [{"kid": self.key.kid, **self.key.jwk()}],
            "acr_values": ["phrh"],
        }
        self.id = desk("admin").post("/issuers", body)["id"]
        self.account, self.subject = given(desk), uuid4().hex
        body = {"issuer_id": self.id, "subject": self.subject}
        desk("admin").post(f"/accounts/{self.account['id']}/identities", body)
        let_in(desk, self.account)

    def nonce(self) -> str:
        return str(self.door.post("/sign_in/nonces", json={}).json()["nonce"])

    def claims(self, **changed: object) -> dict[str, object]:
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": self.issuer, "sub": self.subject, "aud": "homeward", "iat": now, "exp": now + 300, "auth_time": now - 60,
            "acr": "phrh", "nonce": self.nonce(), "name": "whatever they call them there",
        }  # fmt: skip
        return {name: value for name, value in {**claims, **changed}.items() if value is not None}

    def enter(self, id_token: str | None = None) -> httpx.Response:
        body = {"id_token": id_token or self.key.token(self.claims())}
        answer: httpx.Response = self.door.post("/sign_in/federated", json=body)
        return answer


@pytest.fixture
def elsewhere(door: TestClient, desk: Desks) -> Elsewhere:
    return Elsewhere(door, desk)


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_who_signed_in_at_a_trusted_house_is_let_in(door: TestClient, desk: Desks, algorithm: str) -> None:
    there = Elsewhere(door, desk, algorithm)
    answer = there.enter()
    assert answer.status_code == 200
    # password and second factor are that house's matter
    assert answer.json()["to_set_up"] == []
    me = door.get("/me", headers=bearing(answer.json()["access_token"])).json()
    assert me["account_id"] == there.account["id"]
    assert door.get("/inbox", headers=bearing(answer.json()["access_token"])).status_code == 200
    refreshed = door.post("/sign_in/refresh", json={"refresh_token": answer.json()["refresh_token"]})
    assert refreshed.json()["to_set_up"] == []


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://another.example.invalid"}, {"iss": None}, {"aud": "another"}, {"aud": ["homeward", "another"]},
        {"azp": "another"}, {"sub": "somebody else"}, {"sub": None}, {"sub": "\0"}, {"iss": "\0"},
        {"nonce": None}, {"nonce": "made-up"},
        {"acr": None}, {"acr": "password"}, {"auth_time": None}, {"auth_time": Seconds(-7200)}, {"auth_time": Seconds(7200)},
        {"exp": Seconds(-5)}, {"exp": None}, {"iat": Seconds(-7200)}, {"iat": Seconds(7200)}, {"iat": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_says_something_else_opens_nothing(
    elsewhere: Elsewhere, changed: dict[str, object]
) -> None:
    assert elsewhere.enter(elsewhere.key.token(elsewhere.claims(**changed))).status_code == 401
    assert elsewhere.enter().status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"}, {"alg": "HS256"}, {"alg": "RS256"}, {"kid": "x"}, {"crit": ["x"]}, {"typ": "at+jwt"}, {"jku": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_with_another_header_opens_nothing(elsewhere: Elsewhere, header: dict[str, Any]) -> None:
    assert elsewhere.enter(elsewhere.key.token(elsewhere.claims(), **header)).status_code == 401


def test_the_algorithm_is_pinned_to_the_house(door: TestClient, desk: Desks) -> None:
    there = Elsewhere(door, desk, "ES256")
    assert there.enter(KEYS["RS256"].token(there.claims(), kid=there.key.kid)).status_code == 401


def test_a_token_of_one_house_says_nothing_about_the_subjects_of_another(
    door: TestClient, desk: Desks
) -> None:
    one, other = Elsewhere(door, desk, "ES256"), Elsewhere(door, desk, "RS256")
    assert one.enter(one.key.token(one.claims(sub=other.subject))).status_code == 401
    assert one.enter(other.key.token(one.claims())).status_code == 401


def test_a_number_counts_once(elsewhere: Elsewhere) -> None:
    token = elsewhere.key.token(elsewhere.claims())
    assert [elsewhere.enter(token).status_code for _ in range(2)] == [200, 401]


def test_new_keys_replace_the_old_ones_and_a_house_can_be_trusted_no_longer(
    elsewhere: Elsewhere, desk: Desks, door: TestClient
) -> None:
    admin, successor = desk("admin"), EllipticKey("2027-a")
    headers = {**bearing(admin.token), "If-Match": '"1"'}
    keys = {"keys": [{"kid": successor.kid, **successor.jwk()}]}
    assert door.put(f"/issuers/{elsewhere.id}/keys", json=keys, headers=headers).status_code == 200
    assert elsewhere.enter().status_code == 401
    assert elsewhere.enter(successor.token(elsewhere.claims())).status_code == 200
    admin.post(f"/issuers/{elsewhere.id}/disable", version=2)
    assert elsewhere.enter(successor.token(elsewhere.claims())).status_code == 401


def test_a_shut_account_and_one_that_is_linked_no_longer_stay_outside(
    elsewhere: Elsewhere, desk: Desks, sql: Sql
) -> None:
    admin, address = desk("admin"), f"/accounts/{elsewhere.account['id']}"
    version = int(str(sql("select version from accounts where id = :id", id=elsewhere.account["id"])[0][0]))
    admin.post(f"{address}/suspend", version=version)
    assert elsewhere.enter().status_code == 401
    admin.post(f"{address}/reinstate", version=version + 1)
    assert elsewhere.enter().status_code == 200
    admin.post(f"{address}/identities/unlink")
    assert elsewhere.enter().status_code == 401


def test_who_signed_in_elsewhere_proves_it_again_there(elsewhere: Elsewhere, desk: Desks) -> None:
    token = elsewhere.enter().json()["access_token"]
    refused = elsewhere.door.post(
        "/sign_in/confirm", json={"proof": "homeward demonstration"}, headers=bearing(token)
    )
    assert refused.status_code == 401


def test_somebody_is_linked_once_and_machines_never(elsewhere: Elsewhere, desk: Desks) -> None:
    admin = desk("admin")
    body = {"issuer_id": elsewhere.id, "subject": elsewhere.subject}
    with pytest.raises(Refused) as refused:
        admin.post(f"/accounts/{given(desk)['id']}/identities", body)
    assert refused.value.status == 409


@pytest.mark.parametrize("key", [RsaKey(bits=1024).jwk(), PUBLIC_JWK], ids=["too short", "another kind"])
def test_only_keys_of_the_named_algorithm_and_a_fair_length_are_pinned(
    desk: Desks, key: dict[str, Any]
) -> None:
    body = {
        "issuer": f"https://{uuid4().hex[:8]}.example.invalid",
        "audience": "homeward",
        "algorithm": "RS256",
        "keys": [{"kid": "a", **key}],
        "acr_values": ["phrh"],
    }
    with pytest.raises(Refused) as refused:
        desk("admin").post("/issuers", body)
    assert refused.value.status == 422


def test_a_new_way_in_to_an_account_ends_the_approval_that_was_given_before(
    elsewhere: Elsewhere, desk: Desks
) -> None:
    admin, address = desk("admin"), f"/accounts/{elsewhere.account['id']}"
    assert admin.get(address)["access_approved_until"] is not None
    admin.post(f"{address}/identities", {"issuer_id": elsewhere.id, "subject": uuid4().hex})
    assert admin.get(address)["access_approved_until"] is None
