//! The rules: one `.rs` and one `.md` each, and one line in each of the two lists here.

use crate::Rule;

mod acceptance_above_tolerance;
mod acceptance_beyond_authority;
mod acceptance_without_expiry;
pub(crate) mod acceptance_without_rationale;
mod altered_decision;
mod ambiguous_identity;
mod approval_without_authority;
mod backdated_decision;
mod broken_reporting_line;
mod chronic_exception;
mod circular_delegation;
mod clock_regression;
mod concentrated_ownership;
mod conflicting_roles;
mod custodian_owns_risk;
mod decider_without_role;
mod delegated_accountability;
mod dependent_auditor;
mod duplicate_key;
mod duplicate_subject;
mod exception_without_expiry;
mod excluded_control_in_use;
mod expired_acceptance;
mod expired_exception;
mod expired_suppression;
mod forge_signed_only;
mod impersonal_accountability;
mod implemented_without_evidence;
mod inactive_role_holder;
mod incomplete_history;
mod incomplete_policy_metadata;
mod inconsistent_risk_criteria;
mod insufficient_approvers;
mod invalid_treatment;
mod lost_checkpoint;
mod missed_management_review;
mod missing_control;
mod missing_control_status;
mod missing_deputy;
mod missing_executive_sponsor;
mod missing_top_management;
mod open_ended_acting_role;
mod outdated_acceptance;
mod outdated_approval;
mod outdated_decision;
mod outdated_soa_approval;
mod overdue_ownership_review;
mod overdue_policy_review;
mod overdue_treatment;
mod owned_by_leaver;
mod owner_not_department_head;
mod paper_role;
mod postdated_decision;
mod replaced_history;
mod reversed_interval;
mod risk_owner_without_authority;
mod role_without_authority;
mod role_without_layer;
mod schema_violation;
mod self_approved_policy;
mod self_granted_exception;
mod self_introduced_key;
mod self_requested_acceptance;
mod shared_accountability;
mod silently_renewed_exception;
mod stale_evidence;
mod syntax_error;
mod trailer_as_approval;
mod unaccepted_risk;
mod unacknowledged_role;
mod unapproved_isms;
mod unapproved_risk_criteria;
mod unapproved_security_policy;
mod unapproved_soa;
mod unapproved_treatment_plan;
mod unassigned_conformity_duty;
mod unassigned_reporting_duty;
mod unassigned_treatment_action;
mod unaudited_control;
mod uncommitted_decision;
mod uncommunicated_policy;
mod undated_evidence;
mod undeclared_model;
mod unexplained_residual_risk;
mod unguarded_governance_change;
mod unjustified_exclusion;
mod unjustified_inclusion;
mod unknown_control;
mod unknown_reference;
mod unowned_control;
mod unowned_risk;
mod unproven_competence;
mod unrated_risk;
mod unreasoned_suppression;
mod untracked_document;
mod untrusted_key;
mod unused_suppression;
mod vacant_role;
mod vanished_decision;
mod weak_evidence;
mod wrong_signer;

/// Every rule, sorted by id.
pub static RULES: &[&Rule] = &[
    &acceptance_above_tolerance::RULE,
    &acceptance_beyond_authority::RULE,
    &acceptance_without_expiry::RULE,
    &acceptance_without_rationale::RULE,
    &altered_decision::RULE,
    &ambiguous_identity::RULE,
    &approval_without_authority::RULE,
    &backdated_decision::RULE,
    &broken_reporting_line::RULE,
    &chronic_exception::RULE,
    &circular_delegation::RULE,
    &clock_regression::RULE,
    &concentrated_ownership::RULE,
    &conflicting_roles::RULE,
    &custodian_owns_risk::RULE,
    &decider_without_role::RULE,
    &delegated_accountability::RULE,
    &dependent_auditor::RULE,
    &duplicate_key::RULE,
    &duplicate_subject::RULE,
    &exception_without_expiry::RULE,
    &excluded_control_in_use::RULE,
    &expired_acceptance::RULE,
    &expired_exception::RULE,
    &expired_suppression::RULE,
    &forge_signed_only::RULE,
    &impersonal_accountability::RULE,
    &implemented_without_evidence::RULE,
    &inactive_role_holder::RULE,
    &incomplete_history::RULE,
    &incomplete_policy_metadata::RULE,
    &inconsistent_risk_criteria::RULE,
    &insufficient_approvers::RULE,
    &invalid_treatment::RULE,
    &lost_checkpoint::RULE,
    &missed_management_review::RULE,
    &missing_control::RULE,
    &missing_control_status::RULE,
    &missing_deputy::RULE,
    &missing_executive_sponsor::RULE,
    &missing_top_management::RULE,
    &open_ended_acting_role::RULE,
    &outdated_acceptance::RULE,
    &outdated_approval::RULE,
    &outdated_decision::RULE,
    &outdated_soa_approval::RULE,
    &overdue_ownership_review::RULE,
    &overdue_policy_review::RULE,
    &overdue_treatment::RULE,
    &owned_by_leaver::RULE,
    &owner_not_department_head::RULE,
    &paper_role::RULE,
    &postdated_decision::RULE,
    &replaced_history::RULE,
    &reversed_interval::RULE,
    &risk_owner_without_authority::RULE,
    &role_without_authority::RULE,
    &role_without_layer::RULE,
    &schema_violation::RULE,
    &self_approved_policy::RULE,
    &self_granted_exception::RULE,
    &self_introduced_key::RULE,
    &self_requested_acceptance::RULE,
    &shared_accountability::RULE,
    &silently_renewed_exception::RULE,
    &stale_evidence::RULE,
    &syntax_error::RULE,
    &trailer_as_approval::RULE,
    &unaccepted_risk::RULE,
    &unacknowledged_role::RULE,
    &unapproved_isms::RULE,
    &unapproved_risk_criteria::RULE,
    &unapproved_security_policy::RULE,
    &unapproved_soa::RULE,
    &unapproved_treatment_plan::RULE,
    &unassigned_conformity_duty::RULE,
    &unassigned_reporting_duty::RULE,
    &unassigned_treatment_action::RULE,
    &unaudited_control::RULE,
    &uncommitted_decision::RULE,
    &uncommunicated_policy::RULE,
    &undated_evidence::RULE,
    &undeclared_model::RULE,
    &unexplained_residual_risk::RULE,
    &unguarded_governance_change::RULE,
    &unjustified_exclusion::RULE,
    &unjustified_inclusion::RULE,
    &unknown_control::RULE,
    &unknown_reference::RULE,
    &unowned_control::RULE,
    &unowned_risk::RULE,
    &unproven_competence::RULE,
    &unrated_risk::RULE,
    &unreasoned_suppression::RULE,
    &untracked_document::RULE,
    &untrusted_key::RULE,
    &unused_suppression::RULE,
    &vacant_role::RULE,
    &vanished_decision::RULE,
    &weak_evidence::RULE,
    &wrong_signer::RULE,
];

/// Returns a rule by its id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.binary_search_by_key(&id, |rule| rule.id).ok().map(|index| RULES[index])
}
