//! Laboratory tests: ordered, drawn, measured, reported.

use fhir::{Value, array, object};

use super::observation::category;
use super::{Chart, Visit};
use crate::coding::{Coding, HERE};
use crate::draft::Reference;
use crate::house::Post;
use crate::house::department::Department;
use crate::measure::Measure;
use crate::measure::laboratory::{self as lab, Panel};
use crate::moment::Moment;

impl Chart<'_> {
    /// One panel with its values: a ServiceRequest, a Specimen, an Observation for each value and the DiagnosticReport.
    pub(crate) fn laboratory(&mut self, visit: &Visit, panel: &Panel, values: &[(&Measure, i64)], at: Moment) -> Reference {
        let request = self.order(visit, Coding::snomed("108252007", "Laboratory procedure"), panel.code, at);
        let specimen = self.specimen(panel, &request, at);
        let reported = at.plus_minutes(self.random.between(35, 90));
        let laboratory = self.house.department(Department::Laboratory);
        let mut results: Vec<Value> = Vec::with_capacity(values.len());
        for &(measure, value) in values {
            let category = category("laboratory", "Laboratory");
            let draft = self
                .observation(visit, category, measure.code.concept(), (at, reported), laboratory)
                .with("basedOn", array![&request])
                .with("specimen", &specimen);
            let draft = self.judged(draft, measure, value.max(0), at);
            results.push(Value::from(&self.add(draft)));
        }
        let department = Coding::new("http://terminology.hl7.org/CodeSystem/v2-0074", "LAB", "Laboratory");
        let draft = self
            .draft("DiagnosticReport")
            .with("basedOn", array![&request])
            .with("status", "final")
            .with("category", array![department.concept()])
            .with("code", panel.code.concept())
            .with("subject", &self.subject)
            .with("encounter", &visit.encounter)
            .with("effectiveDateTime", at.text())
            .with("issued", reported.text())
            .with("performer", array![laboratory])
            .with("specimen", array![&specimen])
            .with_list("result", results);
        self.add(draft)
    }

    /// A ServiceRequest that has been carried out.
    pub(super) fn order(&mut self, visit: &Visit, kind: Coding, code: Coding, at: Moment) -> Reference {
        let draft = self
            .draft("ServiceRequest")
            .with("status", "completed")
            .with("intent", "order")
            .with("category", array![kind.concept()])
            .with("code", code.concept())
            .with("subject", &self.subject)
            .with("encounter", &visit.encounter)
            .with("authoredOn", at.text())
            .with("requester", &visit.doctor.practitioner)
            .with("reasonCode", array![visit.reason.concept()]);
        self.add(draft)
    }

    fn specimen(&mut self, panel: &Panel, request: &Reference, at: Moment) -> Reference {
        let nurse = self.staff(Post::Nurse);
        let draft = self.draft("Specimen");
        let accession = format!("S{:07}", self.random.between(1, 9_999_999));
        let draft = draft
            .with("accessionIdentifier", object! { "system": format!("{HERE}/accession"), "value": accession })
            .with("status", "available")
            .with("type", panel.specimen.concept())
            .with("subject", &self.subject)
            .with("receivedTime", at.plus_minutes(5).text())
            .with("request", array![request])
            .with("collection", object! { "collector": &nurse.practitioner, "collectedDateTime": at.text() });
        self.add(draft)
    }

    /// A blood count: leukocytes in tenths of 1000 per microlitre, hemoglobin in tenths of a gram per decilitre.
    pub(crate) fn blood_count(&mut self, visit: &Visit, leukocytes: i64, hemoglobin: i64, at: Moment) -> Reference {
        let platelets = self.random.around(250, 70);
        let values = [(&lab::HEMOGLOBIN, hemoglobin), (&lab::LEUKOCYTES, leukocytes), (&lab::PLATELETS, platelets)];
        self.laboratory(visit, &lab::BLOOD_COUNT, &values, at)
    }

    /// Salts, kidney and sugar: creatinine in hundredths, glucose in whole mg/dL, potassium in tenths of a mmol/L.
    pub(crate) fn metabolic(&mut self, visit: &Visit, creatinine: i64, glucose: i64, potassium: i64, at: Moment) -> Reference {
        let sodium = self.random.around(140, 4);
        let filtration = filtration(creatinine, self.person.years_at(at));
        let values = [
            (&lab::SODIUM, sodium),
            (&lab::POTASSIUM, potassium),
            (&lab::CREATININE, creatinine),
            (&lab::FILTRATION, filtration),
            (&lab::GLUCOSE, glucose),
        ];
        self.laboratory(visit, &lab::METABOLIC, &values, at)
    }

    /// Blood lipids that hang together: total cholesterol and triglycerides are given.
    pub(crate) fn lipids(&mut self, visit: &Visit, total: i64, triglycerides: i64, at: Moment) -> Reference {
        let hdl = self.random.around(52, 10);
        let ldl = (total - hdl - triglycerides / 5).max(40);
        let values = [(&lab::CHOLESTEROL, total), (&lab::HDL, hdl), (&lab::LDL, ldl), (&lab::TRIGLYCERIDES, triglycerides)];
        self.laboratory(visit, &lab::LIPIDS, &values, at)
    }
}

/// A rough estimate of the filtration rate from creatinine (hundredths of mg/dL) and age: it falls with both.
fn filtration(creatinine: i64, years: i64) -> i64 {
    let at_normal = 125 - years * 45 / 100;
    (at_normal * 90 / creatinine.max(60)).clamp(5, 130)
}
