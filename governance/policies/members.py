"""Who may do what with the steps of circles and with stakeholders."""

from coopproject.api.policy import Policy
from governance.grants import coordinates, staff

onboarding_step = Policy(create=coordinates, update=coordinates, retire=coordinates)
stakeholder = Policy(create=staff, update=staff, end=staff)
