//! What has ended is removed, and nothing else.

use store::contract::Clock;

use crate::house::{Endpoint, House};

const DAY: i64 = 86_400;

#[tokio::test]
async fn what_has_ended_goes_and_what_holds_stays() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (_, refresh) = house.tokens(&client).await;
    house.code(&client, &[]).await;
    let swept = || async { house.directory.sweep(house.clock.now(), 1000).await.unwrap() };
    assert_eq!(swept().await, 0, "today is not over");
    house.clock.move_seconds(DAY);
    // A code, an access token, and the two sessions.
    assert_eq!(swept().await, 4);
    let next = house.refresh(&client, &refresh).await;
    assert_eq!(next.status, 200);
    house.clock.move_seconds(101 * DAY);
    // The code that was used, two refresh tokens, the access token, the approval.
    assert_eq!(swept().await, 5);
    assert_eq!(house.post(Endpoint::Revoke, &[("client_id", &client), ("token", &refresh)]).await.status, 200);
}
