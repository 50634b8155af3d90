"""Portable dossiers: one cooperation as one JSON or YAML document that any instance takes (docs/reference/dossier.md).

Apps register the sections that they own from their `ready()`; import, export and the JSON Schema follow from the
sections and from the models' own fields. A dossier carries no account, no secret and no journal.
"""
