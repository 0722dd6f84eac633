//! Groups of types, by which rules name many at once.
//!
//! Every type is in exactly one of the groups of [`GROUPS`]: a test fails for one that is in none, so that a new type is seen and placed. Compartments
//! are groups too: `patient-compartment` has every type that can be in one.

use fhir::definitions::ResourceType;

/// The groups: name, what they hold, types.
pub const GROUPS: [(&str, &str, &[&str]); 8] = [
    ("clinical", "what is found, thought, ordered and done in care", CLINICAL),
    ("administrative", "who is treated, where, when", ADMINISTRATIVE),
    ("directory", "the hospital's people, places and things", DIRECTORY),
    ("financial", "who pays, and what for", FINANCIAL),
    ("knowledge", "definitions by which care and business go: plans, questionnaires, substances", KNOWLEDGE),
    ("conformance", "definitions by which systems go: profiles, terminology, search parameters", CONFORMANCE),
    ("security", "who did what, who agreed to what", SECURITY),
    ("infrastructure", "what holds other things: files, bundles, subscriptions", INFRASTRUCTURE),
];

const CLINICAL: &[&str] = &[
    "AdverseEvent",
    "AllergyIntolerance",
    "BodyStructure",
    "CarePlan",
    "CareTeam",
    "ClinicalImpression",
    "Communication",
    "CommunicationRequest",
    "Composition",
    "Condition",
    "DetectedIssue",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentManifest",
    "DocumentReference",
    "FamilyMemberHistory",
    "Flag",
    "Goal",
    "GuidanceResponse",
    "ImagingStudy",
    "Immunization",
    "ImmunizationEvaluation",
    "ImmunizationRecommendation",
    "List",
    "MeasureReport",
    "Media",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "MolecularSequence",
    "NutritionOrder",
    "Observation",
    "Procedure",
    "QuestionnaireResponse",
    "RequestGroup",
    "ResearchSubject",
    "RiskAssessment",
    "ServiceRequest",
    "Specimen",
    "SupplyDelivery",
    "SupplyRequest",
    "Task",
    "VisionPrescription",
];

const ADMINISTRATIVE: &[&str] = &[
    "Appointment",
    "AppointmentResponse",
    "Encounter",
    "EpisodeOfCare",
    "Group",
    "Patient",
    "Person",
    "RelatedPerson",
    "Schedule",
    "Slot",
];

const DIRECTORY: &[&str] = &[
    "BiologicallyDerivedProduct",
    "Device",
    "DeviceMetric",
    "Endpoint",
    "HealthcareService",
    "Location",
    "Medication",
    "Organization",
    "OrganizationAffiliation",
    "Practitioner",
    "PractitionerRole",
    "Substance",
    "VerificationResult",
];

const FINANCIAL: &[&str] = &[
    "Account",
    "ChargeItem",
    "Claim",
    "ClaimResponse",
    "Contract",
    "Coverage",
    "CoverageEligibilityRequest",
    "CoverageEligibilityResponse",
    "EnrollmentRequest",
    "EnrollmentResponse",
    "ExplanationOfBenefit",
    "InsurancePlan",
    "Invoice",
    "PaymentNotice",
    "PaymentReconciliation",
];

const KNOWLEDGE: &[&str] = &[
    "ActivityDefinition",
    "CatalogEntry",
    "ChargeItemDefinition",
    "DeviceDefinition",
    "EffectEvidenceSynthesis",
    "EventDefinition",
    "Evidence",
    "EvidenceVariable",
    "Library",
    "Measure",
    "MedicationKnowledge",
    "MedicinalProduct",
    "MedicinalProductAuthorization",
    "MedicinalProductContraindication",
    "MedicinalProductIndication",
    "MedicinalProductIngredient",
    "MedicinalProductInteraction",
    "MedicinalProductManufactured",
    "MedicinalProductPackaged",
    "MedicinalProductPharmaceutical",
    "MedicinalProductUndesirableEffect",
    "ObservationDefinition",
    "PlanDefinition",
    "Questionnaire",
    "ResearchDefinition",
    "ResearchElementDefinition",
    "ResearchStudy",
    "RiskEvidenceSynthesis",
    "SpecimenDefinition",
    "SubstanceNucleicAcid",
    "SubstancePolymer",
    "SubstanceProtein",
    "SubstanceReferenceInformation",
    "SubstanceSourceMaterial",
    "SubstanceSpecification",
];

const CONFORMANCE: &[&str] = &[
    "CapabilityStatement",
    "CodeSystem",
    "CompartmentDefinition",
    "ConceptMap",
    "ExampleScenario",
    "GraphDefinition",
    "ImplementationGuide",
    "MessageDefinition",
    "NamingSystem",
    "OperationDefinition",
    "SearchParameter",
    "StructureDefinition",
    "StructureMap",
    "TerminologyCapabilities",
    "TestReport",
    "TestScript",
    "ValueSet",
];

const SECURITY: &[&str] = &["AuditEvent", "Consent", "Provenance"];

const INFRASTRUCTURE: &[&str] =
    &["Basic", "Binary", "Bundle", "Linkage", "MessageHeader", "OperationOutcome", "Parameters", "Subscription"];

/// The compartments, as groups of types.
pub const COMPARTMENTS: [(&str, &str); 5] = [
    ("patient-compartment", "Patient"),
    ("encounter-compartment", "Encounter"),
    ("practitioner-compartment", "Practitioner"),
    ("related-person-compartment", "RelatedPerson"),
    ("device-compartment", "Device"),
];

/// The types of a group; `None` when there is none of that name.
pub fn members(name: &str) -> Option<Vec<ResourceType>> {
    if let Some((_, owner)) = COMPARTMENTS.iter().find(|(known, _)| *known == name) {
        return Some(search::compartment::members(ResourceType::parse(owner)?).collect());
    }
    let (_, _, types) = GROUPS.iter().find(|(known, _, _)| *known == name)?;
    Some(types.iter().filter_map(|name| ResourceType::parse(name)).collect())
}

/// The names of all groups.
pub fn names() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().map(|(name, _, _)| *name).chain(COMPARTMENTS.iter().map(|(name, _)| *name))
}

/// The name of the group that a type is in, compartments left aside.
pub fn of(kind: ResourceType) -> &'static str {
    GROUPS.iter().find(|(_, _, types)| types.contains(&kind.name())).map_or("infrastructure", |(name, _, _)| name)
}
