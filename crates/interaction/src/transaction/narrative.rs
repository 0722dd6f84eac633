//! Links in a narrative: `<a href="urn:uuid:…">`, `<img src="urn:uuid:…"/>`.

use crate::transaction::links::View;

/// The XHTML with the links that name an entry of the Bundle made to lead to its resource; `None` when there are none.
pub(super) fn rewrite(xhtml: &str, links: &View<'_>) -> Option<String> {
    let mut changed = String::new();
    let mut kept = 0;
    for (at, _) in xhtml.match_indices('=') {
        let (before, after) = (xhtml[..at].trim_end(), xhtml[at + 1..].trim_start());
        let is_link = ["href", "src"].iter().any(|name| before.strip_suffix(name).is_some_and(|rest| rest.ends_with(char::is_whitespace)));
        let Some(quote) = after.chars().next().filter(|&quote| is_link && (quote == '"' || quote == '\'')) else { continue };
        let start = xhtml.len() - after.len() + 1;
        let Some(length) = xhtml[start..].find(quote) else { break };
        if let Some(place) = links.resolve_exact(&xhtml[start..start + length]).filter(|_| start >= kept) {
            changed.push_str(&xhtml[kept..start]);
            changed.push_str(place);
            kept = start + length;
        }
    }
    if kept == 0 {
        return None;
    }
    changed.push_str(&xhtml[kept..]);
    Some(changed)
}
