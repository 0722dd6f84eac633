//! The official R4 definitions as tables: types and their elements, search parameters, compartments, value sets.
//!
//! They come from `generated/*.tsv`, which `cargo xtask codegen` writes from HL7's definition bundles, and are loaded
//! once, on first use ([`definitions`]).

/// A resource type of R4, by its place in the sorted list of their names: `Account` is the first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceType(u8);

/// The place of a type in [`Definitions::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u16);

/// What kind of type a [`Type`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// `Patient`, and the abstract `Resource` and `DomainResource`.
    Resource,
    /// `HumanName`, and the abstract `Element` and `BackboneElement`.
    Complex,
    /// `date`: its value is a JSON string, number or boolean.
    Primitive,
    /// The type of an element with elements of its own: `Patient.contact`, `Timing.repeat`.
    Backbone,
}

/// A type.
#[derive(Debug)]
pub struct Type {
    /// `Patient`, `HumanName`, `date`, or the path of the element for a backbone: `Patient.contact`.
    pub name: &'static str,
    /// What kind of type it is.
    pub kind: TypeKind,
    /// The type it specializes: `DomainResource` for `Patient`, `string` for `code`, `BackboneElement` for
    /// `Patient.contact`; `None` for `Element` and `Resource`.
    pub base: Option<TypeId>,
    /// Whether it is only there to be specialized.
    pub is_abstract: bool,
    /// Its elements, those of its bases included, in the order of the definition, which is XML's order.
    pub elements: Vec<Element>,
}

/// An element of a type.
#[derive(Debug)]
pub struct Element {
    /// Its name; a choice has it without `[x]`: `value`.
    pub name: &'static str,
    /// How many there must be at least.
    pub min: u32,
    /// How many there may be at most; `None` for `*`.
    pub max: Option<u32>,
    /// The types its value may have: one, or several for a choice. Empty where only the primitive's JSON value stands.
    pub types: Vec<ElementType>,
    /// Whether it is a choice (`value[x]`), whose JSON name ends in the type: `valueQuantity`.
    pub is_choice: bool,
    /// Whether it is part of `_summary=true`.
    pub is_summary: bool,
    /// Whether it is a modifier element.
    pub is_modifier: bool,
    /// Whether XML writes it as an attribute (`Element.id`, `Extension.url`).
    pub is_xml_attribute: bool,
    /// The value set its codes come from.
    pub binding: Option<Binding>,
}

/// One type that an element's value may have.
#[derive(Debug)]
pub struct ElementType {
    /// The type.
    pub id: TypeId,
    /// The member's name in JSON and XML with this type: `valueQuantity`, or the element's name when it is no choice.
    pub member: &'static str,
    /// For `Reference` and `canonical`: the names of the resource types it may point to; empty for any.
    pub targets: Vec<&'static str>,
}

/// Which codes an element may have.
#[derive(Debug)]
pub struct Binding {
    /// How strictly.
    pub strength: BindingStrength,
    /// The canonical address of the value set, without its version.
    pub value_set: &'static str,
}

/// How strictly codes are bound to a value set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the code of the same name")]
pub enum BindingStrength {
    Required,
    Extensible,
    Preferred,
    Example,
}

/// The names of all resource types, sorted.
const RESOURCE_TYPES: [&str; 146] = [
    "Account",
    "ActivityDefinition",
    "AdverseEvent",
    "AllergyIntolerance",
    "Appointment",
    "AppointmentResponse",
    "AuditEvent",
    "Basic",
    "Binary",
    "BiologicallyDerivedProduct",
    "BodyStructure",
    "Bundle",
    "CapabilityStatement",
    "CarePlan",
    "CareTeam",
    "CatalogEntry",
    "ChargeItem",
    "ChargeItemDefinition",
    "Claim",
    "ClaimResponse",
    "ClinicalImpression",
    "CodeSystem",
    "Communication",
    "CommunicationRequest",
    "CompartmentDefinition",
    "Composition",
    "ConceptMap",
    "Condition",
    "Consent",
    "Contract",
    "Coverage",
    "CoverageEligibilityRequest",
    "CoverageEligibilityResponse",
    "DetectedIssue",
    "Device",
    "DeviceDefinition",
    "DeviceMetric",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentManifest",
    "DocumentReference",
    "EffectEvidenceSynthesis",
    "Encounter",
    "Endpoint",
    "EnrollmentRequest",
    "EnrollmentResponse",
    "EpisodeOfCare",
    "EventDefinition",
    "Evidence",
    "EvidenceVariable",
    "ExampleScenario",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Flag",
    "Goal",
    "GraphDefinition",
    "Group",
    "GuidanceResponse",
    "HealthcareService",
    "ImagingStudy",
    "Immunization",
    "ImmunizationEvaluation",
    "ImmunizationRecommendation",
    "ImplementationGuide",
    "InsurancePlan",
    "Invoice",
    "Library",
    "Linkage",
    "List",
    "Location",
    "Measure",
    "MeasureReport",
    "Media",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationKnowledge",
    "MedicationRequest",
    "MedicationStatement",
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
    "MessageDefinition",
    "MessageHeader",
    "MolecularSequence",
    "NamingSystem",
    "NutritionOrder",
    "Observation",
    "ObservationDefinition",
    "OperationDefinition",
    "OperationOutcome",
    "Organization",
    "OrganizationAffiliation",
    "Parameters",
    "Patient",
    "PaymentNotice",
    "PaymentReconciliation",
    "Person",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "Provenance",
    "Questionnaire",
    "QuestionnaireResponse",
    "RelatedPerson",
    "RequestGroup",
    "ResearchDefinition",
    "ResearchElementDefinition",
    "ResearchStudy",
    "ResearchSubject",
    "RiskAssessment",
    "RiskEvidenceSynthesis",
    "Schedule",
    "SearchParameter",
    "ServiceRequest",
    "Slot",
    "Specimen",
    "SpecimenDefinition",
    "StructureDefinition",
    "StructureMap",
    "Subscription",
    "Substance",
    "SubstanceNucleicAcid",
    "SubstancePolymer",
    "SubstanceProtein",
    "SubstanceReferenceInformation",
    "SubstanceSourceMaterial",
    "SubstanceSpecification",
    "SupplyDelivery",
    "SupplyRequest",
    "Task",
    "TerminologyCapabilities",
    "TestReport",
    "TestScript",
    "ValueSet",
    "VerificationResult",
    "VisionPrescription",
];

impl ResourceType {
    /// The type of this name: exact, with its capitals.
    pub fn parse(name: &str) -> Option<Self> {
        RESOURCE_TYPES.binary_search(&name).ok().and_then(|index| u8::try_from(index).ok()).map(Self)
    }

    /// Its name: `Patient`.
    pub fn name(self) -> &'static str {
        RESOURCE_TYPES[usize::from(self.0)]
    }

    /// All types, sorted by name.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        (0..RESOURCE_TYPES.len() as u8).map(Self)
    }
}

impl std::fmt::Debug for ResourceType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The name as FHIR's tables have it, when they do: so that each name is kept once.
pub fn known_name(_name: &str) -> Option<&'static str> {
    None
}
