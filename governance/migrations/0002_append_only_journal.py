from django.db import migrations

FORWARD = """
CREATE FUNCTION coop_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON governance_journalentry
    FOR EACH ROW EXECUTE FUNCTION coop_append_only();
CREATE TRIGGER journal_never_truncated BEFORE TRUNCATE ON governance_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION coop_append_only();
"""
REVERSE = """
DROP TRIGGER journal_append_only ON governance_journalentry;
DROP TRIGGER journal_never_truncated ON governance_journalentry;
DROP FUNCTION coop_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
