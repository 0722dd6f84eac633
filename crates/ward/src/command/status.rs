//! `ward status`.

use fhir::object;

use super::{Failure, Run};
use crate::cli::Endpoint;
use crate::remote::Remote;
use crate::{tenants, wiring};

/// How many bytes of figures are read.
const MOST_BYTES: usize = 4 << 20;

/// How long a row of the journal of reads is, about.
const ROW_BYTES: u64 = 107;

/// Asks a server how it is, and fails when it does not answer or is not ready.
pub fn run(run: Run, endpoint: Endpoint) -> Result<(), Failure> {
    super::refuse_tenant_of_server(&run, &endpoint)?;
    let prefix = tenants::prefix(run.tenant.as_deref());
    let url = endpoint.url.clone().unwrap_or_else(|| format!("http://{}{prefix}/fhir", run.settings.listen));
    let server = Remote::new(&url, endpoint.bearer().as_deref(), &run.settings.ca_file)?;
    let figures = wiring::runtime()?.block_on(async {
        // Paths as those of links: they are beside the endpoint, and not below it.
        server.download("http://server/health/ready", MOST_BYTES).await?;
        if run.tenant.is_some() {
            // What everybody may read, of a tenant that is served.
            let statement = server.download(&format!("http://server{prefix}/fhir/metadata?_elements=status"), MOST_BYTES).await?;
            statement.ok_or("it serves no tenant of this name")?;
        }
        server.download("http://server/metrics", MOST_BYTES).await
    });
    let figures = figures.map_err(|why| Failure::failed(format!("{url} is not ready: {why}")))?.unwrap_or_default();
    let figures = Figures(String::from_utf8_lossy(&figures).into_owned());
    let count = |name, label| figures.sum(name, label) as u64;
    let (requests, failed) = (count("ward_http_requests_total", ""), count("ward_http_requests_total", "status=\"5xx\""));
    let (sealed, kek) = (count("ward_bodies_sealed", "") == 1, count("ward_kek_version", ""));
    let (lagging, erasures) = (count("ward_keys_lagging", ""), count("ward_erasures", ""));
    let (in_flight, connections) = (count("ward_http_requests_in_flight", ""), count("ward_http_connections", ""));
    let untold = count("ward_audit_waiting_bytes", "");
    if run.json {
        let answer = object! {
            "url": url,
            "ready": true,
            "requests": requests,
            "failed": failed,
            "in_flight": in_flight,
            "connections": connections,
            "sealed": sealed,
            "kek": kek,
            "lagging": lagging,
            "erasures": erasures,
            "untold": untold,
        };
        println!("{}", fhir::json::to_string(&answer));
    } else {
        println!(
            "{url} is ready: {requests} requests answered, {failed} of them failed, {in_flight} under way on {connections} connections"
        );
        let bodies = if sealed { "sealed" } else { "not sealed" };
        println!("bodies are {bodies}; key-encryption key: version {kek}; {lagging} keys wrapped by older versions; {erasures} erasures");
        println!("{untold} bytes of the journal of reads are no AuditEvents yet, about {} rows", untold / ROW_BYTES);
    }
    Ok(())
}

/// Figures in the text format of Prometheus.
struct Figures(String);

impl Figures {
    /// The sum of a metric over its series that have this label; 0 when there is none.
    fn sum(&self, name: &str, label: &str) -> f64 {
        let of_metric = |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']));
        let series = self.0.lines().filter(of_metric).filter(|line| line.contains(label));
        series.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok()).sum()
    }
}
