"""What administrators change, each with a version: accounts, machines, houses that are trusted."""

from collections.abc import Callable
from typing import Final
from uuid import uuid4

from services.demo_desk import Desk
from tests.api.manners.disputes import Target
from tests.api.manners.operations import Caller

OF_ACCOUNTS: Final = (
    "change_account", "suspend_account", "reinstate_account", "disable_account", "give_password",
)  # fmt: skip


def of_registers(caller: Caller, staff: Callable[[str], Desk]) -> dict[str, Target]:
    """An account of the police, a machine of theirs, a house that signs people in."""
    admin, police, code = staff("admin"), staff("psb-1"), uuid4().hex[:12]
    grants = [{"unit_id": police.me["unit_id"], "purposes": ["identity_check"]}]
    machine = {"client_id": caller.done("add_client", admin, {"name": f"v-{code}", "grants": grants})["id"]}
    trusted = {**caller.document.example("add_issuer"), "issuer": f"https://{code}.example.invalid"}
    house = {"issuer_id": caller.done("add_issuer", admin, trusted)["id"]}
    colleague = {"account_id": police.colleagues()[0]}
    another = {
        **caller.document.example("add_account"),
        "username": f"w-{code}",
        "unit_id": police.me["unit_id"],
    }
    let_in = {"account_id": caller.done("add_account", admin, another)["id"]}
    return {
        **{name: Target(admin, colleague) for name in OF_ACCOUNTS},
        **{
            name: Target(staff("psb-supervisor"), let_in)
            for name in ("approve_access", "end_access_approval")
        },
        "change_client_grants": Target(admin, machine),
        "add_client_key": Target(admin, machine),
        "revoke_client_key": Target(admin, {**machine, "kid": "2026-a"}),
        "replace_issuer_keys": Target(admin, house),
        "disable_issuer": Target(admin, house),
    }
