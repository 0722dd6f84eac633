//! The machines, as Devices.

use fhir::{Value, array, object};

use super::place::Places;
use crate::coding::{HERE, words};
use crate::draft::{Draft, Reference};

/// Adds them.
pub(super) fn add(out: &mut Vec<Value>, organization: &Reference, places: &Places) {
    let machines = [
        ("chemistry-analyser", "Chemistry analyser", "CA-400", &places.laboratory, 2),
        ("blood-count-analyser", "Blood count analyser", "BC-90", &places.laboratory, 1),
        ("xray-unit", "X-ray unit", "XR-2", &places.xray_room, 1),
        ("electrocardiograph", "Electrocardiograph", "EC-12", &places.emergency_room, 2),
        ("ventilator", "Ventilator", "V-7", &places.theatre, 2),
        ("infusion-pump", "Infusion pump", "IP-3", &places.emergency_room, 6),
        ("fetal-monitor", "Fetal monitor", "FM-5", &places.delivery_room, 2),
    ];
    for (key, name, model, place, count) in machines {
        for number in 1..=count {
            let id = format!("{key}-{number}");
            Draft::new("Device", &id)
                .with("identifier", array![object! { "system": format!("{HERE}/device"), "value": id.as_str() }])
                .with("status", "active")
                .with("manufacturer", "Example Medical Works")
                .with("serialNumber", format!("{model}-{:04}", 1000 + number * 37))
                .with("deviceName", array![object! { "name": name, "type": "user-friendly-name" }])
                .with("modelNumber", model)
                .with("type", words(name))
                .with("owner", organization)
                .with("location", place)
                .add_to(out);
        }
    }
}
