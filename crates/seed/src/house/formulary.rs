//! The drugs that the hospital keeps, as Medications.

use fhir::{Value, array};

use crate::coding::{Coding, HERE, decimal, words};
use crate::draft::{Draft, Reference};

/// A drug of the formulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drug {
    Metformin,
    Ramipril,
    Amlodipine,
    Atorvastatin,
    Bisoprolol,
    Furosemide,
    Spironolactone,
    Salbutamol,
    Budesonide,
    Levothyroxine,
    Sertraline,
    Amoxicillin,
    Ceftriaxone,
    Cefazolin,
    Metronidazole,
    Paracetamol,
    Ibuprofen,
    Morphine,
    Enoxaparin,
    FolicAcid,
    FerrousSulfate,
    Oxytocin,
    Colecalciferol,
}

/// What there is to know about a drug.
pub(crate) struct Product {
    drug: Drug,
    /// Its substance.
    pub(crate) code: Coding,
    /// What the pack says: substance, strength, form.
    pub(crate) label: &'static str,
    form: &'static str,
    /// One dose: value, digits behind its point, unit for people, unit in UCUM.
    pub(crate) dose: (i64, u32, &'static str, &'static str),
    /// How it gets into the body.
    pub(crate) route: Coding,
}

const ORAL: Coding = Coding::snomed("26643006", "Oral route");
const INTRAVENOUS: Coding = Coding::snomed("47625008", "Intravenous route");
const SUBCUTANEOUS: Coding = Coding::snomed("34206005", "Subcutaneous route");
const RESPIRATORY: Coding = Coding::snomed("447694001", "Respiratory tract route");

const fn tablet(drug: Drug, atc: (&'static str, &'static str), label: &'static str, milligrams: i64) -> Product {
    let code = Coding::atc(atc.0, atc.1);
    Product { drug, code, label, form: "Tablet", dose: (milligrams, 0, "mg", "mg"), route: ORAL }
}

const fn infusion(drug: Drug, atc: (&'static str, &'static str), label: &'static str, milligrams: i64) -> Product {
    let code = Coding::atc(atc.0, atc.1);
    Product { drug, code, label, form: "Solution for infusion", dose: (milligrams, 0, "mg", "mg"), route: INTRAVENOUS }
}

const fn inhaler(drug: Drug, atc: (&'static str, &'static str), label: &'static str, micrograms: i64) -> Product {
    let code = Coding::atc(atc.0, atc.1);
    Product { drug, code, label, form: "Inhaler", dose: (micrograms, 0, "µg", "ug"), route: RESPIRATORY }
}

