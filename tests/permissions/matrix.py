"""Who may do what, written by hand from what the product means: one line per operation, one column per person.

Nothing here is derived from the policies. Each cell is what a person of the cast gets on the object of the scene:

- `ok`  permitted: 2xx, or 409 when the state of the object does not allow the act just now;
- `hid` permitted, and the object of the scene is not in the list;
- `401` who are you; `403` you may know of it, not do it; `404` there is no such thing, for you;
- `400` the body names something that, for you, does not exist (`does_not_exist`).

Every refused cell must leave the journal, the rows and the object as they were. `python -m tests.permissions.render`
writes docs/reference/permissions.md from this file.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Somebody:
    """A column: who it is in the cast (`Scene.people`), in words."""

    code: str
    name: str
    words: str


PEOPLE: dict[str, Somebody] = {
    code: Somebody(code, name, words)
    for code, name, words in (
        ("ano", "anonymous", "nobody signed in"),
        ("str", "stranger", "has an account and no role anywhere"),
        ("ope", "operator", "runs the instance, has no role"),
        ("fco", "foreign_coordinator", "coordinates another cooperation"),
        ("for", "former_chair", "chairs an organisation that left last month"),
        ("yes", "yesterday_chair_alpha", "chaired Alpha until yesterday"),
        ("fun", "funder", "funds this cooperation"),
        ("del", "chair_delta", "chairs Delta, of the circle « network »"),
        ("gam", "chair_gamma", "chairs Gamma, of the circle « active partners »"),
        ("pil", "pilot_beta", "pilots the activity of the scene, for Beta (core)"),
        ("mem", "member_alpha", "sits on the board of Alpha (core)"),
        ("emp", "employees_alpha", "is Alpha’s contact with its employees’ representatives"),
        ("dir", "director_alpha", "directs Alpha, owns the corrective action"),
        ("cha", "chair_alpha", "chairs Alpha"),
        ("fac", "facilitator", "facilitates this cooperation"),
        ("coo", "coordinator", "coordinates this cooperation"),
    )
}

MATRIX = """
# Open to everybody, and one's own account
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
GET /                                          ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET /api/v1/                                   ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET /livez                                     ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET /readyz                                    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET /metrics                                   ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET schema/                                    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET docs/                                      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET reference/                                 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET problems/                                  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET problems/{code}/                           ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET signing-keys/                              ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET session/                                   ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST session/                                  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
DELETE session/                                ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET users/me/                                  401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET tokens/                                    401 hid hid hid hid hid hid hid hid hid hid hid hid ok  hid hid
POST tokens/                                   401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET tokens/{id}/                               401 404 404 404 404 404 404 404 404 404 404 404 404 ok  404 404
DELETE tokens/{id}/                            401 404 404 404 404 404 404 404 404 404 404 404 404 ok  404 404
GET files/                                     401 hid hid hid hid hid hid hid hid hid hid hid hid ok  hid hid
POST files/                                    401 403 403 ok  403 403 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET files/{id}/                                401 404 404 404 404 404 404 404 404 404 404 404 404 ok  404 404
GET files/{id}/download/                       401 404 404 404 404 404 404 404 404 404 404 404 404 ok  404 404
DELETE files/{id}/                             401 404 404 404 404 404 404 404 404 404 404 404 404 ok  404 404
GET consultation-regimes/                      401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET consultation-regimes/{id}/                 401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET legal-forms/                               401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET legal-forms/{id}/                          401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET cooperative-profile-quiz/                  401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST cooperative-profile-quiz/score/           401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok

