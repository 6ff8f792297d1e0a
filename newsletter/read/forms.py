"""Fits YAML into a model, and reports each misfit in plain words with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from functools import reduce
from itertools import takewhile
from operator import getitem
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ValidationError
from pydantic_core import ErrorDetails

from newsletter.errors import Problem, did_you_mean, nearest
from newsletter.read.answer_words import no_words, yes_words
from newsletter.read.yaml import Document, Path

Model = TypeVar("Model", bound=BaseModel)


def of_text(parse: Callable[[str], object]) -> BeforeValidator:
    """Return a validator that reads texts by *parse*, which raises ValueError(message, hint)."""
    return BeforeValidator(lambda value: parse(value) if isinstance(value, str) else value)


def validate(
    model: type[Model],
    document: Document,
    *,
    problems: list[Problem],
    elsewhere: Mapping[str, str] | None = None,
) -> Model | None:
    """
    Return the *model* that *document* describes, or None after reporting every fault.

    *elsewhere* maps keys of other kinds of files, and former keys, to a hint.
    """
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        details = error.errors(include_url=False)
    if any(_answer(detail) for detail in details):
        answered = _answered(document, details)
        return validate(model, answered, problems=problems, elsewhere=elsewhere)
    details = [detail for detail in details if not _derived(detail, details)]
    unknown = [d for d in details if d["type"] == "extra_forbidden"]
    for detail in unknown:
        problems.append(_unknown(detail, model, document, elsewhere or {}))
    misspelt = " ".join(problem.hint for problem in problems[-len(unknown) :] if unknown)
    wrong: list[Problem] = []
    for detail in details:
        if detail["type"] == "missing":
            # A misspelt key is one mistake, not two.
            if f"did you mean '{detail['loc'][-1]}'?" not in misspelt:
                wrong.append(_missing(detail, document))
        elif detail["type"] != "extra_forbidden":
            wrong.append(_wrong(detail, model, document))
    problems.extend(_at_once(wrong))
    return None


def _answer(detail: ErrorDetails) -> str:
    """Return yes or no if a refused value is a word for it in some language; else nothing."""
    word = str(detail["input"]).casefold() if detail["type"] == "bool_parsing" else ""
    return "yes" if word in yes_words() else "no" if word in no_words() else ""


def _answered(document: Document, details: Iterable[ErrorDetails]) -> Document:
    """Return the document with yes and no instead of such words."""
    data = deepcopy(document.data)
    for detail in details:
        if answer := _answer(detail):
            *above, key = _path(detail, document)
            _part(data, tuple(above))[key] = answer
    return replace(document, data=data)


def without_wrong_keys(
    model: type[Model], document: Document, *, optional: Collection[str]
) -> Model | None:
    """
    Return the *model* without keys that are wrong; None if there is none without them.

    An unknown key counts as the one that it resembles. Wrong values are left out only below
    *optional*, the keys on whose values no fault elsewhere depends.
    """
    data = deepcopy(document.data)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
    for detail in details:
        path = _path(detail, document)
        if detail["type"] == "extra_forbidden":
            value = _take(data, path)
            meant = nearest(str(path[-1]), _fields(model, path[:-1]))
            if meant and meant not in (above := _part(data, path[:-1])):
                above[meant] = value
        elif path and path[0] in optional:
            _take(data, tuple(takewhile(lambda step: isinstance(step, str), path)))
    try:
        return model.model_validate(data)
    except ValidationError:
        return None


def _part(data: Any, path: Path) -> Any:
    """Return the value at *path*; an empty mapping if it was taken out."""
    try:
        return reduce(getitem, path, data)
    except (KeyError, IndexError):
        return {}


def _take(data: Any, path: Path) -> Any:
    return _part(data, path[:-1]).pop(path[-1], None)


def _at_once(wrong: list[Problem]) -> Iterator[Problem]:
    """Yield one problem per value: pydantic reports one for each member of a union."""
    by_value: dict[object, list[Problem]] = {}
    for problem in wrong:
        value = re.match(r"'.*?' (?=is )", problem.message)
        by_value.setdefault((problem.at, value[0] if value else problem.message), []).append(
            problem
        )
    for arms in by_value.values():
        hints = dict.fromkeys(arm.hint for arm in arms if arm.hint)
        yield replace(arms[0], hint="; or ".join(hints))


def _derived(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Return whether a list is only "too short" because some of its items are wrong."""
    path = detail["loc"]
    return detail["type"] == "too_short" and any(
        other["loc"][: len(path)] == path for other in details if other is not detail
    )


