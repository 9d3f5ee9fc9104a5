"""One change at a time to the code that decides who may do what, and to the rules of rows."""

import ast
import gc
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any, get_args

from app import deps
from app.models.key import SCOPES_OF, Role, Scope
from app.services import companies, holders, keys, people, portals, tenancy

_CHECKED: tuple[tuple[ModuleType, tuple[str, ...]], ...] = (
    (
        tenancy,
        ("is_curator", "check", "accounts", "confidential", "readable", "_tenant"),
    ),
    (keys, ("issue", "identify", "_is_over", "_locked", "_check_fields", "_holder")),
    (holders, ("may_make", "check_may_give", "portal_for", "of_company")),
    (people, ("invite", "check_may_sign_out", "found", "_holder")),
    (portals, ("_visible", "_found", "chosen")),
    (companies, ("add", "found")),
    (deps, ("get_caller",)),
)
# Changes that nobody could notice, with the reason.
_ALIKE = {
    "keys.identify: without `not hmac.compare_digest(key.digest, digest)`": "the row was found by "
    "that digest; the comparison is a second lock on the same door",
    "keys.identify: `not credentials.is_key(secret)` is never so": "what is no key has no row",
    "keys.issue: without `Role.EMBED`": "whoever comes here has a role",
    "portals.chosen: without `CENTRE`": "whoever comes here has a portal",
    "deps.get_caller: `caller.origins is not None` is never so": "this is CORS, see tests/edge",
    "deps.get_caller: `caller.origins is not None` is always so": "likewise",
    "deps.get_caller: `caller.origins is not None` the other way round": "likewise",
    "requirement_need_all: without its condition 2 (r.company_id)": "the requirement that is "
    "looked up is under its own rule, which shows a company its own alone",
    "requirement_need_all: without its condition 3 (r.portal_id)": "likewise a partner",
}
_ALLOWED = "allow.<locals>.check"
_SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.LtE: ast.Gt,
    ast.Lt: ast.GtE,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: what it says, and the function's code before and after."""

    name: str
    before: CodeType
    after: CodeType


def of_code() -> list[Mutant]:
    """All changes to the functions that decide."""
    found = []
    for module, names in _CHECKED:
        tree = ast.parse(inspect.getsource(module))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name in names:
                found += list(_of_function(module, tree, node))
    return [each for each in found if each.name not in _ALIKE]


def _of_function(module: ModuleType, tree: ast.Module, node: ast.FunctionDef) -> Iterator[Mutant]:
    short = module.__name__.rpartition(".")[2]
    before = _code_of(module, tree, node)
    for number, part in enumerate(ast.walk(node)):
        for told, change in _changes(part):
            copied = deepcopy(tree)
            target = next(
                each
                for each in ast.walk(copied)
                if isinstance(each, ast.FunctionDef)
                and (each.name, each.lineno) == (node.name, node.lineno)
            )
            change(list(ast.walk(target))[number])
            ast.fix_missing_locations(copied)
            yield Mutant(f"{short}.{node.name}: {told}", before, _code_of(module, copied, target))


