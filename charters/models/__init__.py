"""Public names of the models of charters."""

from charters.models.agreements import Agreement, AgreementCostKey, AgreementParty
from charters.models.annexes import CharterAnnex
from charters.models.approvals import Approval
from charters.models.charters import Article, Charter, CharterVersion
from charters.models.comments import ArticleComment
from charters.models.contests import AmendmentContest
from charters.models.deliberations import BoardDeliberation, Regularisation
from charters.models.motivations import ExpectedEffect, Motivation
from charters.models.receipts import Receipt
from charters.models.votes import Ballot, Elector, Proxy, Urn

__all__ = [
    "Agreement",
    "AgreementCostKey",
    "AgreementParty",
    "AmendmentContest",
    "Approval",
    "Article",
    "ArticleComment",
    "Ballot",
    "BoardDeliberation",
    "Charter",
    "CharterAnnex",
    "CharterVersion",
    "Elector",
    "ExpectedEffect",
    "Motivation",
    "Proxy",
    "Receipt",
    "Regularisation",
    "Urn",
]