# The cooperation and who is in it: everybody in it knows; the object is alpha's, or the chair of alpha themselves
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
GET cooperations/                              401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET cooperations/{id}/                         401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST cooperations/                             401 403 ok  ok  403 403 403 403 403 403 403 403 403 403 403 ok
PATCH cooperations/{id}/                       401 404 404 404 404 404 403 403 403 403 403 403 403 403 403 ok
GET cooperations/{id}/export/                  401 404 404 404 404 404 403 403 403 403 403 403 403 403 403 ok
GET cooperations/{id}/vital-signs/             401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST cooperations/{id}/check-form/             401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET cooperations/{id}/orientation/             401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET cooperations/{id}/readiness/               401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET cooperations/{id}/arbitration/             401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET cooperations/{id}/decision-circuits/       401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET readiness-assessments/                     401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET readiness-assessments/{id}/                401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST readiness-assessments/                    401 400 400 400 400 400 403 403 ok  403 403 403 403 403 403 403
PATCH readiness-assessments/{id}/              401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  403 403
POST readiness-assessments/{id}/submit/        401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  403 403
POST readiness-assessments/{id}/reopen/        401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  403 403
GET arbitration-grids/                         401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET arbitration-grids/{id}/                    401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST arbitration-grids/                        401 400 400 400 400 400 403 403 ok  403 403 403 403 403 403 403
PATCH arbitration-grids/{id}/                  401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  403 403
POST arbitration-grids/{id}/submit/            401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  403 403
POST arbitration-grids/{id}/reopen/            401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  403 403
GET confidentiality-clauses/                   401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET confidentiality-clauses/{id}/              401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST confidentiality-clauses/                  401 400 400 400 400 400 403 403 403 403 403 403 ok  ok  403 ok
POST confidentiality-clauses/{id}/lift/        401 404 404 404 404 404 404 404 403 403 403 403 ok  ok  403 ok
POST cooperations/import/                      401 403 ok  403 403 403 403 403 403 403 403 403 403 403 403 403
GET people/                                    401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET people/{id}/                               401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST people/                                   401 400 400 400 400 400 403 403 403 403 403 403 403 403 403 ok
PATCH people/{id}/                             401 404 404 404 404 404 403 403 403 403 403 403 403 ok  403 403
GET people/{id}/departure/                     401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET people/{id}/export/                        401 404 404 404 404 404 403 403 403 403 403 403 403 ok  403 403
POST people/{id}/leave/                        401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  403 ok
POST people/{id}/erase/                        401 404 404 404 404 404 403 403 403 403 403 403 403 ok  403 403
GET organisations/                             401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET organisations/{id}/                        401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST organisations/                            401 400 400 400 400 400 403 403 403 403 403 403 403 403 403 ok
PATCH organisations/{id}/                      401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  403 ok
POST organisations/{id}/record-headcounts/     401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  403 ok
GET headcounts/                                401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET headcounts/{id}/                           401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST headcounts/                               401 400 400 400 400 400 403 403 403 403 403 403 ok  ok  403 ok
PATCH headcounts/{id}/                         401 404 404 404 404 404 404 404 403 403 403 403 ok  ok  403 ok
GET turnovers/                                 401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET turnovers/{id}/                            401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST turnovers/                                401 400 400 400 400 400 403 403 403 403 403 403 ok  ok  403 ok
PATCH turnovers/{id}/                          401 404 404 404 404 404 404 404 403 403 403 403 ok  ok  403 ok
GET memberships/                               401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET memberships/{id}/                          401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST memberships/                              401 400 ok  400 400 400 403 403 403 403 403 403 403 403 403 ok
PATCH memberships/{id}/                        401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  403 ok
POST memberships/{id}/move/                    401 404 404 404 404 404 403 403 403 403 403 403 403 403 403 ok
POST memberships/{id}/complete-step/           401 404 404 404 404 404 403 403 403 403 403 403 403 403 ok  ok
POST memberships/{id}/undo-step/               401 404 404 404 404 404 403 403 403 403 403 403 403 403 ok  ok
GET onboarding-steps/                          401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET onboarding-steps/{id}/                     401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST onboarding-steps/                         401 400 400 400 400 400 403 403 403 403 403 403 403 403 403 ok
PATCH onboarding-steps/{id}/                   401 404 404 404 404 404 403 403 403 403 403 403 403 403 403 ok
POST onboarding-steps/{id}/retire/             401 404 404 404 404 404 403 403 403 403 403 403 403 403 403 ok
GET memberships/{id}/simulate-move/            401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET memberships/{id}/departure/                401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST memberships/{id}/give-notice/             401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  403 ok
POST memberships/{id}/leave/                   401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  403 ok
GET roles/                                     401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET roles/{id}/                                401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST roles/                                    401 400 400 400 400 400 403 403 403 403 403 403 ok  ok  403 ok
PATCH roles/{id}/                              401 404 404 404 404 404 403 403 403 403 403 403 403 403 403 ok
POST roles/{id}/end/                           401 404 404 404 404 404 403 403 403 403 ok  403 ok  ok  403 ok
GET stakeholders/                              401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET stakeholders/{id}/                         401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST stakeholders/                             401 400 400 400 400 400 403 403 403 403 403 403 403 403 ok  ok
PATCH stakeholders/{id}/                       401 404 404 404 404 404 403 403 403 403 403 403 403 403 ok  ok
POST stakeholders/{id}/end/                    401 404 404 404 404 404 403 403 403 403 403 403 403 403 ok  ok
GET boards/                                    401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET boards/{id}/                               401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST boards/                                   401 400 400 400 400 400 403 403 403 403 403 403 ok  ok  403 ok
PATCH boards/{id}/                             401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  403 ok
GET voting-rules/                              401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET voting-rules/{id}/                         401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST voting-rules/                             401 400 400 400 400 400 403 403 403 403 403 403 ok  ok  403 ok
PATCH voting-rules/{id}/                       401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  403 ok

