"""Signing in at another house: the houses that are trusted, who is linked to them, and the way in."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from api.access import Anyone, Gate
from api.calls import Answered, Call, Session
from api.dependencies import PathId
from api.openapi import ALWAYS, CHANGE, ONE, SIGNED_IN, problems
from api.representations.federation import (
    IdentityBody,
    IdTokenBody,
    IssuerAnswer,
    IssuerBody,
    IssuerList,
    KeysBody,
    NonceAnswer,
    issuer_answer,
)
from api.representations.sign_in import TokenAnswer
from api.routes.sign_in import token_of
from api.strict_json import StrictRoute
from domain.actors import Actor, Role
from services import federation
from services.database import Begin
from services.rate_limits import SIGN_INS
from services.records.clients import IssuerRow

router: Final = APIRouter(tags=["Signing in"], route_class=StrictRoute)
Administrator = Annotated[Call, Depends(Gate({Role.ADMINISTRATOR}))]
Confirmed = Annotated[Call, Depends(Gate({Role.ADMINISTRATOR}, confirmed=True))]
Knocking = Annotated[Call, Depends(Anyone(SIGN_INS))]
_ADDED: Final = ("confirmation_needed", "already_exists", "key_in_flight", "key_reused", "media_type")


@router.post(
    "/sign_in/nonces",
    response_model=NonceAnswer,
    operation_id="new_nonce",
    responses=problems(*ALWAYS, "too_many", "media_type"),
)
def nonce(call: Knocking) -> Response:
    """A number for one sign-in at another house; its token must bring it back within ten minutes."""
    return call.apart_publicly(_nonce)


def _nonce(begin: Begin) -> Answered:
    with begin() as session:
        made, expires_at = federation.new_nonce(session)
    return Answered(NonceAnswer(nonce=made, expires_at=expires_at))


@router.post(
    "/sign_in/federated",
    response_model=TokenAnswer,
    operation_id="sign_in_from_elsewhere",
    responses=problems(*ALWAYS, "sign_in_refused", "too_many", "media_type"),
)
def enter(call: Knocking, body: IdTokenBody) -> Response:
    """An access token for somebody whom a trusted house just signed in (OpenID Connect). The front end runs the code flow
    with PKCE there and brings the ID token, with the nonce from here in it."""
    return call.apart_publicly(
        lambda begin: token_of(call, federation.sign_in_from_elsewhere(begin, body.id_token), ())
    )


@router.post(
    "/issuers",
    status_code=201,
    response_model=IssuerAnswer,
    operation_id="add_issuer",
    responses=problems(*SIGNED_IN, *_ADDED),
)
def post_issuer(call: Confirmed, body: IssuerBody) -> Response:
    """Trust another house, with the algorithm and the keys pinned here; nothing is fetched."""
    return call.write(
        lambda session, actor: _issuer(federation.add_issuer(session, actor, body.new_issuer())), 201
    )


def _issuer(row: IssuerRow) -> Answered:
    return Answered(issuer_answer(row), row.version)


@router.get(
    "/issuers", response_model=IssuerList, operation_id="list_issuers", responses=problems(*SIGNED_IN)
)
def read_issuers(call: Administrator) -> Response:
    """Every house that was ever trusted."""
    return call.read(lambda session, _actor: _issuers(session))


def _issuers(session: Session) -> Answered:
    items = [issuer_answer(row) for row in federation.issuers(session)]
    return Answered(IssuerList(items=items, links={"self": "/issuers"}))


@router.put(
    "/issuers/{issuer_id}/keys",
    response_model=IssuerAnswer,
    operation_id="replace_issuer_keys",
    responses=problems(*CHANGE, "confirmation_needed"),
)
def put_keys(call: Confirmed, issuer_id: PathId, body: KeysBody) -> Response:
    """Pin these keys and no others."""
    return call.write(lambda session, actor: _replaced(call, session, actor, issuer_id, body))


def _replaced(call: Call, session: Session, actor: Actor, issuer_id: UUID, body: KeysBody) -> Answered:
    return _issuer(federation.replace_keys(session, actor, issuer_id, call.asked.version, body.jwks()))


@router.post(
    "/issuers/{issuer_id}/disable",
    response_model=IssuerAnswer,
    operation_id="disable_issuer",
    responses=problems(*CHANGE),
)
def disable(call: Administrator, issuer_id: PathId) -> Response:
    """Trust it no longer."""
    return call.write(
        lambda session, actor: _issuer(
            federation.disable_issuer(session, actor, issuer_id, call.asked.version)
        )
    )


@router.post(
    "/accounts/{account_id}/identities",
    status_code=204,
    operation_id="link_identity",
    responses=problems(*ONE, *_ADDED),
)
def link(call: Confirmed, account_id: PathId, body: IdentityBody) -> Response:
    """Say who somebody is at another house."""
    return call.write(lambda session, actor: _linked(session, actor, account_id, body), 204)


def _linked(session: Session, actor: Actor, account_id: UUID, body: IdentityBody) -> Answered:
    federation.link_identity(session, actor, account_id, body.issuer_id, body.subject)
    return Answered(None)


@router.post(
    "/accounts/{account_id}/identities/unlink",
    status_code=204,
    operation_id="unlink_identities",
    responses=problems(*ONE, "key_in_flight", "key_reused", "media_type"),
)
def unlink(call: Administrator, account_id: PathId) -> Response:
    """Nobody of another house is this account any more."""
    return call.write(lambda session, actor: _unlinked(session, actor, account_id), 204)


def _unlinked(session: Session, actor: Actor, account_id: UUID) -> Answered:
    federation.unlink_identities(session, actor, account_id)
    return Answered(None)
