"""Ways into the application in this process, each from an address of its own, on one event loop."""

from starlette.testclient import TestClient


def another_door(client: TestClient, address: str) -> TestClient:
    """The same application from another address: limits count by address. The loop is the first client's."""
    door = TestClient(client.app, raise_server_exceptions=False, client=(address, 50000))
    door.portal = client.portal
    return door
