//! The codes that AuditEvents are made of.

use fhir::{Value, array, object};

/// A code in a system, with the words for it; empty words are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code(pub(super) &'static str, pub(super) &'static str, pub(super) &'static str);

const EVENT_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";

pub(super) const INTERACTION_SYSTEM: &str = "http://hl7.org/fhir/restful-interaction";
pub(super) const PURPOSE_SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
/// The system of what no published code says: `denied`, and the codes of alerts.
pub const OWN_SYSTEM: &str = "urn:ward:audit";
/// The system of the tag that has the account's id: whose acts these were, on every AuditEvent.
pub const USER_SYSTEM: &str = "urn:ward:user";
/// The system of the ids of clients.
pub const CLIENT_SYSTEM: &str = "urn:ward:client";
/// The system of the codes of roles.
pub const ROLE_SYSTEM: &str = "urn:ward:role";

pub(super) const REST: Code = Code(EVENT_TYPE, "rest", "RESTful Operation");
pub(super) const AUTHENTICATION: Code = Code(DICOM, "110114", "User Authentication");
pub(super) const LOGIN: Code = Code(DICOM, "110122", "Login");
pub(super) const LOGOUT: Code = Code(DICOM, "110123", "Logout");
pub(super) const EXPORT: Code = Code(DICOM, "110106", "Export");
pub(super) const SECURITY_ALERT: Code = Code(DICOM, "110113", "Security Alert");
pub(super) const OVERRIDE_STARTED: Code = Code(DICOM, "110127", "Emergency Override Started");
pub(super) const OVERRIDE_STOPPED: Code = Code(DICOM, "110138", "Emergency Override Stopped");
pub(super) const CONFIGURATION: Code = Code(DICOM, "110129", "Security Configuration");
pub(super) const RESTRICTED_FUNCTION: Code = Code(DICOM, "110132", "Use of Restricted Function");
pub(super) const ROLES_CHANGED: Code = Code(DICOM, "110136", "Security Roles Changed");
pub(super) const USER_CHANGED: Code = Code(DICOM, "110137", "User security Attributes Changed");
pub(super) const AUDIT_USED: Code = Code(DICOM, "110101", "Audit Log Used");
pub(super) const RECORDING_STARTED: Code = Code(DICOM, "110134", "Audit Recording Started");
pub(super) const RECORDING_STOPPED: Code = Code(DICOM, "110133", "Audit Recording Stopped");
pub(super) const CONSENT_DECISION: Code =
    Code("https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType", "AuthZ-Consent", "Authorization Decision using Roles and Consent");
pub(super) const DISCLOSE: Code =
    Code("http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", "disclose", "Disclose Record Lifecycle Event");

pub(super) const APPLICATION: Code = Code(DICOM, "110150", "Application");
pub(super) const DESTINATION: Code = Code(DICOM, "110152", "Destination Role ID");
pub(super) const SOURCE: Code = Code(DICOM, "110153", "Source Role ID");
pub(super) const CUSTODIAN: Code = Code("http://terminology.hl7.org/CodeSystem/provenance-participant-type", "custodian", "Custodian");
pub(super) const RECIPIENT: Code = Code(PARTICIPATION, "IRCP", "information recipient");
pub(super) const AUTHOR: Code = Code(PARTICIPATION, "AUT", "author (originator)");
pub(super) const OAUTH_USER: Code = Code("https://profiles.ihe.net/ITI/BALP/CodeSystem/UserAgentTypes", "UserOauthAgent", "");
pub(super) const AUTHORIZER: Code =
    Code("http://terminology.hl7.org/CodeSystem/extra-security-role-type", "authserver", "authorization server");
pub(super) const APPLICATION_SERVER: Code = Code("http://terminology.hl7.org/CodeSystem/security-source-type", "4", "Application Server");

pub(super) const PERSON: Code = Code(ENTITY_TYPE, "1", "Person");
pub(super) const SYSTEM_OBJECT: Code = Code(ENTITY_TYPE, "2", "System Object");
pub(super) const REQUEST_ID: Code = Code("https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType", "XrequestId", "");
pub(super) const CONSENT_RESOURCE: Code = Code("http://hl7.org/fhir/resource-types", "Consent", "Consent");
pub(super) const PATIENT_ROLE: Code = Code(OBJECT_ROLE, "1", "Patient");
pub(super) const RESOURCE_ROLE: Code = Code(OBJECT_ROLE, "4", "Domain Resource");
pub(super) const QUERY_ROLE: Code = Code(OBJECT_ROLE, "24", "Query");

/// A Coding.
pub(super) fn coding(Code(system, code, display): Code) -> Value {
    match display {
        "" => object! { "system": system, "code": code },
        _ => object! { "system": system, "code": code, "display": display },
    }
}

/// A CodeableConcept of these codes.
pub(super) fn concept(codes: &[Code]) -> Value {
    object! { "coding": codes.iter().copied().map(coding).collect::<Vec<_>>() }
}

/// A CodeableConcept of one code that is not known beforehand.
pub(super) fn concept_of(system: &'static str, code: &str) -> Value {
    object! { "coding": array![object! { "system": system, "code": code }] }
}
