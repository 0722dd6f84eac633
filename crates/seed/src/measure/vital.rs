//! Vital signs and measures of the body.

use super::Measure;
use crate::coding::Coding;

pub(crate) static HEART_RATE: Measure =
    Measure::new(Coding::loinc("8867-4", "Heart rate"), "beats/minute", "/min", 0).normal(60, 100).alarm_above(139).for_adults();
pub(crate) static RESPIRATORY_RATE: Measure =
    Measure::new(Coding::loinc("9279-1", "Respiratory rate"), "breaths/minute", "/min", 0).normal(12, 20).alarm_above(29).for_adults();
pub(crate) static TEMPERATURE: Measure =
    Measure::new(Coding::loinc("8310-5", "Body temperature"), "°C", "Cel", 1).normal(361, 379).alarm_above(399);
pub(crate) static OXYGEN_SATURATION: Measure =
    Measure::new(Coding::loinc("2708-6", "Oxygen saturation"), "%", "%", 0).normal_from(94).alarm_below(88);
pub(crate) static SYSTOLIC: Measure =
    Measure::new(Coding::loinc("8480-6", "Systolic blood pressure"), "mmHg", "mm[Hg]", 0).normal(90, 139).for_adults();
pub(crate) static DIASTOLIC: Measure =
    Measure::new(Coding::loinc("8462-4", "Diastolic blood pressure"), "mmHg", "mm[Hg]", 0).normal(60, 89).for_adults();
pub(crate) static WEIGHT: Measure = Measure::new(Coding::loinc("29463-7", "Body weight"), "kg", "kg", 1);
pub(crate) static HEIGHT: Measure = Measure::new(Coding::loinc("8302-2", "Body height"), "cm", "cm", 1);
pub(crate) static BODY_MASS_INDEX: Measure = Measure::new(Coding::loinc("39156-5", "Body mass index"), "kg/m2", "kg/m2", 1);
pub(crate) static HEAD_CIRCUMFERENCE: Measure = Measure::new(Coding::loinc("9843-4", "Head circumference"), "cm", "cm", 1);
pub(crate) static PEAK_FLOW: Measure = Measure::new(Coding::loinc("19935-6", "Peak expiratory flow"), "L/min", "L/min", 0);
pub(crate) static PAIN: Measure =
    Measure::new(Coding::loinc("72514-3", "Pain severity 0-10 verbal rating"), "score", "{score}", 0).normal_to(3);
pub(crate) static DEPRESSION_SCORE: Measure =
    Measure::new(Coding::loinc("44261-6", "PHQ-9 total score"), "score", "{score}", 0).normal_to(4);
pub(crate) static APGAR_1: Measure = Measure::new(Coding::loinc("9272-6", "Apgar score, 1 minute"), "score", "{score}", 0).normal_from(7);
pub(crate) static APGAR_5: Measure = Measure::new(Coding::loinc("9274-2", "Apgar score, 5 minutes"), "score", "{score}", 0).normal_from(7);
pub(crate) static FETAL_HEART_RATE: Measure =
    Measure::new(Coding::loinc("55283-6", "Fetal heart rate"), "beats/minute", "/min", 0).normal(110, 160);

/// The panel that holds both pressures.
pub(crate) const BLOOD_PRESSURE: Coding = Coding::loinc("85354-9", "Blood pressure panel");
/// The second code of a saturation that was measured on the finger.
pub(crate) const BY_PULSE_OXIMETRY: Coding = Coding::loinc("59408-5", "Oxygen saturation by pulse oximetry");
/// Whether somebody smokes.
pub(crate) const SMOKING: Coding = Coding::loinc("72166-2", "Tobacco smoking status");
