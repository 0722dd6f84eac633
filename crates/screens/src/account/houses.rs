//! The tenants of which somebody has a part: who may come in at one, and the way from one to another.

use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use identity::sign_in::Begun;
use identity::{IdentityError, User};
use maud::{Markup, html};
use store::commit::Tenant;

use super::frame::Frame;
use super::visit::to;
use super::{Accounts, House, trouble};

impl Accounts {
    /// What is answered to whoever has just proved who they are: the page where they wanted to go. An account whose parts are in other tenants gets no session
    /// here, and is told where they are. (One without any part, as after registration, sees the pages of its own account.)
    pub(super) async fn entered(&self, head: &Parts, begun: &Begun, next: &str) -> Response {
        if begun.user.memberships.is_empty() || begun.user.membership(self.requests.tenant(head)).is_some() {
            let mut response = to(next);
            self.keep_session(head, begun, &mut response);
            return response;
        }
        if let Err(error) = self.identity.sign_out(&begun.token).await {
            return trouble::page(&error);
        }
        let (_, what) = trouble::of(&IdentityError::NoMembership);
        let houses = self.houses(head, &begun.user).await;
        let title = "You have no part here";
        Frame { status: StatusCode::FORBIDDEN, ..Frame::new(title) }.page(html! { p { (what) } (list(&houses, None)) })
    }

    /// The tenants of which somebody has a part, for the page of their account; nothing where that is this one alone.
    pub(super) async fn houses_of(&self, head: &Parts, user: &User) -> Markup {
        let (houses, here) = (self.houses(head, user).await, self.requests.tenant(head));
        let is_plain = houses.is_empty() || houses.len() == 1 && houses.iter().all(|house| house.tenant == here);
        html! { @if !is_plain { h2 { "Where you have a part" } (list(&houses, Some(here))) } }
    }

    async fn houses(&self, head: &Parts, user: &User) -> Vec<House> {
        let tenants: Vec<Tenant> = user.memberships.iter().map(|part| Tenant(part.tenant)).collect();
        self.requests.houses(head, &tenants).await
    }
}

fn list(houses: &[House], here: Option<Tenant>) -> Markup {
    html! {
        ul {
            @for house in houses {
                li {
                    @if here == Some(house.tenant) { (house.name) " (this one)" }
                    @else if let Some(address) = &house.address { a href=(address) { (house.name) } }
                    @else { (house.name) }
                }
            }
        }
    }
}
