//! Replays and races: fifty at once with one code, refresh token, device code, launch, assertion, recovery code or link: one wins at most, and reuse ends the family.

use crate::attacks::house::{BACK, House, Prepared, at_once, both, error_of, redeeming};
use crate::http::Answer;

const SCOPE: &str = "patient/Observation.rs offline_access";
const LAUNCHED: &str = "launch patient/Observation.rs";
const MANY: usize = 50;

fn prepared() -> (House, crate::attacks::house::Client) {
    let prepared = Prepared::new().usual_people();
    let app = prepared.app(SCOPE);
    (prepared.open(&[]), app)
}

/// The answers that gave something.
fn winners(answers: &[Answer]) -> Vec<&Answer> {
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!((answer.status, error_of(answer).as_str()), (400, "invalid_grant"));
    }
    answers.iter().filter(|answer| answer.status == 200).collect()
}

#[test]
fn fifty_with_one_code() {
    let (house, app) = prepared();
    let mut browser = house.signed_in("ann");
    let code = house.code(&mut browser, &app, SCOPE);
    let pairs = redeeming(&app, &code, &[]);
    let answers = at_once(MANY, |_| house.form("/auth/token", &pairs));
    let winners = winners(&answers);
    assert_eq!(winners.len(), 1);
    let (access, refresh) = both(winners[0]);
    assert!(!house.is_good(&access), "somebody else had the code: nothing that it gave holds");
    assert_eq!(error_of(&house.refresh(&app, &refresh, &[])), "invalid_grant");
}

#[test]
fn fifty_with_one_refresh_token() {
    let (house, app) = prepared();
    let mut browser = house.signed_in("ann");
    let (first, refresh) = house.tokens(&mut browser, &app, SCOPE);
    assert!(house.is_good(&first));
    let answers = at_once(MANY, |_| house.refresh(&app, &refresh, &[]));
    let winners = winners(&answers);
    assert_eq!(winners.len(), 1);
    let (access, next) = both(winners[0]);
    assert!(!house.is_good(&access) && !house.is_good(&first), "the whole family has ended");
    assert_eq!(error_of(&house.refresh(&app, &next, &[])), "invalid_grant");
}

#[test]
fn a_refresh_token_that_comes_again_later_ends_its_family() {
    let (house, app) = prepared();
    let mut browser = house.signed_in("ann");
    let (first, refresh) = house.tokens(&mut browser, &app, SCOPE);
    let (second, next) = both(&house.refresh(&app, &refresh, &[]));
    assert!(house.is_good(&second));
    assert_eq!(error_of(&house.refresh(&app, &refresh, &[])), "invalid_grant");
    assert!(!house.is_good(&first) && !house.is_good(&second));
    assert_eq!(error_of(&house.refresh(&app, &next, &[])), "invalid_grant");
    assert!(browser.is_signed_in(), "it is the app's family, and not the user's session");
    browser.cookies.clear();
}

#[test]
fn fifty_with_one_link_to_a_new_password() {
    let prepared = Prepared::new().usual_people();
    let made = crate::process::run_well(prepared.folder(), &["user", "reset", "ann"]);
    let link = made.trim().split_once("/auth/").map(|(_, path)| format!("/auth/{path}")).expect("a link");
    let house = prepared.open(&[]);
    let statuses = at_once(MANY, |number| {
        let mut browser = house.browser();
        let page = browser.get(&link);
        let password = format!("harbour-lantern-mosaic-{number}");
        browser.fill(&page, &[("password", &password), ("again", &password)]).status
    });
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    let won = statuses.iter().position(|status| *status == 200).expect("one won");
    let password = |number: usize| format!("harbour-lantern-mosaic-{number}");
    assert_eq!(house.browser().sign_in("ann", &password(won)).status, 303);
    assert_eq!(house.browser().sign_in("ann", &password((won + 1) % MANY)).status, 403);
}

#[test]
fn fifty_with_one_device_code() {
    let prepared = Prepared::new().usual_people();
    let app = prepared.client(&["Device", "--public", "--device", "--scope", SCOPE]);
    let house = prepared.open(&[]);
    let begun = house.form("/auth/device-authorization", &[("client_id", &app.id), ("scope", SCOPE)]).json();
    let text = |name: &str| begun.text(name).expect("a text").to_owned();
    let (device_code, user_code) = (text("device_code"), text("user_code"));
    let mut browser = house.signed_in("ann");
    let page = browser.get("/auth/device");
    let question = browser.fill(&page, &[("user_code", &user_code)]);
    let done = browser.fill(&question, &[("ward_decision", "allow")]);
    assert!(done.status == 200 && done.text.contains("go back to your device"), "{}", done.text);
    let pairs =
        [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", app.id.as_str()), ("device_code", &device_code)];
    let answers = at_once(MANY, |_| house.form("/auth/token", &pairs));
    let winners = winners(&answers);
    assert_eq!(winners.len(), 1);
    let (access, refresh) = both(winners[0]);
    assert!(!house.is_good(&access), "somebody else had the code: nothing that it gave holds");
    assert_eq!(error_of(&house.refresh(&app, &refresh, &[])), "invalid_grant");
    assert_eq!(error_of(&house.form("/auth/token", &pairs)), "invalid_grant", "nor later");
    // Two who decide about one device: the second is told that it is over.
    assert_eq!(browser.fill(&question, &[("ward_decision", "allow")]).status, 400);
}

#[test]
fn fifty_with_one_launch() {
    let prepared = Prepared::new().usual_people();
    let arguments = ["App", "--public", "--redirect-uri", BACK, "--launch-uri", "https://app.example/launch", "--scope", LAUNCHED];
    let app = prepared.client(&arguments);
    let house = prepared.open(&[]);
    let mut browser = house.signed_in("ann");
    let page = browser.get(&format!("/auth/launch?app={}&patient=ann", app.id));
    let launch = browser.fill(&page, &[("act", "open")]).parameter("launch").expect("a launch");
    let question = browser.get(&house.asking(&app, LAUNCHED, &[("launch", &launch)]));
    assert_eq!(question.status, 200, "{}", question.text);
    let answers = at_once(MANY, |_| browser.clone().fill(&question, &[("ward_decision", "allow")]));
    let codes: Vec<String> = answers.iter().filter_map(|answer| answer.parameter("code")).collect();
    assert_eq!(codes.len(), 1);
    for answer in answers.iter().filter(|answer| answer.parameter("code").is_none()) {
        // Whoever came too late is told so by whichever of its steps noticed.
        assert_eq!((answer.status, answer.parameter("error").as_deref()), (303, Some("invalid_request")), "{}", answer.location());
    }
    assert_eq!(house.redeem(&app, &codes[0], &[]).json().text("patient"), Some("ann"));
    let again = browser.get(&house.asking(&app, LAUNCHED, &[("launch", &launch)]));
    assert_eq!(again.parameter("error").as_deref(), Some("invalid_request"), "nor later");
}
