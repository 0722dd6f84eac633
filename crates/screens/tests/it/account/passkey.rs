//! Passkeys on the pages: made, used in each place, called otherwise and taken away. The device is one of software, and stands where the script would ask it.

use identity::Secret;
use serde_json::Value;

use crate::browser::{Browser, House, ORIGIN, PASSWORD, Page, attribute};
use crate::device::Device;

fn device() -> Device {
    Device { origin: ORIGIN.to_owned(), rp_id: "ward.test".to_owned(), ..Device::new(Device::es256(), 7) }
}

/// The form of a page that asks a device, and what it asks.
fn asking(page: &Page) -> (String, Value) {
    let form = page.forms().into_iter().find(|form| form.contains("data-passkey")).unwrap_or_else(|| panic!("{}", page.text)).to_owned();
    let options = attribute(&form, "data-options").expect("options");
    (form, serde_json::from_str(&options).expect("JSON"))
}

/// Makes a passkey: the page that comes after it.
async fn make(browser: &mut Browser, device: &Device, name: &str) -> Page {
    let page = browser.get("/auth/factors").await;
    let offer = browser.fill(&page, &[("act", "offer-passkey")]).await;
    let (form, options) = asking(&offer);
    browser.fill_form(&form, &[("act", "take-passkey"), ("name", name), ("answer", &device.make(&options).to_string())]).await
}

/// Signs in with a passkey alone: the answer.
async fn enter(browser: &mut Browser, device: &mut Device, next: &str) -> Page {
    let page = browser.get(&oauth::params::append("/auth/sign-in", &[("next", next)])).await;
    let form = page.forms().into_iter().find(|form| form.contains("action=\"/auth/passkey\"")).expect("an offer").to_owned();
    assert!(form.contains("data-script hidden"), "{form}");
    let asked = browser.fill_form(&form, &[]).await;
    assert!(asked.text.contains("data-now"), "{}", asked.text);
    let (form, options) = asking(&asked);
    browser.fill_form(&form, &[("answer", &device.answer(&options).to_string())]).await
}

#[tokio::test]
async fn a_passkey_is_made_named_and_opens_the_account_alone() {
    let house = House::new();
    house.user("ada").await;
    let (mut browser, mut device) = (house.signed_in("ada").await, device());
    let before = browser.cookies["__Host-ward-session"].clone();
    let codes = make(&mut browser, &device, "Key <b>").await;
    assert_eq!((codes.status, codes.text.matches("<li><code>").count()), (200, 10), "{}", codes.text);
    assert_ne!(browser.cookies["__Host-ward-session"], before, "the session is another");
    let page = browser.get("/auth/factors").await;
    assert!(page.text.contains("Key &lt;b&gt;") && page.text.contains("10 recovery codes"), "{}", page.text);
    let form = page.forms().into_iter().find(|form| form.contains("rename-passkey")).expect("a form").to_owned();
    assert_eq!(browser.fill_form(&form, &[("act", "rename-passkey"), ("name", "Ring")]).await.status, 303);
    assert!(browser.get("/auth/factors").await.text.contains("<h3>Ring</h3>"));

    let mut other = house.browser();
    let entered = enter(&mut other, &mut device, "/auth/apps").await;
    assert_eq!((entered.status, entered.location()), (303, "/auth/apps"), "{}", entered.text);
    let page = other.get("/auth/factors").await;
    let session = house.identity.session(&Secret::new(&*other.cookies["__Host-ward-session"])).await.expect("a session").0;
    assert!(house.identity.is_strong(&session.record), "a passkey that knows its owner is two factors");
    let form = page.forms().into_iter().find(|form| form.contains("remove-passkey")).expect("a form").to_owned();
    assert_eq!(other.fill_form(&form, &[("act", "remove-passkey")]).await.status, 303);
    let refused = enter(&mut house.browser(), &mut device, "/").await;
    assert!(refused.status == 403 && refused.text.contains("opens no account") && !refused.text.contains("data-now"), "{}", refused.text);
}