# Decisions, and the vote of alpha's board on one: known from the circle of active partners on
# The path: the entry is alpha's; hypotheses of structure, accompaniment and the creation of a structure are shared
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
GET cooperations/{id}/journey/                 401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET journey-entries/                           401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET journey-entries/{id}/                      401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST journey-entries/                          401 400 400 400 400 400 403 403 403 403 403 403 ok  ok  ok  ok
PATCH journey-entries/{id}/                    401 404 404 404 404 404 403 403 403 403 403 403 ok  ok  ok  ok
GET cooperations/{id}/scenarios/               401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET structure-scenarios/                       401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET structure-scenarios/{id}/                  401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST structure-scenarios/                      401 400 400 400 400 400 403 403 403 403 403 403 403 403 ok  ok
PATCH structure-scenarios/{id}/                401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
POST structure-scenarios/{id}/propose/         401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
POST structure-scenarios/{id}/keep/            401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
POST structure-scenarios/{id}/set-aside/       401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
POST structure-scenarios/{id}/reopen/          401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
GET mission-templates/                         401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET support-missions/                          401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET support-missions/{id}/                     401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST support-missions/                         401 400 400 400 400 400 403 403 403 403 403 403 403 403 ok  ok
PATCH support-missions/{id}/                   401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
GET mission-phases/                            401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET mission-phases/{id}/                       401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST mission-phases/                           401 400 400 400 400 400 400 400 403 403 403 403 403 403 ok  ok
PATCH mission-phases/{id}/                     401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
POST mission-phases/{id}/start/                401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
POST mission-phases/{id}/finish/               401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
POST mission-phases/{id}/reopen/               401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
GET mission-deliverables/                      401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET mission-deliverables/{id}/                 401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
GET mission-deliverables/{id}/file/            401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST mission-deliverables/                     401 400 400 400 400 400 400 400 403 403 403 403 403 403 ok  ok
PATCH mission-deliverables/{id}/               401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
POST mission-deliverables/{id}/deliver/        401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
POST mission-deliverables/{id}/reopen/         401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
POST mission-deliverables/{id}/restore-file/   401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok

# The creation of a structure; the step of the scene is the director of alpha's
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
GET structure-projects/                        401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET structure-projects/{id}/                   401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST structure-projects/                       401 400 400 400 400 400 403 403 403 403 403 403 403 403 ok  ok
PATCH structure-projects/{id}/                 401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
POST structure-projects/{id}/start/            401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
POST structure-projects/{id}/register/         401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
POST structure-projects/{id}/abandon/          401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
POST structure-projects/{id}/reopen/           401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
GET project-steps/                             401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET project-steps/{id}/                        401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
GET project-steps/{id}/file/                   401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST project-steps/                            401 400 400 400 400 400 400 400 403 403 403 403 403 403 ok  ok
PATCH project-steps/{id}/                      401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
POST project-steps/{id}/complete/              401 404 404 404 404 404 404 404 403 403 403 403 ok  403 ok  ok
POST project-steps/{id}/skip/                  401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
POST project-steps/{id}/reopen/                401 404 404 404 404 404 404 404 403 403 403 403 ok  403 ok  ok
POST project-steps/{id}/restore-file/          401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok

