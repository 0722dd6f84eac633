//! What stands in a letter.

use mail::letter::{Sender, recipient, text};

use crate::server::letter_to;

fn sender() -> Sender {
    Sender { site: "https://ward.test".to_owned(), from: "ward@ward.test".to_owned() }
}

#[test]
fn a_letter_has_seven_bits_short_lines_and_everything_that_mail_asks_for() {
    let long = format!("Zoë = {}", "Ä".repeat(190));
    let letter = text(&letter_to("zoe@ward.test", &long), &sender(), 1_800_000_000_000, "7");
    assert!(letter.is_ascii() && letter.split("\r\n").all(|line| line.len() <= 76 && !line.contains(['\r', '\n'])), "{letter}");
    for header in [
        "To: <zoe@ward.test>",
        "From: Ward <ward@ward.test>",
        "Date: Fri, 15 Jan 2027 08:00:00 +0000",
        "Message-ID: <7@ward.test>",
        "Content-Transfer-Encoding: quoted-printable",
    ] {
        assert_eq!(letter.split("\r\n").filter(|line| *line == header).count(), 1, "{header}: {letter}");
    }
    let body = letter.split("\r\n\r\n").skip(1).collect::<Vec<_>>().join("\r\n\r\n").replace("=\r\n", "");
    assert!(
        body.starts_with("Zo=C3=AB =3D =C3=84=C3=84") && body.contains("https://ward.test/auth/reset?token=3D0123456789abcdef\r\n"),
        "{body}"
    );
    assert_eq!(recipient(&letter), Some("zoe@ward.test"));
}

#[test]
fn days_and_months_are_told_right() {
    for (at, date) in
        [(0, "Thu, 01 Jan 1970 00:00:00"), (951_782_400_000, "Tue, 29 Feb 2000 00:00:00"), (1_735_689_599_000, "Tue, 31 Dec 2024 23:59:59")]
    {
        assert!(text(&letter_to("a@b.c", "A"), &sender(), at, "7").contains(&format!("\r\nDate: {date} +0000\r\n")), "{date}");
    }
}

#[test]
fn what_is_no_letter_has_no_recipient() {
    for text in ["", "To: ada@ward.test\r\n", "To: <ada>\r\n", "To: <a@b> <c@d>\r\n", "To: <a b@c>\r\n", "From: <a@b>\r\nTo: <c@d>\r\n"] {
        assert_eq!(recipient(text), None, "{text}");
    }
}
