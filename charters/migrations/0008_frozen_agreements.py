"""What no program, ours or another, may do: change an agreement once proposed, or a signature once given.

As for charters (0002), parts may be inserted before their agreement exists: that is how a history is imported.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION charters_part_of_a_proposed_agreement(touched uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM charters_agreement WHERE id = touched AND state <> 'draft')
$$;

CREATE FUNCTION charters_agreement_stays_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.state = 'draft' OR
        (NEW.cooperation_id, NEW.title, NEW.kind, NEW.number, NEW.replaces_id, NEW.charter_id, NEW.scope,
         NEW.object_pilots, NEW.object_milestones, NEW.object_key_actors, NEW.object_ad_hoc_structure,
         NEW.mandatary_id, NEW.mandate_scope, NEW.mandate_limits, NEW.starts_on, NEW.ends_on, NEW.renewal,
         NEW.renewal_months, NEW.max_renewals, NEW.notice_months, NEW.notice_days, NEW.confidentiality_clause,
         NEW.confidential_until, NEW.proposed_at, NEW.content, NEW.content_hash)
        IS DISTINCT FROM
        (OLD.cooperation_id, OLD.title, OLD.kind, OLD.number, OLD.replaces_id, OLD.charter_id, OLD.scope,
         OLD.object_pilots, OLD.object_milestones, OLD.object_key_actors, OLD.object_ad_hoc_structure,
         OLD.mandatary_id, OLD.mandate_scope, OLD.mandate_limits, OLD.starts_on, OLD.ends_on, OLD.renewal,
         OLD.renewal_months, OLD.max_renewals, OLD.notice_months, OLD.notice_days, OLD.confidentiality_clause,
         OLD.confidential_until, OLD.proposed_at, OLD.content, OLD.content_hash)
    THEN
        RAISE EXCEPTION 'charters_proposed_agreement_is_frozen: % of an agreement refused', TG_OP
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'charters_proposed_agreement_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER charters_agreement_frozen BEFORE UPDATE OR DELETE ON charters_agreement
    FOR EACH ROW EXECUTE FUNCTION charters_agreement_stays_frozen();

CREATE FUNCTION charters_party_stays_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept boolean := false;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        kept := (NEW.agreement_id, NEW.organisation_id, NEW.position, NEW.role)
            IS NOT DISTINCT FROM (OLD.agreement_id, OLD.organisation_id, OLD.position, OLD.role)
            AND (OLD.signed_on IS NULL OR
                 (NEW.signed_on, NEW.signatory_id, NEW.capacity, NEW.authorised_on, NEW.authorisation_reference)
                 IS NOT DISTINCT FROM
                 (OLD.signed_on, OLD.signatory_id, OLD.capacity, OLD.authorised_on, OLD.authorisation_reference));
    END IF;
    IF NOT kept AND (
        (TG_OP <> 'INSERT' AND charters_part_of_a_proposed_agreement(OLD.agreement_id))
        OR (TG_OP <> 'DELETE' AND charters_part_of_a_proposed_agreement(NEW.agreement_id)))
    THEN
        RAISE EXCEPTION 'charters_proposed_agreement_is_frozen: % of a party refused', TG_OP
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'charters_proposed_agreement_is_frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER charters_party_frozen BEFORE INSERT OR UPDATE OR DELETE ON charters_agreementparty
    FOR EACH ROW EXECUTE FUNCTION charters_party_stays_frozen();

CREATE FUNCTION charters_cost_key_stays_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP <> 'INSERT' AND charters_part_of_a_proposed_agreement(OLD.agreement_id))
        OR (TG_OP <> 'DELETE' AND charters_part_of_a_proposed_agreement(NEW.agreement_id))
    THEN
        RAISE EXCEPTION 'charters_proposed_agreement_is_frozen: % of a cost key refused', TG_OP
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'charters_proposed_agreement_is_frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER charters_cost_key_frozen BEFORE INSERT OR UPDATE OR DELETE ON charters_agreementcostkey
    FOR EACH ROW EXECUTE FUNCTION charters_cost_key_stays_frozen();

CREATE TRIGGER charters_agreement_never_truncated BEFORE TRUNCATE ON charters_agreement
    FOR EACH STATEMENT EXECUTE FUNCTION coop_append_only();
CREATE TRIGGER charters_party_never_truncated BEFORE TRUNCATE ON charters_agreementparty
    FOR EACH STATEMENT EXECUTE FUNCTION coop_append_only();
CREATE TRIGGER charters_cost_key_never_truncated BEFORE TRUNCATE ON charters_agreementcostkey
    FOR EACH STATEMENT EXECUTE FUNCTION coop_append_only();
"""
REVERSE = """
DROP TRIGGER charters_cost_key_never_truncated ON charters_agreementcostkey;
DROP TRIGGER charters_party_never_truncated ON charters_agreementparty;
DROP TRIGGER charters_agreement_never_truncated ON charters_agreement;
DROP TRIGGER charters_cost_key_frozen ON charters_agreementcostkey;
DROP FUNCTION charters_cost_key_stays_frozen();
DROP TRIGGER charters_party_frozen ON charters_agreementparty;
DROP FUNCTION charters_party_stays_frozen();
DROP TRIGGER charters_agreement_frozen ON charters_agreement;
DROP FUNCTION charters_agreement_stays_frozen();
DROP FUNCTION charters_part_of_a_proposed_agreement(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("charters", "0007_agreements")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
