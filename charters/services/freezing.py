"""The exact text put to the vote: gathered from the rows, written once in RFC 8785 canonical JSON."""

from collections.abc import Iterable
from typing import Any

from charters.models import Article, Charter, CharterVersion, ExpectedEffect, Motivation
from charters.rules import content as rules
from charters.rules.content import AnnexText, ArticleText
from charters.rules.entry_into_force import EntryRule
from charters.selectors.annexes import annex_texts, annexes_of
from charters.selectors.motivations import facts_of, standing_motivations


def article_texts(articles: Iterable[Article]) -> list[ArticleText]:
    """Articles as the rules read them, in the order given."""
    return [ArticleText(str(article.section), article.title, article.body, article.key) for article in articles]


def frozen_content(
    charter: Charter, version: CharterVersion, articles: Iterable[Article], parties: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """What the boards vote on: the text, the motivations and their effects, the parties and the entry rule."""
    expected = [(motivation, motivation.effects.all()) for motivation in standing_motivations(charter)]
    return content_from(charter, version, articles, parties, expected, annexes=annex_texts(annexes_of(version)))


def content_from(
    charter: Charter,
    version: CharterVersion,
    articles: Iterable[Article],
    parties: Iterable[tuple[str, str]],
    motivations: Iterable[tuple[Motivation, Iterable[ExpectedEffect]]],
    *,
    annexes: Iterable[AnnexText] = (),
) -> dict[str, Any]:
    """The same from objects at hand, motivations in the order of their codes (an import has no rows to read yet)."""
    return rules.content_of(
        title=charter.title,
        articles=article_texts(articles),
        annexes=annexes,
        entry_rule=EntryRule.from_dict(charter.entry_rule).to_dict(),  # type: ignore[arg-type]
        stated_on=version.stated_on,
        frozen_facts={
            "charter": str(charter.pk),
            "number": version.number,
            "purpose": rules.normalise(charter.purpose),
            "amendment_type": str(version.amendment_type),
            "change_summary": rules.normalise(version.change_summary),
            "review": {
                "every_months": charter.review_every_months,
                "approvals_expire": str(charter.approvals_expire),
            },
            "editorial_contest_days": charter.editorial_contest_days,
            # Said only where there is one: a text that says nothing of it keeps the hash that it always had.
            **({} if charter.exit_notice_months is None else {"exit": {"notice_months": charter.exit_notice_months}}),
            "motivations": [facts_of(motivation, effects) for motivation, effects in motivations],
            "parties": [{"organisation": id_, "circle": circle} for id_, circle in parties],
        },
    )


def freeze(version: CharterVersion, content: dict[str, Any]) -> None:
    """Write the canonical text and its SHA-256 on the version; the caller saves."""
    version.content = rules.canonical_bytes(content).decode()
    version.content_hash = rules.content_hash(content)
