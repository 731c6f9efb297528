"""No module needs itself to be imported: any of them can be the first one, in any program."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
Graph = Mapping[str, frozenset[str]]


def modules() -> dict[str, Path]:
    found = {}
    for package in ("domain", "services", "api"):
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def at_once(body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that are carried out with the module: what stands in a function is not."""
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        for part in ("body", "orelse", "finalbody"):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (
                inner := getattr(node, part, None)
            ):
                yield from at_once(inner)


def ancestors(module: str) -> frozenset[str]:
    parts = module.split(".")
    return frozenset(".".join(parts[:n]) for n in range(1, len(parts)))


def named(node: ast.Import | ast.ImportFrom, known: Mapping[str, Path]) -> Iterator[str]:
    """The modules that this import asks for; a name that is no module is asked of the module it comes from."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield alias.name
            continue
        below = f"{node.module}.{alias.name}"
        yield below if below in known else str(node.module)


def imports(known: Mapping[str, Path]) -> Graph:
    """Which module each one waits for while it is imported. A package comes before what is in it, so that whoever asks for
    a module from outside its package waits for the package too; within, the package is being imported already."""
    graph = {}
    for module, path in known.items():
        asked = {
            name
            for node in at_once(ast.parse(path.read_text(encoding="utf-8")).body)
            for name in named(node, known)
        }
        packages = {package for name in asked for package in ancestors(name)} - ancestors(module)
        graph[module] = frozenset((asked | packages) & known.keys()) - {module}
    return graph


def cycle(graph: Graph) -> list[str]:
    """One way from a module back to itself; empty where there is none."""
    done: set[str] = set()
    for start in sorted(graph):
        way: list[str] = []
        if found := _back(graph, start, way, done):
            return found
    return []


def _back(graph: Graph, module: str, way: list[str], done: set[str]) -> list[str]:
    if module in way:
        return [*way[way.index(module) :], module]
    if module in done:
        return []
    way.append(module)
    for needed in sorted(graph[module]):
        if found := _back(graph, needed, way, done):
            return found
    way.pop()
    done.add(module)
    return []


def test_no_module_waits_for_itself() -> None:
    graph = imports(modules())
    assert graph["domain.requirements.follow_up"] >= {"domain.follow_up", "domain.facts"}
    assert " -> ".join(cycle(graph)) == ""
