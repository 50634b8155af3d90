"""Public names of the models of charters."""

from charters.models.approvals import Approval, BoardDeliberation
from charters.models.charters import Article, Charter, CharterVersion
from charters.models.motivations import ExpectedEffect, Motivation

__all__ = [
    "Approval",
    "Article",
    "BoardDeliberation",
    "Charter",
    "CharterVersion",
    "ExpectedEffect",
    "Motivation",
]