# Decisions and consultations of alpha's works council: known from the circle of active partners on
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
GET journal/                                   401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET journal/{id}/                              401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
GET journal/heads/                             401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET decisions/                                 401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET decisions/{id}/                            401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST decisions/                                401 400 400 400 400 400 403 403 403 403 403 403 403 403 ok  ok
PATCH decisions/{id}/                          401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
POST decisions/{id}/submit/                    401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
POST decisions/{id}/take/                      401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
POST decisions/{id}/withdraw/                  401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
GET decisions/{id}/requirements/               401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST decisions/{id}/record-review/             401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
GET decisions/{id}/minutes/                    401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST decisions/{id}/restore-minutes/           401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
GET decision-votes/                            401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET decision-votes/{id}/                       401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST decision-votes/                           401 400 400 400 400 400 400 400 403 403 ok  403 403 ok  403 403
POST decision-votes/{id}/regularise/           401 404 404 404 404 404 404 404 403 403 ok  403 403 ok  403 403
GET decision-votes/{id}/minutes/               401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST decision-votes/{id}/restore-minutes/      401 404 404 404 404 404 404 404 403 403 ok  403 403 ok  ok  ok

# Who decides what, and by which delegation: everybody in the cooperation knows; a coordinator delegates to another
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
GET delegations/                               401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET delegations/{id}/                          401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST delegations/                              401 400 400 400 400 400 403 403 403 403 403 403 403 ok  403 ok
PATCH delegations/{id}/                        401 404 404 404 404 404 403 403 403 403 403 403 403 ok  403 ok
POST delegations/{id}/revoke/                  401 404 404 404 404 404 403 403 403 403 403 403 403 ok  403 ok
GET assembly-rules/                            401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET assembly-rules/{id}/                       401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST assembly-rules/                           401 400 400 400 400 400 403 403 403 403 403 403 403 403 403 ok
PATCH assembly-rules/{id}/                     401 404 404 404 404 404 403 403 403 403 403 403 403 403 403 ok
GET decision-circuits/                         401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET decision-circuits/{id}/                    401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST decision-circuits/                        401 400 400 400 400 400 403 403 403 403 403 403 403 403 403 ok
PATCH decision-circuits/{id}/                  401 404 404 404 404 404 403 403 403 403 403 403 403 403 403 ok

# Consultations of alpha's works council: known from the circle of active partners on
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
GET consultations/                             401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET consultations/{id}/                        401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST consultations/                            401 400 400 400 400 400 400 400 403 403 403 ok  ok  ok  ok  ok
PATCH consultations/{id}/                      401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  ok  ok
POST consultations/{id}/send-information/      401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  403 403
POST consultations/{id}/designate-expert/      401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  403 403
POST consultations/{id}/extend/                401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  403 403
POST consultations/{id}/record-opinion/        401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  403 403
POST consultations/{id}/record-response/       401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  403 403
POST consultations/{id}/close/                 401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  403 ok
GET consultations/{id}/document-list/          401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST consultations/{id}/acknowledge-incomplete/ 401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  403 403
POST consultations/{id}/contest-information/   401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  403 403
POST consultations/{id}/answer-contest/        401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  403 403
GET consultation-documents/                    401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET consultation-documents/{id}/               401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
GET consultation-documents/{id}/file/          401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST consultation-documents/                   401 400 400 400 400 400 400 400 403 403 403 ok  ok  ok  403 403
PATCH consultation-documents/{id}/             401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  403 403
POST consultation-documents/{id}/hand-over/    401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  403 403
POST consultation-documents/{id}/restore-file/ 401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  403 403
GET consultation-meetings/                     401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET consultation-meetings/{id}/                401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST consultation-meetings/                    401 400 400 400 400 400 400 400 403 403 403 ok  ok  ok  403 403
POST consultation-meetings/{id}/annul/         401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  403 403

