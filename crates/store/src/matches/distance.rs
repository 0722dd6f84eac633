//! Distances on Earth.

/// The mean radius of the Earth in metres (IUGG).
const RADIUS_M: f64 = 6_371_008.8;

/// How many units of a coordinate make a degree.
const UNITS: f64 = 1e7;

/// The distance of two points (latitude and longitude in ten-millionths of a degree) in millimetres, rounded: the great circle on a sphere
/// of the Earth's mean radius, by the haversine formula. It differs from that on the WGS 84 ellipsoid by 0.6 % at most.
pub fn distance_mm(from: (i32, i32), to: (i32, i32)) -> u64 {
    let radians = |units: i32| (f64::from(units) / UNITS).to_radians();
    let half_chord = |one: i32, other: i32| ((radians(other) - radians(one)) / 2.0).sin().powi(2);
    let haversine = half_chord(from.0, to.0) + radians(from.0).cos() * radians(to.0).cos() * half_chord(from.1, to.1);
    (2.0 * RADIUS_M * haversine.sqrt().min(1.0).asin() * 1000.0).round() as u64
}

/// The lowest and the highest latitude that a point within the distance can have: for an engine that looks for them by their latitude.
pub fn latitudes_within(lat: i32, distance_mm: u64) -> (i32, i32) {
    // A unit of latitude is about 11 mm; what rounding takes is given back.
    let reach = (distance_mm as f64 / 1000.0 / RADIUS_M).to_degrees() * UNITS + 2.0;
    let reach = reach as i32;
    (lat.saturating_sub(reach), lat.saturating_add(reach))
}
