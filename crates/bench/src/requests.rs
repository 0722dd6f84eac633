//! Requests, as the whole text of HTTP that goes over the wire.

use std::sync::Arc;

/// Makes the `n`-th request of a run.
pub type MakeRequest = Arc<dyn Fn(u64) -> Vec<u8> + Send + Sync>;

/// A GET.
pub fn get(address: &str, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes()
}

/// A request with a body of FHIR JSON.
pub fn with_body(method: &str, address: &str, path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/fhir+json\r\nContent-Length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// GETs of `paths`, in a scattered order, again and again.
pub fn gets(address: &str, paths: &[String]) -> MakeRequest {
    gets_with(address, paths, None)
}

/// The same with a token.
pub fn gets_with(address: &str, paths: &[String], token: Option<&str>) -> MakeRequest {
    let authorization = token.map_or(String::new(), |token| format!("Authorization: Bearer {token}\r\n"));
    let text = |path: &String| format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{authorization}\r\n").into_bytes();
    let texts: Vec<Vec<u8>> = paths.iter().map(text).collect();
    Arc::new(move |n| texts[scattered(n, texts.len())].clone())
}

/// POSTs of `bodies` to the type `kind`, in turn.
pub fn creates(address: &str, kind: &str, bodies: &[String]) -> MakeRequest {
    let path = format!("/fhir/{kind}");
    let texts: Vec<Vec<u8>> = bodies.iter().map(|body| with_body("POST", address, &path, body)).collect();
    Arc::new(move |n| texts[n as usize % texts.len()].clone())
}

/// A place in a list of `length` things for the number `n`, so that neighbours in number are none in place.
pub fn scattered(n: u64, length: usize) -> usize {
    // Odd, and with no other factor that lengths often have.
    (n.wrapping_mul(7919) % length as u64) as usize
}
