//! Formats: what comes in by Content-Type, what goes out by Accept and `_format` (<http://hl7.org/fhir/R4/http.html#mime-type>).

use http::HeaderValue;

/// A format of resources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

impl Format {
    /// The Content-Type that goes out.
    pub(crate) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Format::Json => "application/fhir+json;charset=utf-8",
            Format::Xml => "application/fhir+xml;charset=utf-8",
        })
    }

    /// The format that a media type or a short name means: `application/fhir+json`, `text/xml`, `json`. Parameters are minded: FHIR in
    /// another version, or text that is not UTF-8, is none that this server has.
    pub(crate) fn of(media_type: &str) -> Option<Self> {
        let mut parts = media_type.split(';').map(str::trim);
        let format = match parts.next()?.to_ascii_lowercase().as_str() {
            // A plus in a query string arrives as a blank.
            "application/fhir+json" | "application/fhir json" | "application/json" | "text/json" | "json" => Format::Json,
            "application/json+fhir" | "application/json fhir" => Format::Json,
            "application/fhir+xml" | "application/fhir xml" | "application/xml" | "text/xml" | "xml" => Format::Xml,
            "application/xml+fhir" | "application/xml fhir" => Format::Xml,
            _ => return None,
        };
        parts.all(parameter_fits).then_some(format)
    }
}

fn parameter_fits(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let value = value.trim().trim_matches('"');
    match name.trim().to_ascii_lowercase().as_str() {
        "charset" => value.eq_ignore_ascii_case("utf-8") || value.eq_ignore_ascii_case("us-ascii"),
        "fhirversion" => value == "4.0" || value == "4.0.1",
        _ => true,
    }
}

/// The format that an Accept header likes best; JSON when it likes them equally. `None` when it accepts neither.
pub(crate) fn accepted(accept: &str) -> Option<Format> {
    if matches!(accept, "application/fhir+json" | "*/*" | "application/json") {
        return Some(Format::Json);
    }
    let mut best: Option<(Format, f32, bool)> = None;
    for range in accept.split(',') {
        let (media_type, quality) = quality(range.trim());
        let (format, exact) = match media_type.split(';').next().unwrap_or_default().trim() {
            "*/*" | "application/*" | "text/*" => (Some(Format::Json), false),
            _ => (Format::of(media_type), true),
        };
        let Some(format) = format.filter(|_| quality > 0.0) else { continue };
        // A format that is named goes before one that is merely not excluded.
        if best.is_none_or(|(_, known, known_exact)| (quality, exact) > (known, known_exact)) {
            best = Some((format, quality, exact));
        }
    }
    best.map(|(format, ..)| format)
}

/// A media range and its quality, 1 when it says nothing.
fn quality(range: &str) -> (&str, f32) {
    match range.rsplit_once(';') {
        Some((media_type, last)) => match last.trim().strip_prefix("q=") {
            Some(quality) => (media_type, quality.trim().parse().unwrap_or(0.0)),
            None => (range, 1.0),
        },
        None => (range, 1.0),
    }
}
