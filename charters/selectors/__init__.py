"""What is read of charters. Reads only, with the queries that they need."""

from charters.selectors.annexes import annex_texts, annexes_known_to, annexes_of, changed_annex_keys
from charters.selectors.boards import call_again_from, irregular_codes_for
from charters.selectors.entry import EntryReader, asked_again, entry_of, party_circles
from charters.selectors.motivations import frozen_in, motivation_history, motivation_warnings, with_motivations
from charters.selectors.pending import (
    ANSWER_DAYS,
    Ballot,
    Correction,
    InForce,
    ballots,
    corrections,
    entries_in_force,
    review_due_on,
    versions_in_force,
)
from charters.selectors.record import Record
from charters.selectors.report import entry_report, names_of
from charters.selectors.rows import Entry, PartyRow
from charters.selectors.texts import diff_of, version_to_compare, version_warnings

__all__ = [
    "ANSWER_DAYS",
    "Ballot",
    "Correction",
    "Entry",
    "EntryReader",
    "InForce",
    "PartyRow",
    "Record",
    "annex_texts",
    "annexes_known_to",
    "annexes_of",
    "asked_again",
    "ballots",
    "call_again_from",
    "changed_annex_keys",
    "corrections",
    "diff_of",
    "entries_in_force",
    "entry_of",
    "entry_report",
    "frozen_in",
    "irregular_codes_for",
    "motivation_history",
    "motivation_warnings",
    "names_of",
    "party_circles",
    "review_due_on",
    "version_to_compare",
    "version_warnings",
    "versions_in_force",
    "with_motivations",
]
