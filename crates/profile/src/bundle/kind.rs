//! The kinds of Bundle.

/// A kind of Bundle: <http://hl7.org/fhir/R4/valueset-bundle-type.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Document,
    Message,
    Transaction,
    TransactionResponse,
    Batch,
    BatchResponse,
    History,
    Searchset,
    Collection,
}

impl Kind {
    pub(super) fn parse(code: &str) -> Option<Self> {
        Some(match code {
            "document" => Self::Document,
            "message" => Self::Message,
            "transaction" => Self::Transaction,
            "transaction-response" => Self::TransactionResponse,
            "batch" => Self::Batch,
            "batch-response" => Self::BatchResponse,
            "history" => Self::History,
            "searchset" => Self::Searchset,
            "collection" => Self::Collection,
            _ => return None,
        })
    }

    /// Whether it asks for something to be done, so that its resources may have no identity yet.
    pub(super) fn is_request(self) -> bool {
        matches!(self, Self::Transaction | Self::Batch)
    }

    /// Whether it answers such requests.
    pub(super) fn is_response(self) -> bool {
        matches!(self, Self::TransactionResponse | Self::BatchResponse)
    }

    /// Whether it is a page of many.
    pub(super) fn is_paged(self) -> bool {
        matches!(self, Self::Searchset | Self::History)
    }
}
