//! What care costs, and who pays: ChargeItem, Claim, ExplanationOfBenefit, Invoice.

use fhir::{Object, Value, array, object};

use super::{Chart, Visit};
use crate::coding::{Coding, euros, words};
use crate::draft::Reference;
use crate::house::Post;
use crate::moment::{Moment, period};

/// A line of a bill: what for, and cents.
pub(crate) type Line<'a> = (&'a str, i64);

/// The share of each bill that the patient pays.
const SHARE_PERCENT: i64 = 10;

const ADJUDICATION: &str = "http://terminology.hl7.org/CodeSystem/adjudication";

impl Chart<'_> {
    /// Bills a visit that has ended. A stay has each line charged by itself, and an invoice for the patient's share.
    pub(crate) fn bill(&mut self, visit: &Visit, diagnosis: Option<&Reference>, lines: &[Line]) {
        let (Some(end), Some(coverage), Some(insurer)) = (visit.end, self.coverage.clone(), self.insurer.clone()) else { return };
        let created = end.plus_hours(2);
        let paid = end.plus_days(9);
        if paid > self.house.now() {
            return;
        }
        let is_stay = end.days_since(visit.start) > 0;
        let total: i64 = lines.iter().map(|line| line.1).sum();
        let charges: Vec<Reference> = match is_stay {
            true => lines.iter().map(|line| self.charge(visit, line, created)).collect(),
            false => Vec::new(),
        };
        let claim = self.claim(visit, diagnosis, lines, (&coverage, &insurer), (created, total));
        self.benefit(visit, lines, &claim, (&coverage, &insurer), (paid, total));
        if is_stay {
            self.invoice(&charges, paid, total * SHARE_PERCENT / 100);
        }
    }

    fn charge(&mut self, visit: &Visit, &(text, cents): &Line, at: Moment) -> Reference {
        let clerk = self.staff(Post::Biller);
        let draft = self
            .draft("ChargeItem")
            .with("status", "billed")
            .with("code", words(text))
            .with("subject", &self.subject)
            .with("context", &visit.encounter)
            .with("occurrencePeriod", period(visit.start, visit.end))
            .with("priceOverride", euros(cents))
            .with("enterer", &clerk.practitioner)
            .with("enteredDate", at.text());
        self.add(draft)
    }

    fn claim(
        &mut self,
        visit: &Visit,
        diagnosis: Option<&Reference>,
        lines: &[Line],
        (coverage, insurer): (&Reference, &Reference),
        (created, total): (Moment, i64),
    ) -> Reference {
        let clerk = self.staff(Post::Biller);
        let items = lines.iter().zip(1_u64..).map(|(&(text, cents), sequence)| {
            let mut item = Object::with_capacity(7);
            item.push("sequence", sequence);
            if diagnosis.is_some() {
                item.push("diagnosisSequence", array![1_u64]);
            }
            item.push("productOrService", words(text));
            item.push("servicedPeriod", period(visit.start, visit.end));
            item.push("unitPrice", euros(cents));
            item.push("net", euros(cents));
            item.push("encounter", array![&visit.encounter]);
            Value::from(item)
        });
        let items: Vec<Value> = items.collect();
        let diagnoses = diagnosis.map(|condition| array![object! { "sequence": 1_u64, "diagnosisReference": condition }]);
        let priority = Coding::new("http://terminology.hl7.org/CodeSystem/processpriority", "normal", "Normal");
        let house = self.house;
        let draft = self
            .draft("Claim")
            .with("status", "active")
            .with("type", kind(visit))
            .with("use", "claim")
            .with("patient", &self.subject)
            .with("billablePeriod", period(visit.start, visit.end))
            .with("created", created.text())
            .with("enterer", &clerk.practitioner)
            .with("insurer", insurer)
            .with("provider", &house.organization)
            .with("priority", priority.concept())
            .with_some("diagnosis", diagnoses)
            .with("insurance", array![object! { "sequence": 1_u64, "focal": true, "coverage": coverage }])
            .with("item", items)
            .with("total", euros(total));
        self.add(draft)
    }

    fn benefit(
        &mut self,
        visit: &Visit,
        lines: &[Line],
        claim: &Reference,
        (coverage, insurer): (&Reference, &Reference),
        (paid, total): (Moment, i64),
    ) {
        let items: Vec<Value> = lines
            .iter()
            .zip(1_u64..)
            .map(|(&(text, cents), sequence)| {
                object! {
                    "sequence": sequence,
                    "productOrService": words(text),
                    "net": euros(cents),
                    "adjudication": array![part("submitted", "Submitted Amount", cents), part("benefit", "Benefit Amount", benefit_of(cents))],
                }
            })
            .collect();
        let benefit: i64 = lines.iter().map(|line| benefit_of(line.1)).sum();
        let totals = array![
            part("submitted", "Submitted Amount", total),
            part("copay", "CoPay", total - benefit),
            part("benefit", "Benefit Amount", benefit)
        ];
        let house = self.house;
        let draft = self
            .draft("ExplanationOfBenefit")
            .with("status", "active")
            .with("type", kind(visit))
            .with("use", "claim")
            .with("patient", &self.subject)
            .with("billablePeriod", period(visit.start, visit.end))
            .with("created", paid.text())
            .with("insurer", insurer)
            .with("provider", &house.organization)
            .with("claim", claim)
            .with("outcome", "complete")
            .with("insurance", array![object! { "focal": true, "coverage": coverage }])
            .with("item", items)
            .with("total", totals)
            .with("payment", object! { "date": paid.date(), "amount": euros(benefit) });
        self.add(draft);
    }

    fn invoice(&mut self, charges: &[Reference], at: Moment, cents: i64) {
        let lines: Vec<Value> =
            charges.iter().zip(1_u64..).map(|(charge, n)| object! { "sequence": n, "chargeItemReference": charge }).collect();
        let house = self.house;
        let draft = self
            .draft("Invoice")
            .with("status", "balanced")
            .with("subject", &self.subject)
            .with("recipient", &self.subject)
            .with("date", at.text())
            .with("issuer", &house.organization)
            .with_list("lineItem", lines)
            .with("totalGross", euros(cents));
        self.add(draft);
    }
}

fn benefit_of(cents: i64) -> i64 {
    cents - cents * SHARE_PERCENT / 100
}

fn part(code: &'static str, display: &'static str, cents: i64) -> Value {
    object! { "category": Coding::new(ADJUDICATION, code, display).concept(), "amount": euros(cents) }
}

fn kind(visit: &Visit) -> Value {
    let is_stay = visit.end.is_some_and(|end| end.days_since(visit.start) > 0);
    let (code, display) = if is_stay { ("institutional", "Institutional") } else { ("professional", "Professional") };
    Coding::new("http://terminology.hl7.org/CodeSystem/claim-type", code, display).concept()
}