# Charters: known to the whole network; the motivation, the deliberation and the comment (of its chair) are alpha's
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
GET charters/                                  401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET charters/{id}/                             401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST charters/                                 401 400 400 400 400 400 403 403 403 403 403 403 403 403 403 ok
PATCH charters/{id}/                           401 404 404 404 404 404 403 403 403 403 403 403 403 403 403 ok
POST charters/{id}/archive/                    401 404 404 404 404 404 403 403 403 403 403 403 403 403 403 ok
POST charters/{id}/confirm-motivations/         401 404 404 404 404 404 403 403 403 403 403 403 403 403 ok  ok
POST charters/{id}/record-review/              401 404 404 404 404 404 403 403 403 403 403 403 403 403 ok  ok
GET charters/{id}/coverage/                    401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET charters/{id}/expected-vs-proven/          401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET charters/{id}/history/                     401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET charter-template/                          401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET charter-versions/                          401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET charter-versions/{id}/                     401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST charter-versions/                         401 400 400 400 400 400 403 403 403 403 403 403 403 403 ok  ok
PATCH charter-versions/{id}/                   401 404 404 404 404 404 403 403 403 403 403 403 403 403 ok  ok
POST charter-versions/{id}/submit/             401 404 404 404 404 404 403 403 403 403 403 403 403 403 403 ok
POST charter-versions/{id}/withdraw/           401 404 404 404 404 404 403 403 403 403 403 403 403 403 403 ok
POST charter-versions/{id}/reject/             401 404 404 404 404 404 403 403 403 403 403 403 403 403 403 ok
POST charter-versions/{id}/amend/              401 404 404 404 404 404 403 403 403 403 403 403 403 403 ok  ok
GET charter-versions/{id}/content/             401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET charter-versions/{id}/diff/                401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET charter-versions/{id}/document/            401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET charter-versions/{id}/entry/               401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET charter-versions/{id}/amendment-check/     401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST charter-versions/{id}/contest-editorial/  401 404 404 404 404 404 403 403 ok  403 ok  403 ok  ok  403 403
GET annexes/                                   401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET annexes/{id}/                              401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET annexes/{id}/file/                         401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST annexes/                                  401 400 400 400 400 400 403 403 403 403 403 403 403 403 ok  ok
PATCH annexes/{id}/                            401 404 404 404 404 404 403 403 403 403 403 403 403 403 ok  ok
DELETE annexes/{id}/                           401 404 404 404 404 404 403 403 403 403 403 403 403 403 ok  ok
POST annexes/{id}/restore-file/                401 404 404 404 404 404 403 403 403 403 403 403 403 403 ok  ok
GET articles/                                  401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET articles/{id}/                             401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST articles/                                 401 400 400 400 400 400 403 403 403 403 403 403 403 403 ok  ok
PATCH articles/{id}/                           401 404 404 404 404 404 403 403 403 403 403 403 403 403 ok  ok
DELETE articles/{id}/                          401 404 404 404 404 404 403 403 403 403 403 403 403 403 ok  ok
GET article-comments/                          401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET article-comments/{id}/                     401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST article-comments/                         401 400 400 400 400 400 403 403 ok  ok  ok  ok  ok  ok  ok  ok
PATCH article-comments/{id}/                   401 404 404 404 404 404 403 403 403 403 403 403 403 ok  403 403
POST article-comments/{id}/withdraw/           401 404 404 404 404 404 403 403 403 403 403 403 403 ok  403 403
POST article-comments/{id}/resolve/            401 404 404 404 404 404 403 403 403 403 403 403 403 ok  ok  ok
POST article-comments/{id}/reopen/             401 404 404 404 404 404 403 403 403 403 403 403 403 ok  ok  ok
GET motivations/                               401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET motivations/{id}/                          401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST motivations/                              401 400 400 400 400 400 403 403 403 403 ok  403 ok  ok  ok  ok
PATCH motivations/{id}/                        401 404 404 404 404 404 403 403 403 403 ok  403 ok  ok  ok  ok
DELETE motivations/{id}/                       401 404 404 404 404 404 403 403 403 403 ok  403 ok  ok  ok  ok
POST motivations/{id}/retire/                  401 404 404 404 404 404 403 403 403 403 ok  403 ok  ok  ok  ok
GET motivations/{id}/history/                  401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET motivation-codes/                          401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET motivation-codes/{id}/                     401 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET expected-effects/                          401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET expected-effects/{id}/                     401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST expected-effects/                         401 400 400 400 400 400 403 403 403 403 ok  403 ok  ok  ok  ok
PATCH expected-effects/{id}/                   401 404 404 404 404 404 403 403 403 403 ok  403 ok  ok  ok  ok
DELETE expected-effects/{id}/                  401 404 404 404 404 404 403 403 403 403 ok  403 ok  ok  ok  ok
POST expected-effects/{id}/retire/             401 404 404 404 404 404 403 403 403 403 ok  403 ok  ok  ok  ok
GET board-deliberations/                       401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET board-deliberations/{id}/                  401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST board-deliberations/                      401 400 400 400 400 400 403 403 403 403 ok  403 403 ok  403 403
GET board-deliberations/{id}/minutes/          401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST board-deliberations/{id}/restore-minutes/ 401 404 404 404 404 404 403 403 403 403 ok  403 403 ok  ok  ok
POST board-deliberations/{id}/open/            401 404 404 404 404 404 403 403 403 403 403 403 403 ok  403 403
POST board-deliberations/{id}/cast/            401 404 404 404 404 404 403 403 403 403 ok  403 403 ok  403 403
POST board-deliberations/{id}/lift-objection/  401 404 404 404 404 404 403 403 403 403 ok  403 403 ok  403 403
POST board-deliberations/{id}/attend/          401 404 404 404 404 404 403 403 403 403 ok  403 403 ok  403 403
POST board-deliberations/{id}/recuse/          401 404 404 404 404 404 403 403 403 403 ok  403 403 ok  403 403
POST board-deliberations/{id}/declare-proxy/   401 404 404 404 404 404 403 403 403 403 ok  403 403 ok  403 403
POST board-deliberations/{id}/revoke-proxy/    401 404 404 404 404 404 403 403 403 403 ok  403 403 ok  403 403
POST board-deliberations/{id}/close/           401 404 404 404 404 404 403 403 403 403 403 403 403 ok  403 403
POST board-deliberations/{id}/record/          401 404 404 404 404 404 403 403 403 403 ok  403 403 ok  403 403
POST board-deliberations/{id}/cancel/          401 404 404 404 404 404 403 403 403 403 403 403 403 ok  403 403
POST board-deliberations/{id}/regularise/      401 404 404 404 404 404 403 403 403 403 ok  403 403 ok  403 403
GET approvals/                                 401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET approvals/{id}/                            401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET approvals/{id}/receipt/                    401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok

