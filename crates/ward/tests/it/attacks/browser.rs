//! A browser without a script, over a socket: it keeps cookies, reads forms and sends them as they are.

use std::collections::BTreeMap;

use crate::attacks::house::encoded;
use crate::http::{self, Answer};

/// A browser.
#[derive(Clone)]
pub struct Browser {
    pub address: String,
    pub cookies: BTreeMap<String, String>,
    /// Headers that it sends with all requests, such as those that a page puts in.
    pub headers: Vec<(String, String)>,
}

/// What it is shown.
pub struct Page {
    pub status: u16,
    pub head: String,
    pub text: String,
}

impl Page {
    /// The value of a header; empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        let found = self.head.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.trim())
    }

    /// Where it sends the browser.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// A parameter of where it sends the browser.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let query = self.location().split_once('?')?.1;
        let pairs = search::url::query_pairs(query).ok()?;
        pairs.into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The forms of the page, as they stand in it.
    pub fn forms(&self) -> Vec<&str> {
        self.text.split("<form ").skip(1).filter_map(|rest| rest.split("</form>").next()).collect()
    }
}

/// The value of an attribute of a tag.
pub fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!("{name}=\"")).nth(1)?.split('"').next()?;
    Some(value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
}

/// What a form sends by itself.
pub fn fields(form: &str) -> Vec<(String, String)> {
    let field = |tag: &str| {
        let tag = tag.split('>').next()?;
        let is_sent = !tag.contains("type=\"checkbox\"") && !tag.contains("type=\"radio\"") || tag.contains(" checked");
        Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())).filter(|_| is_sent)
    };
    form.split("<input ").skip(1).filter_map(field).collect()
}

impl Browser {
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned(), cookies: BTreeMap::new(), headers: Vec::new() }
    }

    /// Where the server is, as a browser says it.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, &[("Accept", "text/html")], "")
    }

    /// Sends the first form of a page, with what is filled in.
    pub fn fill(&mut self, page: &Page, filled: &[(&str, &str)]) -> Page {
        let forms = page.forms();
        let form = forms.first().unwrap_or_else(|| panic!("a form: {}", page.text));
        self.fill_form(form, filled)
    }

    /// Sends a form, with what is filled in: a field that is there by itself is replaced.
    pub fn fill_form(&mut self, form: &str, filled: &[(&str, &str)]) -> Page {
        let action = attribute(form, "action").expect("an action");
        let own = fields(form);
        let mut pairs: Vec<(&str, &str)> = own.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        pairs.retain(|(name, _)| filled.iter().all(|(other, _)| other != name));
        pairs.extend(filled);
        let origin = self.origin();
        self.post(&action, &pairs, &[("Origin", &origin)])
    }

    /// Sends a form of somebody's own making.
    pub fn post(&mut self, path: &str, pairs: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let mut all = vec![("Content-Type", "application/x-www-form-urlencoded")];
        all.extend(headers);
        self.send("POST", path, &all, &encoded(pairs))
    }

    /// Signs in by password.
    pub fn sign_in(&mut self, login: &str, password: &str) -> Page {
        let page = self.get("/auth/sign-in");
        self.fill(&page, &[("login", login), ("password", password)])
    }

    /// Whether somebody is signed in.
    pub fn is_signed_in(&self) -> bool {
        self.clone().get("/auth/sessions").status == 200
    }

    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Page {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let own = self.headers.clone();
        let mut all: Vec<(&str, &str)> = own.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if !cookies.is_empty() {
            all.push(("Cookie", &cookies));
        }
        all.extend(headers);
        let answer = http::try_send(&self.address, method, path, &all, body.as_bytes());
        let Answer { status, head, body } = answer.unwrap_or_else(|| panic!("{method} {path}: no whole answer"));
        for line in head.lines() {
            let Some((name, value)) = line.split_once(':') else { continue };
            if name.eq_ignore_ascii_case("set-cookie") {
                self.keep(value.trim());
            }
        }
        Page { status, head, text: String::from_utf8_lossy(&body).into_owned() }
    }

    fn keep(&mut self, cookie: &str) {
        assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=") && !cookie.contains("Domain"), "{cookie}");
        let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
        match value.is_empty() {
            true => self.cookies.remove(name),
            false => self.cookies.insert(name.to_owned(), value.to_owned()),
        };
    }
}
