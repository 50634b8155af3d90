from django.db import migrations

# Written by hand, as for the journal (governance 0002): no session variable switches them off.
# The overlap of two accepted (or suspended) mandates is a trigger because an exclusion constraint on a UUID needs an extension
# (btree_gist). It takes the row lock of the activity, so that two simultaneous acceptances see each other.
FORWARD = """
CREATE TRIGGER budget_entry_append_only BEFORE UPDATE OR DELETE ON milestones_budgetentry
    FOR EACH ROW EXECUTE FUNCTION coop_append_only();
CREATE TRIGGER budget_entry_never_truncated BEFORE TRUNCATE ON milestones_budgetentry
    FOR EACH STATEMENT EXECUTE FUNCTION coop_append_only();

CREATE FUNCTION milestones_measurement_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a validated measurement never changes: % refused', TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'milestones_validated_measurement_never_changes';
END $$;
CREATE TRIGGER measurement_frozen BEFORE UPDATE OR DELETE ON milestones_measurement
    FOR EACH ROW WHEN (OLD.state = 'validated') EXECUTE FUNCTION milestones_measurement_frozen();

CREATE FUNCTION milestones_milestone_baseline_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the date first promised never changes'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'milestones_milestone_baseline_never_changes';
END $$;
CREATE TRIGGER milestone_baseline_frozen BEFORE UPDATE ON milestones_milestone
    FOR EACH ROW WHEN (OLD.baseline_due_on IS DISTINCT FROM NEW.baseline_due_on)
    EXECUTE FUNCTION milestones_milestone_baseline_frozen();

CREATE FUNCTION milestones_one_pilot_at_a_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM milestones_activity WHERE id = NEW.activity_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM milestones_mandate AS other
        WHERE other.activity_id = NEW.activity_id AND other.id <> NEW.id AND other.state IN ('accepted', 'suspended')
          AND daterange(other.since, other.until, '[]') && daterange(NEW.since, NEW.until, '[]')
    ) THEN
        RAISE EXCEPTION 'two mandates of one activity overlap'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'milestones_one_pilot_at_a_time';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER mandate_one_pilot_at_a_time AFTER INSERT OR UPDATE ON milestones_mandate
    FOR EACH ROW WHEN (NEW.state IN ('accepted', 'suspended')) EXECUTE FUNCTION milestones_one_pilot_at_a_time();
"""
REVERSE = """
DROP TRIGGER mandate_one_pilot_at_a_time ON milestones_mandate;
DROP FUNCTION milestones_one_pilot_at_a_time();
DROP TRIGGER milestone_baseline_frozen ON milestones_milestone;
DROP FUNCTION milestones_milestone_baseline_frozen();
DROP TRIGGER measurement_frozen ON milestones_measurement;
DROP FUNCTION milestones_measurement_frozen();
DROP TRIGGER budget_entry_append_only ON milestones_budgetentry;
DROP TRIGGER budget_entry_never_truncated ON milestones_budgetentry;
"""


class Migration(migrations.Migration):
    dependencies = [("milestones", "0001_initial"), ("governance", "0002_append_only_journal")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