/// All drugs, in the order of [`Drug`].
static FORMULARY: [Product; 23] = [
    tablet(Drug::Metformin, ("A10BA02", "metformin"), "Metformin 500 mg tablet", 500),
    tablet(Drug::Ramipril, ("C09AA05", "ramipril"), "Ramipril 5 mg tablet", 5),
    tablet(Drug::Amlodipine, ("C08CA01", "amlodipine"), "Amlodipine 5 mg tablet", 5),
    tablet(Drug::Atorvastatin, ("C10AA05", "atorvastatin"), "Atorvastatin 20 mg tablet", 20),
    Product { dose: (25, 1, "mg", "mg"), ..tablet(Drug::Bisoprolol, ("C07AB07", "bisoprolol"), "Bisoprolol 2.5 mg tablet", 0) },
    tablet(Drug::Furosemide, ("C03CA01", "furosemide"), "Furosemide 40 mg tablet", 40),
    tablet(Drug::Spironolactone, ("C03DA01", "spironolactone"), "Spironolactone 25 mg tablet", 25),
    inhaler(Drug::Salbutamol, ("R03AC02", "salbutamol"), "Salbutamol 100 µg inhaler", 200),
    inhaler(Drug::Budesonide, ("R03BA02", "budesonide"), "Budesonide 200 µg inhaler", 200),
    Product {
        dose: (75, 0, "µg", "ug"),
        ..tablet(Drug::Levothyroxine, ("H03AA01", "levothyroxine sodium"), "Levothyroxine 75 µg tablet", 0)
    },
    tablet(Drug::Sertraline, ("N06AB06", "sertraline"), "Sertraline 50 mg tablet", 50),
    tablet(Drug::Amoxicillin, ("J01CA04", "amoxicillin"), "Amoxicillin 500 mg tablet", 500),
    infusion(Drug::Ceftriaxone, ("J01DD04", "ceftriaxone"), "Ceftriaxone 2 g for infusion", 2000),
    infusion(Drug::Cefazolin, ("J01DB04", "cefazolin"), "Cefazolin 2 g for infusion", 2000),
    infusion(Drug::Metronidazole, ("J01XD01", "metronidazole"), "Metronidazole 500 mg infusion", 500),
    tablet(Drug::Paracetamol, ("N02BE01", "paracetamol"), "Paracetamol 500 mg tablet", 1000),
    tablet(Drug::Ibuprofen, ("M01AE01", "ibuprofen"), "Ibuprofen 400 mg tablet", 400),
    infusion(Drug::Morphine, ("N02AA01", "morphine"), "Morphine 10 mg/mL injection", 5),
    Product {
        form: "Prefilled syringe",
        route: SUBCUTANEOUS,
        ..infusion(Drug::Enoxaparin, ("B01AB05", "enoxaparin"), "Enoxaparin 40 mg prefilled syringe", 40)
    },
    Product { dose: (400, 0, "µg", "ug"), ..tablet(Drug::FolicAcid, ("B03BB01", "folic acid"), "Folic acid 400 µg tablet", 0) },
    tablet(Drug::FerrousSulfate, ("B03AA07", "ferrous sulfate"), "Ferrous sulfate 100 mg tablet", 100),
    Product { dose: (5, 0, "IU", "[iU]"), ..infusion(Drug::Oxytocin, ("H01BB02", "oxytocin"), "Oxytocin 5 IU/mL injection", 0) },
    Product {
        dose: (400, 0, "IU", "[iU]"),
        ..tablet(Drug::Colecalciferol, ("A11CC05", "colecalciferol"), "Colecalciferol 400 IU tablet", 0)
    },
];

impl Drug {
    /// What there is to know about it.
    pub(crate) fn product(self) -> &'static Product {
        &FORMULARY[self as usize]
    }

    /// What the pack says, for notes.
    pub(crate) fn label(self) -> &'static str {
        self.product().label
    }
}

/// Adds all of them, in their order.
pub(super) fn add(out: &mut Vec<Value>) -> Vec<Reference> {
    FORMULARY
        .iter()
        .map(|product| {
            let name = format!("{:?}", product.drug).to_lowercase();
            let (value, digits, unit, ucum) = product.dose;
            let strength = crate::coding::quantity(value, digits, unit, ucum);
            let one = fhir::object! { "value": decimal(1, 0), "system": crate::coding::UCUM, "code": "1" };
            let ingredient = fhir::object! {
                "itemCodeableConcept": product.code.concept(),
                "strength": fhir::object! { "numerator": strength, "denominator": one },
            };
            Draft::new("Medication", &format!("medication-{name}"))
                .with("identifier", array![fhir::object! { "system": format!("{HERE}/formulary"), "value": name }])
                .with("code", fhir::object! { "coding": array![product.code.value()], "text": product.label })
                .with("status", "active")
                .with("form", words(product.form))
                .with("ingredient", array![ingredient])
                .add_to(out)
                .shown_as(product.label)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::FORMULARY;

    #[test]
    fn every_drug_stands_in_its_own_place() {
        for (place, product) in FORMULARY.iter().enumerate() {
            assert_eq!(product.drug as usize, place, "{:?}", product.drug);
        }
    }
}
