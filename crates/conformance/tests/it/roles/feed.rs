//! The change feed, which others in the program follow for somebody: the commits as far as that person may find what is in them.

use std::collections::HashSet;

use access::Act;
use store::Store;
use store::commit::Tenant;

use super::cells::Cells;
use super::house::House;
use super::oracle;
use super::people::PEOPLE;
use super::world::World;

#[tokio::test]
async fn tells_what_may_be_found_and_nothing_else() {
    let (house, mut cells) = (House::new(), Cells::default());
    let rows: Vec<_> = World::shared().rows.iter().flatten().collect();
    for person in PEOPLE {
        let changes = house.gate(person).await.changes(Tenant(1), 0, u32::MAX).await.expect("the feed");
        let told: HashSet<String> = changes.iter().flat_map(|change| &change.versions).map(|(key, ..)| key.to_string()).collect();
        for row in &rows {
            let may = oracle::may(person, Act::Search, row);
            cells.check(told.contains(&row.place()) == may, || {
                format!("{} may find {}: {may}, and the feed differs", person.name, row.place())
            });
        }
        cells.check(changes.iter().all(|change| change.events.is_empty()), || format!("{} is told a message", person.name));
    }
    cells.end(PEOPLE.len() * (rows.len() + 1));
}
