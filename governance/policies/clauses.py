"""Who sets and lifts confidentiality clauses."""

from coopproject.api.policy import Policy, either
from governance.grants import acts_for, coordinates
from governance.policies import HEADS

_sets = either(coordinates, acts_for("on_behalf_of_id", *HEADS))

clause = Policy(create=_sets, lift=_sets)