# Agreements between alpha and beta, put to the signature: known from the circle of active partners on
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
GET agreements/                                401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET agreements/{id}/                           401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
GET agreements/{id}/content/                   401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST agreements/                               401 400 400 400 400 400 403 403 403 403 403 403 ok  ok  ok  ok
PATCH agreements/{id}/                         401 404 404 404 404 404 404 404 403 403 403 403 ok  ok  ok  ok
POST agreements/{id}/propose/                  401 404 404 404 404 404 404 404 403 403 403 403 ok  ok  403 ok
POST agreements/{id}/sign/                     401 404 404 404 404 404 404 404 403 403 403 403 ok  ok  403 403
POST agreements/{id}/withdraw/                 401 404 404 404 404 404 404 404 403 403 403 403 ok  ok  403 ok
POST agreements/{id}/give-notice/              401 404 404 404 404 404 404 404 403 403 403 403 ok  ok  403 403
POST agreements/{id}/end/                      401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
POST agreements/{id}/amend/                    401 404 404 404 404 404 404 404 403 403 403 403 ok  ok  ok  ok

# Working groups, led by the pilot of Beta, and the communication plan, whose action for Alpha's teams is its contact's
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
GET cooperations/{id}/committee-load/          401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET working-groups/                            401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET working-groups/{id}/                       401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
GET working-groups/{id}/output/                401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST working-groups/                           401 400 400 400 400 400 403 403 403 403 403 403 403 403 ok  ok
PATCH working-groups/{id}/                     401 404 404 404 404 404 404 404 403 ok  403 403 403 403 ok  ok
POST working-groups/{id}/add-member/           401 404 404 404 404 404 404 404 403 ok  403 403 403 403 ok  ok
POST working-groups/{id}/remove-member/        401 404 404 404 404 404 404 404 403 ok  403 403 403 403 ok  ok
POST working-groups/{id}/record-meeting/       401 404 404 404 404 404 404 404 403 ok  403 403 403 403 ok  ok
POST working-groups/{id}/deliver/              401 404 404 404 404 404 404 404 403 ok  403 403 403 403 ok  ok
POST working-groups/{id}/end/                  401 404 404 404 404 404 404 404 403 ok  403 403 403 403 ok  ok
POST working-groups/{id}/restore-output/       401 404 404 404 404 404 404 404 403 ok  403 403 403 403 ok  ok
GET communication-actions/                     401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET communication-actions/{id}/                401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST communication-actions/                    401 400 400 400 400 400 403 403 403 403 403 403 ok  ok  ok  ok
PATCH communication-actions/{id}/              401 404 404 404 404 404 404 404 403 403 403 403 ok  ok  ok  ok
POST communication-actions/{id}/complete/      401 404 404 404 404 404 404 404 403 403 403 ok  403 403 ok  ok
POST communication-actions/{id}/cancel/        401 404 404 404 404 404 404 404 403 403 403 ok  ok  ok  ok  ok

