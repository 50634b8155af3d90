"""What of milestones is a person's own data (`governance.personal_data`)."""

ROWS = (
    "milestones.budgetentry.entered_by",
    "milestones.correctiveaction.owner",
    "milestones.mandate.person",
    "milestones.measurement.entered_by",
)
ACTS = (
    "milestones.correctiveaction.verified_by",
    # The figures of a gap are those of the evaluation, and have their own level.
    "milestones.evaluationgap.owner",
    "milestones.evaluationgap.read_by",
    "milestones.measurement.validated_by",
)
