//! Query strings.

use search::url::{query_pairs, query_string};

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[test]
fn pairs_are_decoded_in_order() {
    let cases: [(&str, &[(&str, &str)]); 6] = [
        ("", &[]),
        ("name=Anna+Maria&name=x%20y", &[("name", "Anna Maria"), ("name", "x y")]),
        ("code=http://loinc.org%7C8480-6,a", &[("code", "http://loinc.org|8480-6,a")]),
        ("a&b=&&=c", &[("a", ""), ("b", ""), ("", "c")]),
        ("n%C3%A4me=%E5%B1%B1=1", &[("näme", "山=1")]),
        ("date=ge2024-01-01T00:00:00%2B01:00", &[("date", "ge2024-01-01T00:00:00+01:00")]),
    ];
    for (query, expected) in cases {
        assert_eq!(query_pairs(query), Ok(pairs(expected)), "{query}");
    }
}

#[test]
fn bad_escapes_are_refused_each() {
    for query in ["a=%", "a=%4", "a=%zz", "a=%+1", "%ff=a", "a=%C3%28"] {
        let issues = query_pairs(query).expect_err(query);
        assert_eq!(issues.iter().map(|issue| issue.number).collect::<Vec<_>>(), [329], "{query}");
    }
    assert_eq!(query_pairs("a=%&b=1&c=%").expect_err("two").len(), 2);
}

#[test]
fn what_is_written_reads_back() {
    let all = pairs(&[("a:not", "x|y,z$ +&=#%\"\n山"), ("", ""), ("_page", "AQ-_")]);
    assert_eq!(query_pairs(&query_string(&all)), Ok(all));
}
