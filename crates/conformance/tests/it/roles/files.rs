//! Files: a Binary as its content, in parts, by conditions and with HEAD; and what an attachment refers to.

use access::Act;

use super::cells::Cells;
use super::house::House;
use super::oracle;
use super::people::PEOPLE;
use super::world::kind;
use super::world::{ABSENT, World};

/// The headers with which a file is asked for.
const ASKING: [(&str, &[(&str, &str)]); 6] = [
    ("GET", &[("accept", "*/*")]),
    ("GET", &[("accept", "application/octet-stream"), ("range", "bytes=0-1")]),
    ("GET", &[("accept", "*/*"), ("if-none-match", "W/\"1\"")]),
    ("GET", &[("accept", "*/*"), ("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT")]),
    ("HEAD", &[("accept", "*/*")]),
    ("GET", &[("accept", "application/fhir+xml")]),
];

#[tokio::test]
async fn are_given_to_those_who_may_read_them() {
    let (house, mut cells) = (House::new(), Cells::default());
    for person in PEOPLE {
        let bearer = format!("Bearer {}", person.name);
        for (method, asking) in ASKING {
            let headers: Vec<(&str, &str)> = [("authorization", bearer.as_str())].into_iter().chain(asking.iter().copied()).collect();
            let absent = house.plain(method, &format!("/fhir/Binary/{ABSENT}"), &headers, "").await;
            for row in World::shared().of(kind("Binary")) {
                let told = house.plain(method, &format!("/fhir/{}", row.place()), &headers, "").await;
                let cell =
                    |what: &str| format!("{} {method} {asking:?} {} {what}: {} {:?}", person.name, row.place(), told.status, told.headers);
                if !oracle::may(person, Act::Read, row) {
                    let known = ["etag", "last-modified", "content-length"].map(|name| told.headers.contains_key(name));
                    let of_absent = ["etag", "last-modified", "content-length"].map(|name| absent.headers.contains_key(name));
                    cells.check(told.about(row.id) == absent.about(ABSENT), || cell("is not as if it were not there"));
                    cells.check(known == of_absent, || cell("is told of by headers"));
                    continue;
                }
                let is_given = told.status == 200 || told.status == 206 || told.status == 304;
                cells.check(is_given, || cell("is not given"));
                if told.status == 200 && method == "GET" && asking[0].1 == "*/*" {
                    cells.check(told.headers.get("x-content-type-options").is_some_and(|value| value == "nosniff"), || {
                        cell("may be sniffed")
                    });
                }
            }
        }
    }
    cells.end(PEOPLE.len() * ASKING.len() * 7);
}
