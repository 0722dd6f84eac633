//! The natural date of a type: the one by which people order its resources, newest first.
//!
//! It is a search parameter of the type with at most one value for each resource. The store keeps its value with every index entry, so that
//! "the newest of these" streams out without sorting ([`store::commit::Put::date`]).

use fhir::definitions::ResourceType;

/// Type and parameter, sorted by type.
const NATURAL: [(&str, &str); 63] = [
    ("Account", "period"),
    ("AdverseEvent", "date"),
    ("AllergyIntolerance", "date"),
    ("Appointment", "date"),
    ("AuditEvent", "date"),
    ("Basic", "created"),
    ("Bundle", "timestamp"),
    ("CarePlan", "date"),
    ("CareTeam", "date"),
    ("ChargeItem", "occurrence"),
    ("Claim", "created"),
    ("ClaimResponse", "created"),
    ("ClinicalImpression", "date"),
    ("Communication", "sent"),
    ("CommunicationRequest", "authored"),
    ("Composition", "date"),
    ("Condition", "recorded-date"),
    ("Consent", "date"),
    ("Contract", "issued"),
    ("CoverageEligibilityRequest", "created"),
    ("CoverageEligibilityResponse", "created"),
    ("DetectedIssue", "identified"),
    ("DeviceRequest", "authored-on"),
    ("DiagnosticReport", "date"),
    ("DocumentManifest", "created"),
    ("DocumentReference", "date"),
    ("Encounter", "date"),
    ("EpisodeOfCare", "date"),
    ("ExplanationOfBenefit", "created"),
    ("FamilyMemberHistory", "date"),
    ("Flag", "date"),
    ("Goal", "start-date"),
    ("ImagingStudy", "started"),
    ("Immunization", "date"),
    ("ImmunizationEvaluation", "date"),
    ("ImmunizationRecommendation", "date"),
    ("Invoice", "date"),
    ("List", "date"),
    ("MeasureReport", "date"),
    ("Media", "created"),
    ("MedicationAdministration", "effective-time"),
    ("MedicationDispense", "whenhandedover"),
    ("MedicationRequest", "authoredon"),
    ("MedicationStatement", "effective"),
    ("NutritionOrder", "datetime"),
    ("Observation", "date"),
    ("PaymentNotice", "created"),
    ("PaymentReconciliation", "created"),
    ("Procedure", "date"),
    ("Provenance", "recorded"),
    ("QuestionnaireResponse", "authored"),
    ("RequestGroup", "authored"),
    ("ResearchStudy", "date"),
    ("ResearchSubject", "date"),
    ("RiskAssessment", "date"),
    ("Schedule", "date"),
    ("ServiceRequest", "authored"),
    ("Slot", "start"),
    ("Specimen", "collected"),
    ("SupplyRequest", "date"),
    ("Task", "modified"),
    ("TestReport", "issued"),
    ("VisionPrescription", "datewritten"),
];

/// The code of the parameter that is the natural date of a type; `None` when it has none.
pub fn natural(kind: ResourceType) -> Option<&'static str> {
    NATURAL.binary_search_by_key(&kind.name(), |&(name, _)| name).ok().map(|index| NATURAL[index].1)
}
