"""What of charters is a person's own data (`governance.personal_data`)."""

ROWS = (
    "charters.agreementparty.signatory",
    "charters.amendmentcontest.contested_by",
    "charters.articlecomment.author",
    "charters.ballot.cast_by",
    "charters.elector.person",
    "charters.proxy.giver",
    "charters.proxy.holder",
)
ACTS = (
    "charters.articlecomment.resolved_by",
    "charters.boarddeliberation.recorded_by",
    "charters.elector.recused_by",
    "charters.proxy.declared_by",
    "charters.regularisation.recorded_by",
)
