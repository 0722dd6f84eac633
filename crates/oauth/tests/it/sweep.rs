//! What has ended is removed, and nothing else.

use crate::house::{Endpoint, House};

const DAY: i64 = 86_400;

#[tokio::test]
async fn what_has_ended_goes_and_what_holds_stays() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let since = store::contract::Clock::now(&*house.clock);
    let (_, refresh) = house.tokens(&client).await;
    house.code(&client, &[]).await;
    assert_eq!(house.provider.sweep(since, 1000).await.unwrap(), 0, "today is not over");
    house.clock.move_seconds(DAY);
    assert_eq!(house.provider.sweep(since, 1000).await.unwrap(), 2, "a code and an access token");
    assert_eq!(house.provider.sweep(since, 1000).await.unwrap(), 0);
    let next = house.refresh(&client, &refresh).await;
    assert_eq!(next.status, 200);
    house.clock.move_seconds(101 * DAY);
    // The code that was used, two refresh tokens, the access token, the approval.
    assert_eq!(house.provider.sweep(since, 1000).await.unwrap(), 5);
    assert_eq!(house.post(Endpoint::Revoke, &[("client_id", &client), ("token", &refresh)]).await.status, 200);
}

#[tokio::test]
async fn no_more_is_removed_than_is_said() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let since = store::contract::Clock::now(&*house.clock);
    for _ in 0..3 {
        house.code(&client, &[]).await;
    }
    house.clock.move_seconds(2 * DAY);
    assert_eq!(house.provider.sweep(since, 2).await.unwrap(), 2);
    assert_eq!(house.provider.sweep(since, 2).await.unwrap(), 1);
}
