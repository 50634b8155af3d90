"""The acts on charters. Each is keyword-only, with its actor."""

from charters.services.agreement_life import (
    agreement_end,
    agreement_give_notice,
    agreement_sign,
    agreement_tick,
)
from charters.services.agreements import (
    agreement_amend,
    agreement_create,
    agreement_propose,
    agreement_update,
    agreement_withdraw,
)
from charters.services.annexes import annex_create, annex_delete, annex_restore_file, annex_update
from charters.services.articles import article_create, article_delete, article_update
from charters.services.charters import (
    charter_archive,
    charter_confirm_motivations,
    charter_create,
    charter_record_review,
    charter_update,
)
from charters.services.comments import (
    article_comment_create,
    article_comment_reopen,
    article_comment_resolve,
    article_comment_update,
    article_comment_withdraw,
)
from charters.services.contests import charter_version_contest_editorial
from charters.services.deliberations import (
    board_deliberation_cancel,
    board_deliberation_convene,
    board_deliberation_create,
    board_deliberation_record,
    board_deliberation_record_convened,
)
from charters.services.entry import entry_tick
from charters.services.live_votes import (
    board_deliberation_attend,
    board_deliberation_cast,
    board_deliberation_close,
    board_deliberation_lift_objection,
    board_deliberation_open,
    board_deliberation_recuse,
)
from charters.services.missing_minutes import board_deliberation_restore_minutes
from charters.services.motivations import (
    expected_effect_create,
    expected_effect_delete,
    expected_effect_retire,
    expected_effect_update,
    motivation_create,
    motivation_delete,
    motivation_retire,
    motivation_update,
)
from charters.services.proxies import board_deliberation_declare_proxy, board_deliberation_revoke_proxy
from charters.services.regularisations import board_deliberation_regularise
from charters.services.versions import (
    charter_version_amend,
    charter_version_create,
    charter_version_reject,
    charter_version_submit,
    charter_version_update,
    charter_version_withdraw,
)

__all__ = [
    "agreement_amend",
    "agreement_create",
    "agreement_end",
    "agreement_give_notice",
    "agreement_propose",
    "agreement_sign",
    "agreement_tick",
    "agreement_update",
    "agreement_withdraw",
    "annex_create",
    "annex_delete",
    "annex_restore_file",
    "annex_update",
    "article_comment_create",
    "article_comment_reopen",
    "article_comment_resolve",
    "article_comment_update",
    "article_comment_withdraw",
    "article_create",
    "article_delete",
    "article_update",
    "board_deliberation_attend",
    "board_deliberation_cancel",
    "board_deliberation_cast",
    "board_deliberation_close",
    "board_deliberation_convene",
    "board_deliberation_create",
    "board_deliberation_declare_proxy",
    "board_deliberation_lift_objection",
    "board_deliberation_open",
    "board_deliberation_record",
    "board_deliberation_record_convened",
    "board_deliberation_recuse",
    "board_deliberation_regularise",
    "board_deliberation_restore_minutes",
    "board_deliberation_revoke_proxy",
    "charter_archive",
    "charter_confirm_motivations",
    "charter_create",
    "charter_record_review",
    "charter_update",
    "charter_version_amend",
    "charter_version_contest_editorial",
    "charter_version_create",
    "charter_version_reject",
    "charter_version_submit",
    "charter_version_update",
    "charter_version_withdraw",
    "entry_tick",
    "expected_effect_create",
    "expected_effect_delete",
    "expected_effect_retire",
    "expected_effect_update",
    "motivation_create",
    "motivation_delete",
    "motivation_retire",
    "motivation_update",
]
