//! What the laboratory measures, and the panels in which it is asked for.

use super::Measure;
use crate::coding::Coding;

/// What is asked for and reported together.
#[derive(Debug)]
pub(crate) struct Panel {
    pub(crate) code: Coding,
    /// The kind of specimen it takes.
    pub(crate) specimen: Coding,
}

const VENOUS_BLOOD: Coding = Coding::snomed("122555007", "Venous blood specimen");
const SERUM: Coding = Coding::snomed("119364003", "Serum specimen");
const URINE: Coding = Coding::snomed("122575003", "Urine specimen");

pub(crate) static BLOOD_COUNT: Panel = Panel { code: Coding::loinc("58410-2", "Complete blood count"), specimen: VENOUS_BLOOD };
pub(crate) static METABOLIC: Panel = Panel { code: Coding::loinc("51990-0", "Basic metabolic panel"), specimen: SERUM };
pub(crate) static LIPIDS: Panel = Panel { code: Coding::loinc("57698-3", "Lipid panel"), specimen: SERUM };
pub(crate) static GLYCATED: Panel = Panel { code: Coding::loinc("4548-4", "Hemoglobin A1c"), specimen: VENOUS_BLOOD };
pub(crate) static INFLAMMATION: Panel = Panel { code: Coding::loinc("1988-5", "C reactive protein"), specimen: SERUM };
pub(crate) static THYROID: Panel = Panel { code: Coding::loinc("3016-3", "Thyrotropin"), specimen: SERUM };
pub(crate) static HEART_STRAIN: Panel = Panel { code: Coding::loinc("33762-6", "NT-proBNP"), specimen: SERUM };
pub(crate) static KIDNEY_LEAK: Panel = Panel { code: Coding::loinc("9318-7", "Albumin/creatinine ratio in urine"), specimen: URINE };

pub(crate) static HEMOGLOBIN: Measure =
    Measure::new(Coding::loinc("718-7", "Hemoglobin"), "g/dL", "g/dL", 1).normal(120, 170).alarm_below(70);
pub(crate) static LEUKOCYTES: Measure =
    Measure::new(Coding::loinc("6690-2", "Leukocytes"), "10*3/uL", "10*3/uL", 1).normal(40, 110).alarm_above(300);
pub(crate) static PLATELETS: Measure = Measure::new(Coding::loinc("777-3", "Platelets"), "10*3/uL", "10*3/uL", 0).normal(150, 400);
pub(crate) static SODIUM: Measure =
    Measure::new(Coding::loinc("2951-2", "Sodium"), "mmol/L", "mmol/L", 0).normal(135, 145).alarm_below(125);
pub(crate) static POTASSIUM: Measure =
    Measure::new(Coding::loinc("2823-3", "Potassium"), "mmol/L", "mmol/L", 1).normal(35, 51).alarm_below(28).alarm_above(60);
pub(crate) static CREATININE: Measure =
    Measure::new(Coding::loinc("2160-0", "Creatinine"), "mg/dL", "mg/dL", 2).normal(50, 120).alarm_above(500);
pub(crate) static FILTRATION: Measure =
    Measure::new(Coding::loinc("62238-1", "Glomerular filtration rate (CKD-EPI)"), "mL/min/1.73m2", "mL/min/{1.73_m2}", 0).normal_from(60);
pub(crate) static GLUCOSE: Measure =
    Measure::new(Coding::loinc("2345-7", "Glucose"), "mg/dL", "mg/dL", 0).normal(70, 105).alarm_below(50).alarm_above(400);
pub(crate) static HBA1C: Measure = Measure::new(Coding::loinc("4548-4", "Hemoglobin A1c"), "%", "%", 1).normal(40, 56);
pub(crate) static CRP: Measure =
    Measure::new(Coding::loinc("1988-5", "C reactive protein"), "mg/L", "mg/L", 0).normal_to(5).alarm_above(250);
pub(crate) static TSH: Measure = Measure::new(Coding::loinc("3016-3", "Thyrotropin"), "mIU/L", "m[IU]/L", 2).normal(40, 400);
pub(crate) static FREE_T4: Measure = Measure::new(Coding::loinc("3024-7", "Free thyroxine"), "ng/dL", "ng/dL", 1).normal(8, 18);
pub(crate) static CHOLESTEROL: Measure = Measure::new(Coding::loinc("2093-3", "Cholesterol"), "mg/dL", "mg/dL", 0).normal_to(200);
pub(crate) static HDL: Measure = Measure::new(Coding::loinc("2085-9", "HDL cholesterol"), "mg/dL", "mg/dL", 0).normal_from(40);
pub(crate) static LDL: Measure = Measure::new(Coding::loinc("13457-7", "LDL cholesterol, calculated"), "mg/dL", "mg/dL", 0).normal_to(130);
pub(crate) static TRIGLYCERIDES: Measure = Measure::new(Coding::loinc("2571-8", "Triglycerides"), "mg/dL", "mg/dL", 0).normal_to(150);
pub(crate) static NT_PRO_BNP: Measure = Measure::new(Coding::loinc("33762-6", "NT-proBNP"), "pg/mL", "pg/mL", 0).normal_to(125);
pub(crate) static ALBUMIN_RATIO: Measure =
    Measure::new(Coding::loinc("9318-7", "Albumin/creatinine ratio in urine"), "mg/g", "mg/g", 0).normal_to(30);