# Activities, their pilot (of Beta), their money and their measures: known from the circle of active partners on
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
GET activities/                                401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET activities/{id}/                           401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST activities/                               401 400 400 400 400 400 403 403 403 403 403 403 403 403 403 ok
PATCH activities/{id}/                         401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
GET mandates/                                  401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET mandates/{id}/                             401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST mandates/                                 401 400 400 400 400 400 400 400 403 403 403 403 403 403 403 ok
PATCH mandates/{id}/                           401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
POST mandates/{id}/accept/                     401 404 404 404 404 404 404 404 403 ok  403 403 403 403 403 403
POST mandates/{id}/suspend/                    401 404 404 404 404 404 404 404 403 ok  403 403 403 403 403 ok
POST mandates/{id}/end/                        401 404 404 404 404 404 404 404 403 ok  403 403 403 403 403 ok
GET milestones/                                401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET milestones/{id}/                           401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST milestones/                               401 400 400 400 400 400 400 400 403 ok  403 403 403 403 403 ok
PATCH milestones/{id}/                         401 404 404 404 404 404 404 404 403 ok  403 403 403 403 403 ok
POST milestones/{id}/start/                    401 404 404 404 404 404 404 404 403 ok  403 403 403 403 403 ok
POST milestones/{id}/complete/                 401 404 404 404 404 404 404 404 403 ok  403 403 403 403 403 ok
POST milestones/{id}/reschedule/               401 404 404 404 404 404 404 404 403 ok  403 403 403 403 403 ok
POST milestones/{id}/cancel/                   401 404 404 404 404 404 404 404 403 ok  403 403 403 403 403 ok
GET budget-lines/                              401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET budget-lines/{id}/                         401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST budget-lines/                             401 400 400 400 400 400 400 400 403 403 403 403 403 403 403 ok
PATCH budget-lines/{id}/                       401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
GET budget-entries/                            401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET budget-entries/{id}/                       401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST budget-entries/                           401 400 400 400 400 400 400 400 403 ok  403 403 403 403 403 ok
GET indicators/                                401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET indicators/{id}/                           401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST indicators/                               401 400 400 400 400 400 400 400 403 ok  403 403 403 403 403 ok
PATCH indicators/{id}/                         401 404 404 404 404 404 404 404 403 ok  403 403 403 403 403 ok
GET indicator-targets/                         401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET indicator-targets/{id}/                    401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST indicator-targets/                        401 400 400 400 400 400 400 400 403 ok  403 403 403 403 403 ok
PATCH indicator-targets/{id}/                  401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
GET measurements/                              401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET measurements/{id}/                         401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST measurements/                             401 400 400 400 400 400 400 400 403 ok  403 403 403 403 ok  ok
PATCH measurements/{id}/                       401 404 404 404 404 404 404 404 403 ok  403 403 403 403 403 403
POST measurements/{id}/submit/                 401 404 404 404 404 404 404 404 403 ok  403 403 403 403 403 403
POST measurements/{id}/validate/               401 404 404 404 404 404 404 404 403 ok  403 403 403 403 ok  ok
POST measurements/{id}/return/                 401 404 404 404 404 404 404 404 403 ok  403 403 403 403 ok  ok
POST measurements/{id}/hand-over/              401 404 404 404 404 404 404 404 403 ok  403 403 403 403 ok  ok

