//! `/metrics`: counts and times by interaction, in Prometheus' text format.
//!
//! The label set is fixed by `interaction::table`, so recording is a few additions to atomic counters, without a lock.

mod load;
mod tenants;

use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::State;
use http::{HeaderName, StatusCode, header};
use interaction::table::routes;
use store::commit::Tenant;

use crate::app::App;

/// The upper bounds of the histogram's buckets, in microseconds; the last bucket has none.
const BOUNDS_US: [u64; 14] = [100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000];

/// What was done, counted and timed.
pub struct Metrics {
    series: Vec<Series>,
    in_flight: AtomicI64,
    by_tenant: tenants::ByTenant,
    /// What other rooms tell of themselves.
    others: OnceLock<Others>,
}

/// What gives the figures of other rooms.
type Others = Box<dyn Fn() -> Vec<Gauge> + Send + Sync>;

/// A figure of another room.
pub struct Gauge {
    /// Its name, as `ward_backup_age_seconds`.
    pub name: &'static str,
    /// What it says.
    pub help: &'static str,
    /// What it is now.
    pub value: f64,
}

/// One interaction.
#[derive(Default)]
struct Series {
    name: &'static str,
    /// Those that took at most the bound; not cumulative.
    buckets: [AtomicU64; BOUNDS_US.len() + 1],
    sum_us: AtomicU64,
    /// By the first digit of the status, 1 to 5.
    by_class: [AtomicU64; 5],
}

/// Something that goes on until this is dropped.
pub(crate) struct Ongoing<'a>(&'a AtomicI64);

impl Drop for Ongoing<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut series: Vec<Series> = Vec::new();
        for name in routes().map(|row| row.name).chain(["page", "auth", "none"]) {
            if series.iter().all(|known| known.name != name) {
                series.push(Series { name, ..Series::default() });
            }
        }
        Self { series, in_flight: AtomicI64::new(0), by_tenant: tenants::ByTenant::default(), others: OnceLock::new() }
    }

    /// Has the figures that `others` gives in the text from now on. Only the first call counts.
    pub fn add(&self, others: impl Fn() -> Vec<Gauge> + Send + Sync + 'static) {
        self.others.set(Box::new(others)).ok();
    }

    /// A request has begun.
    pub(crate) fn begin(&self) -> Ongoing<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        Ongoing(&self.in_flight)
    }

    /// A request was answered.
    pub(crate) fn record(&self, name: &str, status: StatusCode, took: Duration) {
        let Some(series) = self.series.iter().find(|series| series.name == name) else { return };
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BOUNDS_US.partition_point(|bound| *bound < took_us);
        series.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        series.sum_us.fetch_add(took_us, Ordering::Relaxed);
        if let Some(class) = series.by_class.get(usize::from(status.as_u16() / 100).wrapping_sub(1)) {
            class.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A request about a tenant was answered.
    pub(crate) fn of_tenant(&self, tenant: Tenant, status: StatusCode) {
        self.by_tenant.record(tenant, status);
    }

    /// The text that Prometheus reads, of what was done.
    pub fn text(&self) -> String {
        let mut out = String::with_capacity(16 << 10);
        out.push_str("# HELP ward_http_requests_total Requests answered, by interaction and class of status.\n");
        out.push_str("# TYPE ward_http_requests_total counter\n");
        for series in &self.series {
            for (class, count) in (1..).zip(&series.by_class) {
                let (name, count) = (series.name, count.load(Ordering::Relaxed));
                let _ = writeln!(out, "ward_http_requests_total{{interaction=\"{name}\",status=\"{class}xx\"}} {count}");
            }
        }
        out.push_str("# HELP ward_http_request_duration_seconds Time from the head of a request to that of its answer.\n");
        out.push_str("# TYPE ward_http_request_duration_seconds histogram\n");
        self.series.iter().for_each(|series| series.write(&mut out));
        self.by_tenant.write(&mut out);
        let (name, value) = ("ward_http_requests_in_flight", self.in_flight.load(Ordering::Relaxed));
        let _ = writeln!(out, "# HELP {name} Requests that are not answered yet.\n# TYPE {name} gauge\n{name} {value}");
        for Gauge { name, help, value } in self.others.get().map(|others| others()).unwrap_or_default() {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
        }
        out
    }
}

impl Series {
    fn write(&self, out: &mut String) {
        let name = self.name;
        let mut count = 0;
        for (index, bucket) in self.buckets.iter().enumerate() {
            count += bucket.load(Ordering::Relaxed);
            let bound = BOUNDS_US.get(index).map_or("+Inf".to_owned(), |bound| (*bound as f64 / 1e6).to_string());
            let _ = writeln!(out, "ward_http_request_duration_seconds_bucket{{interaction=\"{name}\",le=\"{bound}\"}} {count}");
        }
        let sum_s = self.sum_us.load(Ordering::Relaxed) as f64 / 1e6;
        let _ = writeln!(out, "ward_http_request_duration_seconds_sum{{interaction=\"{name}\"}} {sum_s}");
        let _ = writeln!(out, "ward_http_request_duration_seconds_count{{interaction=\"{name}\"}} {count}");
    }
}

/// Answers with the text.
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> ([(HeaderName, &'static str); 1], String) {
    let mut text = app.metrics.text();
    load::write(&app, &mut text);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
}
