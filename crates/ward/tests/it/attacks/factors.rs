//! Second factors: codes that come again, at once or later, of another account, or for half a sign-in.

use identity::factor::totp;

use crate::attacks::browser::Browser;
use crate::attacks::house::{House, PASSWORD, at_once};

/// An app for codes that was set up, and the codes for recovery.
pub struct Factor {
    /// As it is typed into the app.
    pub key: String,
    secret: Vec<u8>,
    /// The step of the last code that was used.
    step: u64,
    pub recovery: Vec<String>,
}

impl Factor {
    pub fn set_up(browser: &mut Browser) -> Self {
        let page = browser.get("/auth/factors");
        let offer = browser.fill(&page, &[("act", "offer")]);
        let key = offer.text.split("<code class=\"key\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a key");
        let secret = unbase32(key);
        let now_ms = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_millis();
        let step = totp::step_at(i64::try_from(now_ms).expect("a moment"));
        let codes = browser.fill(&offer, &[("code", &totp::code(&secret, step))]);
        assert_eq!(codes.status, 200, "{}", codes.text);
        let recovery = codes.text.split("<li><code>").skip(1).filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect();
        Self { key: key.to_owned(), secret, step, recovery }
    }

    /// The next code, which is good for at least half a minute.
    pub fn next(&mut self) -> String {
        self.step += 1;
        totp::code(&self.secret, self.step)
    }

    fn last(&self) -> String {
        totp::code(&self.secret, self.step)
    }
}

fn unbase32(text: &str) -> Vec<u8> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for letter in text.bytes().filter(u8::is_ascii_alphanumeric) {
        let value = if letter.is_ascii_uppercase() { letter - b'A' } else { letter - b'2' + 26 };
        (bits, count) = (bits << 5 | u32::from(value), count + 5);
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

/// A browser in which the password was right.
fn halfway(house: &House, login: &str) -> Browser {
    let mut browser = house.browser();
    let answer = browser.sign_in(login, PASSWORD);
    assert!(answer.location().starts_with("/auth/second-factor"), "{}: {}", answer.status, answer.text);
    browser
}

/// What is answered to a code.
fn present(browser: &mut Browser, code: &str) -> u16 {
    let page = browser.get("/auth/second-factor");
    if page.status != 200 {
        return page.status;
    }
    let answer = browser.fill(&page, &[("code", code)]);
    if answer.status == 303 && !browser.cookies.contains_key("ward-session") { 401 } else { answer.status }
}

#[test]
fn a_code_is_good_once() {
    let house = House::usual();
    let mut ann = house.signed_in("ann");
    let before = ann.cookies["ward-session"].clone();
    let mut factor = Factor::set_up(&mut ann);
    assert_ne!(ann.cookies["ward-session"], before, "the session goes on under another name");
    assert_eq!(present(&mut halfway(&house, "ann"), &factor.last()), 403, "the code that set it up");
    let code = factor.next();
    let mut watched = halfway(&house, "ann");
    assert_eq!(present(&mut watched, &code), 303);
    assert_eq!(present(&mut halfway(&house, "ann"), &code), 403, "seen over the shoulder, in the same half minute");
    assert_eq!(present(&mut halfway(&house, "ann"), &totp::code(&factor.secret, factor.step - 1)), 403, "an earlier one");
    // Nor is it good for a step-up, which is asked in another place.
    let page = watched.get("/auth/factors");
    assert_eq!(watched.fill(&page, &[("act", "step-up"), ("code", &code)]).status, 403);
    // Codes for recovery likewise.
    let recovery = factor.recovery[0].clone();
    assert_eq!(present(&mut halfway(&house, "ann"), &recovery), 303);
    assert_eq!(present(&mut halfway(&house, "ann"), &recovery), 403);
}

#[test]
fn of_fifty_with_one_code_one_comes_in() {
    let house = House::usual();
    let mut ann = house.signed_in("ann");
    let mut factor = Factor::set_up(&mut ann);
    // The first halves of ten sign-ins, from a device that is known; each sends the code five times.
    let device = ann.cookies["ward-device"].clone();
    let halves: Vec<Browser> = (0..10)
        .map(|_| {
            let mut browser = house.browser();
            browser.cookies.insert("ward-device".into(), device.clone());
            assert!(browser.sign_in("ann", PASSWORD).location().starts_with("/auth/second-factor"));
            browser
        })
        .collect();
    let code = factor.next();
    let statuses = at_once(50, |number| present(&mut halves[number % 10].clone(), &code));
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [303, 401, 403, 429, 503].contains(status)), "{statuses:?}");
    // Who has tried so often waits: a code for recovery comes from another device.
    let recovery = factor.recovery[1].clone();
    let mut fresh = house.browser();
    assert!(fresh.sign_in("ann", PASSWORD).location().starts_with("/auth/second-factor"));
    let statuses = at_once(50, |_| present(&mut fresh.clone(), &recovery));
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
}

#[test]
fn half_a_sign_in_opens_nothing() {
    let house = House::usual();
    let mut ann = house.signed_in("ann");
    let mut factor = Factor::set_up(&mut ann);
    let mut bob = house.signed_in("bob");
    let mut bobs = Factor::set_up(&mut bob);
    let mut half = halfway(&house, "ann");
    for path in ["/auth/sessions", "/auth/factors", "/auth/password", "/auth/apps", "/", "/auth/device"] {
        let page = half.get(path);
        assert_eq!((page.status, page.location().starts_with("/auth/sign-in")), (303, true), "{path}");
    }
    // Half a sign-in as a session, and a code of somebody else.
    let token = half.cookies["ward-halfway"].clone();
    half.cookies.insert("ward-session".into(), token);
    assert!(!half.is_signed_in());
    half.cookies.remove("ward-session");
    assert_eq!(present(&mut half, &bobs.next()), 403);
    assert_eq!(present(&mut half, &bobs.recovery[0]), 403);
    assert_eq!(present(&mut half, ""), 403);
    assert_eq!(present(&mut half, "000000"), 403);
    assert_eq!(present(&mut half, &factor.next()), 303, "its own is right");
    // A reset of the password leaves the second factor.
    let page = ann.get("/auth/factors");
    assert_eq!(page.status, 200);
    assert!(halfway(&house, "ann").get("/auth/sessions").status == 303);
}
