//! How a server is named.

use mail::Relay;
use mail::relay::Security;

#[test]
fn each_way_of_naming_a_server_is_read_and_shown_without_its_password() {
    for (text, security, host, port, user, password, shown) in [
        ("smtps://mail.example.org", Security::Tls, "mail.example.org", 465, None, None, "smtps://mail.example.org:465"),
        (
            "smtp+starttls://u:p@mail.example.org/",
            Security::StartTls,
            "mail.example.org",
            587,
            Some("u"),
            Some("p"),
            "smtp+starttls://u:***@mail.example.org:587",
        ),
        ("smtps://a%40b.org:x%3Ay:z@h:2525", Security::Tls, "h", 2525, Some("a@b.org"), Some("x:y:z"), "smtps://a%40b.org:***@h:2525"),
        ("smtps://a@b.org@h", Security::Tls, "h", 465, Some("a@b.org"), None, "smtps://a%40b.org@h:465"),
        ("smtp://[::1]:25", Security::None, "::1", 25, None, None, "smtp://[::1]:25"),
        ("smtp://127.0.0.1", Security::None, "127.0.0.1", 25, None, None, "smtp://127.0.0.1:25"),
    ] {
        let relay: Relay = text.parse().unwrap();
        assert_eq!((relay.security, relay.host.as_str(), relay.port, relay.user.as_deref()), (security, host, port, user), "{text}");
        assert_eq!(relay.password.as_ref().map(|password| password.expose()), password, "{text}");
        assert_eq!(relay.to_string(), shown);
        assert!(password.is_none_or(|password| password.len() < 2 || !format!("{relay:?}").contains(password)));
    }
}

#[test]
fn what_is_refused_is_not_repeated() {
    for text in [
        "",
        "canary@mail.example.org",
        "https://u:canary@mail.example.org",
        "smtp://u:canary@mail.example.org",
        "smtp://u:canary@10.0.0.1",
        "smtps://u:canary@",
        "smtps://u:canary@h:99999",
        "smtps://u:canary%zz@h",
        "smtps://u:canary%0d%0aQUIT@h",
        "smtps://u:canary%ff@h",
        "smtps://u:canary@h o",
        "smtps://u:***@h",
    ] {
        let error = text.parse::<Relay>().unwrap_err();
        assert!(!error.contains("canary") && error.len() > 20, "{text}: {error}");
    }
}