#[tokio::test]
async fn it_is_the_second_factor_after_a_password_and_before_a_change() {
    let house = House::new();
    house.user("ada").await;
    let (mut browser, mut device) = (house.signed_in("ada").await, device());
    make(&mut browser, &device, "Key").await;
    let mut browser = house.browser();
    let page = browser.get("/auth/sign-in").await;
    let half = browser.fill(&page, &[("login", "ada"), ("password", PASSWORD)]).await;
    assert_eq!(half.location(), "/auth/second-factor?next=%2Fauth%2Fsessions");
    let page = browser.get(half.location()).await;
    let (form, options) = asking(&page);
    assert!(page.text.contains("autocomplete=\"one-time-code\""), "a code for recovery is taken, too");
    let mut lying = Device { origin: "https://evil.test".to_owned(), ..self::device() };
    std::mem::swap(&mut lying.keys, &mut device.keys);
    let refused = browser.fill_form(&form, &[("answer", &lying.answer(&options).to_string())]).await;
    assert_eq!(refused.status, 403);
    std::mem::swap(&mut lying.keys, &mut device.keys);
    for garbage in ["{", "{\"id\":1}"] {
        assert_eq!(browser.fill_form(&form, &[("answer", garbage)]).await.status, 403, "{garbage}");
    }
    let (form, options) = asking(&refused);
    let answer = device.answer(&options).to_string();
    assert_eq!(browser.fill_form(&form, &[("answer", &answer)]).await.location(), "/auth/sessions");
    assert_eq!(house.browser().get("/auth/passkey").await.location(), "/auth/sign-in");

    // Twelve hours later it does not count any more, and is shown again before a change.
    let session = house.identity.session(&Secret::new(&*browser.cookies["__Host-ward-session"])).await.expect("a session").0;
    assert!(house.identity.is_strong(&session.record));
    let mut weak = session.record.clone();
    weak.strong_until = None;
    let changes = identity::directory::Changes::new("test", identity::chronicle::Told::Nothing("a test")).update(&session, &weak);
    house.identity.directory().apply(changes).await.expect("weak");
    let page = browser.get("/auth/factors").await;
    assert_eq!(browser.fill(&page, &[("act", "renew")]).await.status, 403);
    let page = browser.get("/auth/factors").await;
    let (form, options) = asking(&page);
    let stepped = browser.fill_form(&form, &[("act", "step-up"), ("answer", &device.answer(&options).to_string())]).await;
    assert_eq!((stepped.status, stepped.location()), (303, "/auth/factors"), "{}", stepped.text);
    let page = browser.get("/auth/factors").await;
    assert_eq!(browser.fill(&page, &[("act", "renew")]).await.status, 200);
}

#[tokio::test]
async fn it_breaks_the_glass() {
    let house = House::new();
    house.user("ada").await;
    let (mut browser, mut device) = (house.signed_in("ada").await, device());
    make(&mut browser, &device, "Key").await;
    let page = browser.get("/auth/break-glass?patient=p2").await;
    let (form, options) = asking(&page);
    let answer = device.answer(&options).to_string();
    let filled = [("act", "break"), ("patient", "p1"), ("reason", "unconscious, no kin to ask"), ("answer", &answer)];
    let broken = browser.fill_form(&form, &filled).await;
    assert_eq!((broken.status, broken.location()), (303, "/auth/break-glass"), "{}", broken.text);
    assert!(browser.get("/auth/sessions").await.text.contains("The glass is broken"));
}

#[tokio::test]
async fn an_answer_counts_once_and_belongs_to_its_form() {
    let house = House::new();
    house.user("ada").await;
    let (mut browser, mut device) = (house.signed_in("ada").await, device());
    make(&mut browser, &device, "Key").await;
    let mut visitor = house.browser();
    let page = visitor.get("/auth/sign-in").await;
    let form = page.forms().into_iter().find(|form| form.contains("action=\"/auth/passkey\"")).expect("an offer").to_owned();
    let (form, options) = asking(&visitor.fill_form(&form, &[]).await);
    let answer = device.answer(&options).to_string();
    let pairs = [("answer".to_owned(), answer.clone())];
    assert_eq!(visitor.post("/auth/passkey", &pairs, &[("origin", ORIGIN)]).await.status, 403, "without the token of the form");
    assert_eq!(visitor.fill_form(&form, &[("answer", &answer)]).await.status, 303);
    let mut again = house.browser();
    let page = again.get("/auth/sign-in").await;
    let form = page.forms().into_iter().find(|form| form.contains("action=\"/auth/passkey\"")).expect("an offer").to_owned();
    assert_eq!(again.fill_form(&form, &[("answer", &answer)]).await.status, 403);
    assert!(!again.cookies.contains_key("__Host-ward-session"));
}

#[tokio::test]
async fn where_passkeys_are_of_another_origin_none_are_offered() {
    let house = House::with_passkeys_of("https://elsewhere.test");
    house.user("ada").await;
    let mut browser = house.signed_in("ada").await;
    for path in ["/auth/sign-in", "/auth/factors"] {
        let page = browser.get(path).await;
        assert!(!page.text.to_lowercase().contains("passkey") && !page.text.contains("<script"), "{path}: {}", page.text);
    }
}
