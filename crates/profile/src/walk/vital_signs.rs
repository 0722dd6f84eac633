//! Vital signs: FHIR asks of each Observation with one of these codes that it follows the profile for it, whether it claims to or not
//! (<http://hl7.org/fhir/R4/observation-vitalsigns.html>).

use fhir::Value;

const LOINC: &str = "http://loinc.org";

/// LOINC's code, and HL7's profile.
const PROFILES: [(&str, &str); 10] = [
    ("85353-1", "http://hl7.org/fhir/StructureDefinition/vitalspanel"),
    ("9279-1", "http://hl7.org/fhir/StructureDefinition/resprate"),
    ("8867-4", "http://hl7.org/fhir/StructureDefinition/heartrate"),
    ("2708-6", "http://hl7.org/fhir/StructureDefinition/oxygensat"),
    ("8310-5", "http://hl7.org/fhir/StructureDefinition/bodytemp"),
    ("8302-2", "http://hl7.org/fhir/StructureDefinition/bodyheight"),
    ("9843-4", "http://hl7.org/fhir/StructureDefinition/headcircum"),
    ("29463-7", "http://hl7.org/fhir/StructureDefinition/bodyweight"),
    ("39156-5", "http://hl7.org/fhir/StructureDefinition/bmi"),
    ("85354-9", "http://hl7.org/fhir/StructureDefinition/bp"),
];

/// The profiles for the codes of a resource; none when it is no Observation.
pub(super) fn profiles(resource: &Value) -> impl Iterator<Item = &'static str> {
    let is_observation = resource.resource_type() == Some("Observation");
    let code = resource.get("code").filter(|_| is_observation);
    let codings = code.into_iter().flat_map(|code| code.list("coding")).filter(|coding| coding.text("system") == Some(LOINC));
    codings.filter_map(|coding| {
        let code = coding.text("code")?;
        PROFILES.iter().find(|(known, _)| *known == code).map(|(_, profile)| *profile)
    })
}
