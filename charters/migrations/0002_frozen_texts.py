"""What no program, ours or another, may do: change a submitted text, a deliberation or an approval.

Written by hand: the triggers of the library can be switched off by a session variable. An article may be inserted
before its version exists (the foreign key is checked at the end of the transaction): that is how a history is imported.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION charters_article_of_a_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid[] := ARRAY[]::uuid[];
BEGIN
    IF TG_OP <> 'INSERT' THEN touched := touched || OLD.charter_version_id; END IF;
    IF TG_OP <> 'DELETE' THEN touched := touched || NEW.charter_version_id; END IF;
    IF EXISTS (SELECT 1 FROM charters_charterversion WHERE id = ANY (touched) AND state <> 'draft') THEN
        RAISE EXCEPTION 'charters_submitted_text_is_frozen: % of an article refused', TG_OP
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'charters_submitted_text_is_frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER charters_article_frozen BEFORE INSERT OR UPDATE OR DELETE ON charters_article
    FOR EACH ROW EXECUTE FUNCTION charters_article_of_a_draft();

CREATE FUNCTION charters_version_stays_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.state = 'draft' OR
        (NEW.charter_id, NEW.cooperation_id, NEW.number, NEW.amendment_type, NEW.change_summary, NEW.stated_on,
         NEW.decision_id, NEW.submitted_at, NEW.content, NEW.content_hash)
        IS DISTINCT FROM
        (OLD.charter_id, OLD.cooperation_id, OLD.number, OLD.amendment_type, OLD.change_summary, OLD.stated_on,
         OLD.decision_id, OLD.submitted_at, OLD.content, OLD.content_hash)
    THEN
        RAISE EXCEPTION 'charters_submitted_text_is_frozen: % of a version refused', TG_OP
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'charters_submitted_text_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER charters_version_frozen BEFORE UPDATE OR DELETE ON charters_charterversion
    FOR EACH ROW EXECUTE FUNCTION charters_version_stays_frozen();

CREATE FUNCTION charters_approval_of_the_frozen_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM charters_charterversion version, charters_boarddeliberation deliberation
        WHERE version.id = NEW.charter_version_id AND version.content_hash = NEW.content_hash
          AND deliberation.id = NEW.deliberation_id AND deliberation.result = 'adopted'
          AND deliberation.charter_version_id = NEW.charter_version_id
          AND deliberation.organisation_id = NEW.organisation_id
          AND deliberation.content_hash = NEW.content_hash)
    THEN
        RAISE EXCEPTION 'charters_approval_of_the_frozen_text: no adopted deliberation on this text'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'charters_approval_of_the_frozen_text';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER charters_approval_of_the_frozen_text BEFORE INSERT ON charters_approval
    FOR EACH ROW EXECUTE FUNCTION charters_approval_of_the_frozen_text();

CREATE TRIGGER charters_approval_append_only BEFORE UPDATE OR DELETE ON charters_approval
    FOR EACH ROW EXECUTE FUNCTION coop_append_only();
CREATE TRIGGER charters_approval_never_truncated BEFORE TRUNCATE ON charters_approval
    FOR EACH STATEMENT EXECUTE FUNCTION coop_append_only();
CREATE TRIGGER charters_deliberation_append_only BEFORE UPDATE OR DELETE ON charters_boarddeliberation
    FOR EACH ROW EXECUTE FUNCTION coop_append_only();
CREATE TRIGGER charters_deliberation_never_truncated BEFORE TRUNCATE ON charters_boarddeliberation
    FOR EACH STATEMENT EXECUTE FUNCTION coop_append_only();
CREATE TRIGGER charters_article_never_truncated BEFORE TRUNCATE ON charters_article
    FOR EACH STATEMENT EXECUTE FUNCTION coop_append_only();
CREATE TRIGGER charters_version_never_truncated BEFORE TRUNCATE ON charters_charterversion
    FOR EACH STATEMENT EXECUTE FUNCTION coop_append_only();
"""
REVERSE = """
DROP TRIGGER charters_version_never_truncated ON charters_charterversion;
DROP TRIGGER charters_article_never_truncated ON charters_article;
DROP TRIGGER charters_deliberation_never_truncated ON charters_boarddeliberation;
DROP TRIGGER charters_deliberation_append_only ON charters_boarddeliberation;
DROP TRIGGER charters_approval_never_truncated ON charters_approval;
DROP TRIGGER charters_approval_append_only ON charters_approval;
DROP TRIGGER charters_approval_of_the_frozen_text ON charters_approval;
DROP FUNCTION charters_approval_of_the_frozen_text();
DROP TRIGGER charters_version_frozen ON charters_charterversion;
DROP FUNCTION charters_version_stays_frozen();
DROP TRIGGER charters_article_frozen ON charters_article;
DROP FUNCTION charters_article_of_a_draft();
"""


class Migration(migrations.Migration):
    dependencies = [("charters", "0001_initial"), ("governance", "0002_append_only_journal")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
