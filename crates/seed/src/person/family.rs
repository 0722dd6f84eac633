//! The parent of a child, as a RelatedPerson, and the insurance of everybody, as a Coverage.

use fhir::{array, object};

use super::{Person, Sex, patient};
use crate::chart::Chart;
use crate::coding::Coding;
use crate::draft::Reference;
use crate::moment::period;

/// Adds the mother or the father of a child.
pub(crate) fn add_parent(chart: &mut Chart, child: &Person, given: &'static str, sex: Sex) -> Reference {
    let (code, display) = match sex {
        Sex::Female => ("MTH", "mother"),
        Sex::Male => ("FTH", "father"),
    };
    let relationship = Coding::new("http://terminology.hl7.org/CodeSystem/v3-RoleCode", code, display);
    let family = child.culture.same_family(child.family, sex);
    let phone = patient::home_phone(&mut chart.random);
    let draft = chart
        .draft("RelatedPerson")
        .with("active", true)
        .with("patient", &chart.subject)
        .with("relationship", array![relationship.concept()])
        .with("name", array![object! { "use": "official", "family": family, "given": array![given] }])
        .with("telecom", array![phone])
        .with("gender", sex.code())
        .with("address", array![patient::address(child)]);
    chart.add(draft)
}

/// Adds the Coverage by one of the insurers: one's own, or a child's by a parent.
pub(crate) fn add_coverage(chart: &mut Chart, holder: Option<&Reference>) -> Reference {
    let insurer = chart.random.pick(&chart.house.insurers).clone();
    let begin = chart.house.today.plus_days(-chart.random.between(400, 4000)).max(chart.person.birth);
    let (code, display) = if holder.is_some() { ("child", "Child") } else { ("self", "Self") };
    let kind = Coding::new("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PUBLICPOL", "public healthcare");
    let relationship = Coding::new("http://terminology.hl7.org/CodeSystem/subscriber-relationship", code, display);
    let member = format!("M{:08}", chart.random.between(1, 99_999_999));
    let draft = chart
        .draft("Coverage")
        .with("status", "active")
        .with("type", kind.concept())
        .with("subscriber", holder.unwrap_or(&chart.subject))
        .with("subscriberId", member)
        .with("beneficiary", &chart.subject)
        .with("relationship", relationship.concept())
        .with("period", period(begin, None))
        .with("payor", array![&insurer]);
    chart.insurer = Some(insurer);
    chart.add(draft)
}
