//! Points on Earth.

use crate::entry::EntryValue;
use crate::query::Test;
use crate::suite::sample::{has, sample};
use crate::suite::world::World;

/// A coordinate in degrees, as entries have it.
fn units(degrees: f64) -> i32 {
    (degrees * 1e7) as i32
}

fn near(lat: f64, lon: f64, metres: u64) -> Test {
    Test::Near { lat: units(lat), lon: units(lon), distance_mm: metres * 1000 }
}

pub(in crate::suite) async fn within_a_distance(mut world: World) {
    let places = [("berlin", 52.52, 13.405), ("potsdam", 52.4, 13.0667), ("suva", -18.1416, 178.4419), ("apia", -13.8333, -171.7667)];
    let places = places.into_iter().map(|(id, lat, lon)| {
        let point = EntryValue::Point { lat: units(lat), lon: units(lon) };
        sample(&format!("Observation/{id}")).with("near", point).put()
    });
    world.put(places.collect()).await;
    world.restart().await;
    assert_eq!(world.set(has("near", near(52.52, 13.405, 0))).await, ["berlin"]);
    assert_eq!(world.set(has("near", near(52.52, 13.405, 26_000))).await, ["berlin"]);
    assert_eq!(world.set(has("near", near(52.52, 13.405, 27_000))).await, ["berlin", "potsdam"]);
    assert_eq!(world.set(has("near", near(-16.0, 180.0, 1_000_000))).await, ["apia", "suva"], "over the date line");
    assert_eq!(world.set(has("near", near(90.0, 0.0, 4_200_000))).await, ["berlin", "potsdam"], "all longitudes meet at a pole");
    assert_eq!(world.set(has("near", near(0.0, 0.0, 21_000_000))).await.len(), 4, "the whole Earth");
}