def _unknown(
    detail: ErrorDetails, model: type[BaseModel], document: Document, elsewhere: Mapping[str, str]
) -> Problem:
    path = _path(detail, document)
    key = str(path[-1])
    fields = _fields(model, path[:-1])
    hint = elsewhere.get(key) or did_you_mean(key, fields) or f"the keys are {', '.join(fields)}"
    return document.key_problem(f"unknown key '{key}'", *path, hint=hint)


def _missing(detail: ErrorDetails, document: Document) -> Problem:
    path = _path(detail, document)
    key, parent = path[-1], path[:-1]
    if path in document.keys:
        hint = "write it after the colon"
        return document.key_problem(f"'{key}' has no value", *path, hint=hint)
    is_item = bool(parent) and parent not in document.keys
    at = document.value_place(parent) if is_item else document.key_place(parent)
    return Problem(f"missing key '{key}'", at, hint=f"add '{key}: …'")


def _wrong(detail: ErrorDetails, model: type[BaseModel], document: Document) -> Problem:
    path = _path(detail, document)
    value = detail["input"]
    is_key = isinstance(value, dict) or detail["loc"][-1] == "[key]"
    at = document.key_place(path) if is_key else document.value_place(path)
    if detail["type"] == "value_error":
        message, *hints = detail["ctx"]["error"].args  # as raised by validators in model/values.py
        return Problem(message, at, hint=_plain_quotes(value) or " ".join(hints))
    if isinstance(value, str):
        message, hint = _wrong_text(detail, value, lambda: _fields(model, path))
        hint = _plain_quotes(value) or hint
    elif detail["type"] == "model_type":
        message, hint = _KEYS_WANTED, _below(_fields(model, path))
    elif detail["type"] == "too_short":
        message, hint = "the list is empty", "write at least one item, each after '- '"
    elif isinstance(value, dict):
        message, hint = "this must be one value, not keys", "put the value in quotes"
    else:
        message, hint = "this must be one value, not a list", "write it after the colon"
    return Problem(message, at, hint=hint)


def _plain_quotes(value: object) -> str:
    """Return a hint for a value in quotes that word processors make, which are part of it."""
    curly = re.fullmatch(r"[“”„‟‘’‚«»](.*)[“”„‟‘’‚«»]", value) if isinstance(value, str) else None
    return (
        f"write it without the curly quotes, which are no quotes here: {curly[1]}" if curly else ""
    )


_SCALARS = {
    "bool_parsing": ("is neither yes nor no", "write yes or no"),
    "int_parsing": ("is not a whole number", "write digits only"),
    "float_parsing": ("is not a number", "write it as 2.5"),
}
_KEYS_WANTED = "this must be keys with values"
_LIMITS = {"greater_than_equal": ("ge", "at least"), "less_than_equal": ("le", "at most")}


def _wrong_text(
    detail: ErrorDetails, value: str, fields: Callable[[], list[str]]
) -> tuple[str, str]:
    """Return message and hint for a text that the model refuses."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in _SCALARS:
        fault, hint = _SCALARS[kind]
        return f"'{value}' {fault}", hint
    if kind in _LIMITS:
        key, limit = _LIMITS[kind]
        return f"'{value}' is out of range", f"write {limit} {context[key]:g}"
    if kind == "literal_error":
        options = re.findall(r"'([^']+)'", context["expected"])
        hint = did_you_mean(value, options) or f"write one of {', '.join(options)}"
        return f"'{value}' is not known here", hint
    if kind in ("tuple_type", "list_type"):
        return f"'{value}' is not a list", f"write it as [{value}]"
    if kind in ("model_type", "dict_type"):
        return _KEYS_WANTED, _below(fields())
    return f"'{value}' does not fit: {detail['msg'].lower()}", ""


def _below(fields: list[str]) -> str:
    return "write them below, indented" + (f": {', '.join(fields)}" if fields else "")


def _path(detail: ErrorDetails, document: Document) -> Path:
    """Return the location of the error, without pydantic's marks for members of a union."""
    path: Path = ()
    for part in detail["loc"]:
        is_last = part == detail["loc"][-1]
        if (*path, part) in document.values or (is_last and detail["type"] == "missing"):
            path = (*path, part)
    return path


def _fields(model: type[BaseModel], path: Path) -> list[str]:
    """Return the keys that the model knows at *path*, in the order of the documentation."""
    named = False  # whether the user chose this part of the path as a name
    for part in path:
        if isinstance(part, int) or named:
            named = False
            continue
        field = model.model_fields.get(str(part))
        inner = next(_models(field.annotation), None) if field else None
        if field is None or inner is None:
            return []
        model, named = inner, get_origin(field.annotation) is dict
    return list(model.model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models in an annotation such as `tuple[Reward, ...] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
