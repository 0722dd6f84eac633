//! What is administered on a server: `/api/v1`, beside its FHIR endpoint.

use bytes::Bytes;
use fhir::{Value, json};
use http::{HeaderValue, Method, Request, header};
use http_body_util::Full;

use super::{Refusal, Remote};

impl Remote {
    /// What a server answers to a request below `/api/v1`; `null` when it answers without a body. `query` is encoded already, and empty for none.
    ///
    /// Fails when the server cannot be reached; what it refuses is an answer.
    pub async fn administer(
        &self,
        method: &Method,
        path: &str,
        query: &str,
        body: Option<&Value>,
    ) -> Result<Result<Value, Refusal>, String> {
        let mark = if query.is_empty() { "" } else { "?" };
        let endpoint = self.base_url();
        let site = endpoint.strip_suffix("/fhir").ok_or_else(|| format!("{endpoint} is no endpoint of Ward: its address ends in /fhir"))?;
        let url = format!("{site}/api/v1{path}{mark}{query}");
        let text = body.map(json::to_string).unwrap_or_default();
        let request = Request::builder().method(method).uri(url).header(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let request =
            request.body(Full::new(Bytes::from(text))).map_err(|error| format!("{} cannot be asked that: {error}", self.base_url()))?;
        let response = self.send(request).await?;
        let (status, body) = (response.status(), response.body());
        if !status.is_success() {
            return Ok(Err(Refusal::read(status, body)));
        }
        let parsed = if body.is_empty() { Ok(Value::Null) } else { json::parse(body) };
        parsed.map(Ok).map_err(|error| format!("the answer of {} is not JSON ({error}): is it Ward?", self.base_url()))
    }
}
