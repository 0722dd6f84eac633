//! What looks suspicious: the watch of a server, as its settings say, and how often each rule found something.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use audit::alerts::RULES;
use audit::suspicion::places::Places;
use audit::suspicion::{Limits, Locator, Watch};
use audit::{Happening, Observer, Seen, What};
use rest::metrics::Gauge;
use store::contract::Clock;

use crate::clock;
use crate::command::Failure;
use crate::settings::Settings;

/// How often each rule found something since the process began, in the order of [`RULES`].
#[derive(Default)]
pub struct Found([AtomicU64; RULES.len()]);

/// What each rule is called in metrics.
const NAMES: [&str; RULES.len()] = [
    "ward_alerts_many_charts",
    "ward_alerts_many_listed",
    "ward_alerts_many_written",
    "ward_alerts_many_deletions",
    "ward_alerts_many_rights",
    "ward_alerts_out_of_hours",
    "ward_alerts_unusual_hour",
    "ward_alerts_same_name",
    "ward_alerts_failed_sign_ins",
    "ward_alerts_impossible_travel",
];

impl Found {
    /// For the metrics of a server.
    pub fn gauges(&self) -> Vec<Gauge> {
        let gauge = |(name, count): (&'static str, &AtomicU64)| Gauge {
            name,
            help: "How often this looked suspicious since the process began.",
            value: count.load(Ordering::Relaxed) as f64,
        };
        NAMES.into_iter().zip(&self.0).map(gauge).collect()
    }
}

/// A watch that counts what it finds.
pub(super) struct Counted {
    watch: Watch,
    found: Arc<Found>,
}

impl Counted {
    /// The watch that the settings describe.
    ///
    /// Fails when the file with places cannot be read.
    pub(super) fn new(settings: &Settings, found: Arc<Found>) -> Result<Self, Failure> {
        Ok(Self { watch: Watch::new(limits(settings), locator(settings)?), found })
    }
}

impl Observer for Counted {
    fn observe(&mut self, seen: &Seen<'_>) -> Vec<Happening> {
        let alerts = self.watch.look(seen);
        for alert in &alerts {
            let What::Alert(code, _) = &alert.what else { continue };
            if let Some(count) = RULES.iter().position(|rule| **rule == **code).and_then(|rule| self.found.0.get(rule)) {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
        alerts
    }
}

fn limits(settings: &Settings) -> Limits {
    let now = jiff::Timestamp::from_millisecond(clock::of_process().now()).ok();
    let zone = jiff::tz::TimeZone::get(&settings.time_zone).ok();
    let ahead_s = now.zip(zone).map_or(0, |(now, zone)| zone.to_offset(now).seconds());
    Limits {
        charts: settings.alert_charts,
        listed: settings.alert_listed,
        written: settings.alert_written,
        deletions: settings.alert_deletions,
        rights: settings.alert_rights,
        rights_within_ms: i64::from(settings.alert_rights_minutes) * 60_000,
        work: settings.alert_work_hours.bounds(),
        known_after: settings.alert_known_after,
        ahead_of_utc_ms: i64::from(ahead_s) * 1000,
        failures: settings.alert_failures,
        failures_within_ms: i64::from(settings.alert_failures_minutes) * 60_000,
        travel_km_h: settings.alert_travel_km_h,
        ..Limits::default()
    }
}

fn locator(settings: &Settings) -> Result<Option<Arc<dyn Locator>>, Failure> {
    if settings.places_file.is_empty() {
        return Ok(None);
    }
    let wrong = |error: String| Failure::usage(format!("places_file {}: {error}", settings.places_file));
    let text = std::fs::read_to_string(&settings.places_file).map_err(|error| wrong(error.to_string()))?;
    Ok(Some(Arc::new(Places::parse(&text).map_err(wrong)?)))
}
