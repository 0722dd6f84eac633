//! Administration for people: its pages over HTTP, by those whom they are for and by those whom they are not.

mod accounts;
mod apps;
mod emergency;
mod houses;
mod strangers;
mod trail;

use crate::attacks::browser::{Browser, Page, attribute};
use crate::attacks::house::{Client, House, Prepared};

/// A house with a system administrator (`root`), an administrator (`boss`), an auditor (`eve`), a physician (`doc`) and a patient (`ann`).
fn house() -> House {
    prepared().open(&[])
}

/// The same, with an app that may ask for these scopes.
fn house_with_app(scope: &str) -> (House, Client) {
    let prepared = prepared();
    let app = prepared.app(scope);
    (prepared.open(&[]), app)
}

fn prepared() -> Prepared {
    let people = [("root", "system-administrator", ""), ("boss", "administrator", ""), ("eve", "auditor", "")];
    let people = people.map(|(login, role, _)| (login, role, "Practitioner/doc"));
    Prepared::new().usual_people().people(&people)
}

/// The form of a page whose button does this.
fn form<'p>(page: &'p Page, act: &str) -> &'p str {
    let button = format!("name=\"act\" value=\"{act}\"");
    let found = page.forms().into_iter().find(|form| form.contains(&button));
    found.unwrap_or_else(|| panic!("no form does {act}: {} {}", page.status, page.text))
}

/// Sends the form of a page whose button does this.
fn act(browser: &mut Browser, page: &Page, act: &str, filled: &[(&str, &str)]) -> Page {
    let all: Vec<(&str, &str)> = filled.iter().copied().chain([("act", act)]).collect();
    browser.fill_form(form(page, act), &all)
}

/// The address of the first link of a page with these words.
fn link(page: &Page, words: &str) -> String {
    let found =
        page.text.split("<a ").skip(1).find(|rest| rest.split("</a>").next().is_some_and(|tag| tag.ends_with(&format!(">{words}"))));
    found.and_then(|tag| attribute(tag, "href")).unwrap_or_else(|| panic!("no link {words}: {}", page.text))
}

/// What is shown this once.
fn shown_once(page: &Page) -> String {
    let found = page.text.split("<code class=\"key\">").nth(1).and_then(|rest| rest.split('<').next());
    found.unwrap_or_else(|| panic!("nothing is shown once: {} {}", page.status, page.text)).replace("&amp;", "&")
}
