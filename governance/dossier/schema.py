"""The JSON Schema (draft 2020-12) of a dossier, generated from the sections, and the check of a document against it."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from coopproject.exceptions import Violation
from governance.dossier import fields
from governance.dossier.sections import COOPERATION, FORMAT, FORMAT_VERSION, Section, section_of, sections

MAX_ERRORS = 500
# What RFC 8785 carries exactly.
_MAX_NUMBER = 2**53 - 1
_MIN_NUMBER = -_MAX_NUMBER
_REF_TITLE = "identifiant dans le dossier ; un UUID devient l’identifiant de l’objet"


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """As the standard wants it: `$` is the end of the text, where Python's would let a line feed follow."""
    if isinstance(instance, str) and not re.search(pattern.replace("$", r"\Z"), instance, re.ASCII):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _unique_items(validator: Any, unique: bool, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """Of texts only, in one pass: the library compares each pair of what it cannot sort, minutes for a hostile list."""
    texts = [item for item in instance if isinstance(item, str)] if isinstance(instance, list) else []
    if len(set(texts)) != len(texts):
        yield ValidationError("has items that are not unique")


_Validator = extend(Draft202012Validator, {"pattern": _pattern, "uniqueItems": _unique_items})


def dossier_schema() -> dict[str, Any]:
    """The schema of the documents that this instance takes. Its titles are the French labels of the models."""
    with override("fr"):
        found = sections()
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:coopproject:dossier:{FORMAT_VERSION}",
            "title": "Dossier portable d’une coopération",
            "type": "object",
            "additionalProperties": False,
            "required": ["format", "format_version", COOPERATION],
            "properties": {
                "format": {"const": FORMAT},
                "format_version": {"const": FORMAT_VERSION},
                "reference_date": {
                    "title": "jour à partir duquel se comptent les dates relatives (par défaut celui de l’import)",
                    "type": "string",
                    "pattern": r"^\d{4}-\d{2}-\d{2}$",
                },
            }
            | {section.key: _listed(section) for section in found},
            "$defs": {part.key: _row_schema(part) for section in found for part in section},
        }


def _listed(section: Section) -> dict[str, Any]:
    row = {"$ref": f"#/$defs/{section.key}"}
    if section.key == COOPERATION:
        return row
    return {"title": str(section.model._meta.verbose_name_plural), "type": "array", "items": row}


def _row_schema(section: Section) -> dict[str, Any]:
    properties: dict[str, Any] = {"ref": {"title": _REF_TITLE, "type": "string", "pattern": fields.REF_PATTERN}}
    required = []
    for column in section.columns:
        described = fields.schema(column)
        if column.is_relation:
            target = section_of(column.related_model)
            described["description"] = f"ref: {target.key if target else column.related_model.__name__}"
        properties[column.name] = described
        if fields.omission(column) is fields.NOT_SET and column.name not in section.optional:
            required.append(column.name)
    properties |= {child.key: _listed(child) for child in section.children}
    return {
        "title": str(section.model._meta.verbose_name),
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }


def violations(document: Any) -> list[Violation]:
    """Every way in which a document is not of the format, each with its pointer; at most `MAX_ERRORS`."""
    found = list(_unstorable(document))
    for error in _Validator(dossier_schema()).iter_errors(document):
        if len(found) > MAX_ERRORS:
            break
        found += _explained(error)
    if len(found) > MAX_ERRORS:
        detail = _("Plus de %(count)s erreurs : les suivantes ne sont pas montrées.") % {"count": MAX_ERRORS}
        return [*found[:MAX_ERRORS], Violation("too_many_errors", detail)]
    return found


def pointer(*parts: Any) -> str:
    """An RFC 6901 JSON pointer."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def _unstorable(document: Any) -> Iterator[Violation]:
    """What JSON can say and a database or a canonical form cannot hold. Bounded depth: see `reading`."""
    pending: list[tuple[tuple[Any, ...], Any]] = [((), document)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, dict):
            pending += [((*path, key), item) for key, item in value.items()]
            pending += [((*path, key), str(key)) for key in value if _bad_text(str(key))]
        elif isinstance(value, list):
            pending += [((*path, index), item) for index, item in enumerate(value)]
        elif isinstance(value, str):
            if _bad_text(value):
                detail = _("Le texte contient un caractère nul ou incomplet.")
                yield Violation("bad_character", detail, pointer(*(repr(part)[1:-1] for part in path if part != "")))
        elif isinstance(value, int | float) and not _MIN_NUMBER <= value <= _MAX_NUMBER:
            yield Violation("out_of_range", _("Ce nombre est trop grand."), pointer(*path))


def _bad_text(text: str) -> bool:
    return re.search("[\x00\ud800-\udfff]", text) is not None


_MESSAGES: dict[str, tuple[str, str | Promise]] = {
    "type": ("wrong_type", _("Type attendu : %(expected)s.")),
    "enum": ("unknown_choice", _("Valeur inconnue. Admises : %(expected)s.")),
    "const": ("unknown_choice", _("Seule valeur admise : %(expected)s.")),
    "pattern": ("wrong_format", _("Le format n’est pas celui attendu (%(expected)s).")),
    "maxLength": ("max_length", _("Au plus %(expected)s caractères.")),
    "minLength": ("blank", _("Ce texte ne peut être vide.")),
    "maxItems": ("too_many_items", _("Au plus %(expected)s éléments.")),
    "minimum": ("out_of_range", _("Au moins %(expected)s.")),
    "maximum": ("out_of_range", _("Au plus %(expected)s.")),
    "uniqueItems": ("duplicate", _("Un élément est présent deux fois.")),
    "anyOf": ("wrong_format", _("Le format n’est pas celui attendu.")),
}


def _explained(error: ValidationError) -> Iterator[Violation]:
    path = tuple(error.absolute_path)
    keyword = str(error.validator)
    instance: Any = error.instance
    expected: Any = error.validator_value
    if keyword == "required":
        # jsonschema gives one error per missing name, quoted at the head of its message.
        name = next(name for name in expected if error.message.startswith(repr(name)))
        yield Violation("required", _("Ce champ est obligatoire."), pointer(*path, name))
    elif keyword == "additionalProperties":
        known: Any = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        for name in sorted(str(key) for key in instance if key not in known):
            yield Violation("unknown_field", _("Champ inconnu."), pointer(*path, name))
    else:
        code, message = _MESSAGES.get(keyword, ("invalid", _("Valeur invalide.")))
        shown = ", ".join(str(item) for item in expected) if isinstance(expected, list) else str(expected)
        yield Violation(code, message % {"expected": shown}, pointer(*path))