# Evaluations; the corrective action is owned by the director of alpha
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
GET evaluations/                               401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET evaluations/{id}/                          401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST evaluations/                              401 400 400 400 400 400 403 403 403 403 403 403 403 403 403 ok
PATCH evaluations/{id}/                        401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
POST evaluations/{id}/open/                    401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
POST evaluations/{id}/close/                   401 404 404 404 404 404 404 404 403 403 403 403 403 403 403 ok
GET evaluation-gaps/                           401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET evaluation-gaps/{id}/                      401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST evaluation-gaps/{id}/read/                401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
GET corrective-actions/                        401 hid hid hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok
GET corrective-actions/{id}/                   401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
POST corrective-actions/                       401 400 400 400 400 400 403 403 403 403 403 403 403 403 ok  ok
PATCH corrective-actions/{id}/                 401 404 404 404 404 404 404 404 403 403 403 403 403 403 ok  ok
POST corrective-actions/{id}/complete/         401 404 404 404 404 404 404 404 403 403 403 403 ok  403 ok  ok
POST corrective-actions/{id}/verify/           401 404 404 404 404 404 404 404 ok  403 403 403 ok  ok  ok  ok

# Reminders: one's own (here: of the chair of alpha); the coordination sees them all
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
GET reminder-rules/                            401 hid hid hid hid hid ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
GET reminder-rules/{id}/                       401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
POST reminder-rules/                           401 400 400 400 400 400 403 403 403 403 403 403 403 403 403 ok
PATCH reminder-rules/{id}/                     401 404 404 404 404 404 403 403 403 403 403 403 403 403 403 ok
GET reminders/                                 401 hid hid hid hid hid hid hid hid hid hid hid hid ok  hid ok
GET reminders/{id}/                            401 404 404 404 404 404 404 404 404 404 404 404 404 ok  404 ok
POST reminders/{id}/snooze/                    401 404 404 404 404 404 404 404 404 404 404 404 404 ok  404 403
"""

# The same GET when the object, with all that hangs below it, is put at each level (docs/adr/0008). `restricted` is for
# what one organisation alone may know: a consultation of Alpha.
LEVELS = """
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
public                                         401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
network                                        401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
active                                         401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
core                                           401 404 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok
board                                          401 404 404 404 404 404 404 404 404 404 ok  404 404 ok  ok  ok
restricted                                     401 404 404 404 404 404 404 404 404 404 ok  ok  ok  ok  404 404
"""

# The people of a member always know of its belonging, its boards and the roles that are held for it.
OWN_LEVELS = """
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
public                                         401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
network                                        401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
active                                         401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
core                                           401 404 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok
board                                          401 404 404 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok
"""

# The people of a party always know of their agreement; `restricted` leaves everybody else out, the coordination too.
AGREEMENT_LEVELS = """
#                                              ano str ope fco for yes fun del gam pil mem emp dir cha fac coo
public                                         401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
network                                        401 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
active                                         401 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok  ok
core                                           401 404 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok
board                                          401 404 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  ok  ok
restricted                                     401 404 404 404 404 404 404 404 404 ok  ok  ok  ok  ok  404 404
"""


def cells(table: str) -> dict[str, dict[str, str]]:
    """Line -> column -> what is expected there. The column heads are those of the first comment that names them."""
    found: dict[str, dict[str, str]] = {}
    for line in table.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        words = line.split()
        values = words[-len(PEOPLE) :]
        name = " ".join(words[: -len(PEOPLE)])
        if name in found:
            raise ValueError(f"two lines for {name}")
        found[name] = dict(zip(PEOPLE, values, strict=True))
    return found