def _changes(part: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """What can be changed at one place: a sentence, and how."""
    if isinstance(part, ast.If):
        test = ast.unparse(part.test)
        yield f"`{test}` is never so", _set("test", ast.Constant(False))
        yield f"`{test}` is always so", _set("test", ast.Constant(True))
    elif isinstance(part, ast.Compare) and type(part.ops[0]) in _SWAPPED:
        swapped = _SWAPPED[type(part.ops[0])]()
        yield f"`{ast.unparse(part)}` the other way round", _replace("ops", 0, swapped)
    elif isinstance(part, ast.BoolOp):
        neutral = ast.Constant(isinstance(part.op, ast.And))
        for i, value in enumerate(part.values):
            yield f"without `{ast.unparse(value)}`", _replace("values", i, neutral)
    elif isinstance(part, ast.Call):
        callee = ast.unparse(part.func)
        for i, value in enumerate(part.args):
            if callee == "and_":
                every = ast.Call(ast.Name("true", ast.Load()), [], [])
                yield f"without `{ast.unparse(value)}`", _replace("args", i, every)
            elif callee == "or_" or callee.endswith(".where"):
                yield f"without `{ast.unparse(value)}`", _drop("args", i)


def _replace(name: str, index: int, value: Any) -> Callable[[Any], None]:
    return lambda node: getattr(node, name).__setitem__(index, value)


def _set(name: str, value: Any) -> Callable[[Any], None]:
    return lambda node: setattr(node, name, value)


def _drop(name: str, index: int) -> Callable[[Any], None]:
    return lambda node: getattr(node, name).pop(index)


def _code_of(module: ModuleType, tree: ast.Module, node: ast.FunctionDef) -> CodeType:
    whole = compile(tree, str(module.__file__), "exec")
    waiting = [whole]
    while waiting:
        code = waiting.pop()
        if (code.co_name, code.co_firstlineno) == (node.name, _first_line(node)):
            return code
        waiting += [each for each in code.co_consts if isinstance(each, CodeType)]
    raise LookupError(node.name)


def _first_line(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    """Every function with the code of before has the other one meanwhile, wherever it is held."""
    gc.unfreeze()  # a service that has started has frozen what there was
    same = [
        each
        for each in gc.get_objects()
        if isinstance(each, FunctionType)
        and each.__code__.co_name == mutant.before.co_name
        and each.__code__.co_firstlineno == mutant.before.co_firstlineno
        and each.__code__.co_filename == mutant.before.co_filename
    ]
    assert same, mutant.name
    codes = [each.__code__ for each in same]
    for each in same:
        each.__code__ = mutant.after
    try:
        yield
    finally:
        for each, code in zip(same, codes, strict=True):
            each.__code__ = code


def of_rights() -> Iterator[tuple[str, AbstractContextManager[None]]]:
    """All changes to what routes ask for: a role more, a role fewer, another scope."""
    for name, value in vars(deps).items():
        for part in get_args(value)[1:]:
            check = getattr(part, "dependency", None)
            if not isinstance(check, FunctionType) or check.__qualname__ != _ALLOWED:
                continue
            roles, scope = _cell(check, "roles"), _cell(check, "scope")
            for role in Role:
                if role in roles.cell_contents:
                    fewer = tuple(each for each in roles.cell_contents if each is not role)
                    yield f"deps.{name}: without {role}", _held(roles, fewer)
                elif scope.cell_contents in SCOPES_OF[role]:
                    yield f"deps.{name}: with {role}", _held(roles, (*roles.cell_contents, role))
            yield f"deps.{name}: the scope match will do", _held(scope, Scope.MATCH)


def _cell(function: FunctionType, name: str) -> CellType:
    return (function.__closure__ or ())[function.__code__.co_freevars.index(name)]


@contextmanager
def _held(cell: CellType, value: Any) -> Iterator[None]:
    before, cell.cell_contents = cell.cell_contents, value
    try:
        yield
    finally:
        cell.cell_contents = before


# The conditions that a rule of rows is made of, each of which is dropped where it stands.
_CONDITION = re.compile(
    r"[\w.]+ = NULLIF\(current_setting\('cdmo\.\w+', true\), ''\)::uuid"
    r"|caller = current_setting\('cdmo\.actor', true\)"
    r"|shared_at IS NOT NULL"
    r"|\w+\.id = \w+_id"
)


def of_rules() -> Iterator[tuple[str, str]]:
    """All changes to the rules of rows: a sentence, and the statement that makes it."""
    for table, command, rows in _rules():
        for number, found in enumerate(_CONDITION.finditer(rows)):
            changed = f"{rows[: found.start()]}true{rows[found.end() :]}"
            check = f" WITH CHECK ({changed})" if command == "ALL" else ""
            name = f"{table}_{command.lower()}"
            told = f"{name}: without its condition {number + 1} ({found[0].split(' ')[0]})"
            if told in _ALIKE:
                continue
            yield (
                told,
                f"ALTER POLICY {name} ON {table} USING ({changed}){check}",
            )


def _rules() -> list[tuple[str, str, str]]:
    """The rules as the migrations write them."""
    found: list[tuple[str, str, str]] = []
    for file in sorted((Path(__file__).parents[2] / "migrations" / "versions").glob("*.py")):
        if "_POLICIES" in file.read_text(encoding="utf-8"):
            scope: dict[str, Any] = {"__name__": file.stem}
            exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), scope)
            found += scope["_POLICIES"]
    return found
