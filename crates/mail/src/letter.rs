//! A letter as mail has it (RFC 5322): seven bits, whatever stands in a name, so that every server takes it.

use std::fmt::Write;

use fhir::primitive::instant_text;
use identity::outbox::{About, Letter};
use store::commit::Instant;

/// The longest line of quoted-printable, its `=` left aside (RFC 2045, 6.7).
const LONGEST_LINE: usize = 75;

/// From whom letters are, and what they lead to.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The address under which people reach the pages, without a slash at its end.
    pub site: String,
    /// The address that letters are from.
    pub from: String,
}

/// The letter. `id` is what its `Message-ID` begins with: the same letter has the same when it is sent twice.
pub fn text(letter: &Letter, sender: &Sender, now: Instant, id: &str) -> String {
    let (subject, words) = match letter.about {
        About::Invitation => ("Your account", "You are invited. Choose a password here:"),
        About::Verification => ("Your address", "Confirm that this address is yours:"),
        About::Reset => ("Your password", "Choose a new password here. If you did not ask for it, do nothing:"),
        About::PasswordChanged => ("Your password was changed", "If it was not you, tell whoever runs this server at once."),
        About::AddressChanged => ("Your address was changed", "If it was not you, tell whoever runs this server at once."),
        About::FactorsChanged => ("Your second factors were changed", "If it was not you, tell whoever runs this server at once."),
    };
    let page = match letter.about {
        About::Invitation => "invitation",
        About::Verification => "verification",
        About::Reset | About::PasswordChanged | About::AddressChanged | About::FactorsChanged => "reset",
    };
    let Sender { site, from } = sender;
    let link = letter.token.as_ref().map_or(String::new(), |token| format!("\r\n{site}/auth/{page}?token={}\r\n", token.expose()));
    let until = letter.until.map_or(String::new(), |until| format!("\r\nThe link holds until {}.\r\n", instant_text(until)));
    let domain = from.rsplit('@').next().unwrap_or_default();
    let (date, to) = (date(now), &letter.to);
    let body = quoted(&format!("{},\r\n\r\n{words}\r\n{link}{until}", letter.name));
    format!(
        "To: <{to}>\r\nFrom: Ward <{from}>\r\nSubject: {subject}\r\nDate: {date}\r\nMessage-ID: <{id}@{domain}>\r\nAuto-Submitted: auto-generated\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{body}\r\n"
    )
}

/// To whom a letter is, as its first line says.
pub fn recipient(text: &str) -> Option<&str> {
    let address = text.lines().next()?.strip_prefix("To: <")?.strip_suffix('>')?;
    let is_plain =
        address.len() <= 254 && address.contains('@') && address.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte));
    is_plain.then_some(address)
}

/// A moment as RFC 5322 writes it (3.3), in UTC.
fn date(at: Instant) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let text = instant_text(at);
    let weekday = DAYS[usize::try_from(at.div_euclid(86_400_000).rem_euclid(7)).unwrap_or_default()];
    let month = text.get(5..7).and_then(|month| month.parse::<usize>().ok()).unwrap_or(1);
    let part = |range| text.get(range).unwrap_or_default();
    format!("{weekday}, {} {} {} {} +0000", part(8..10), MONTHS[(month - 1).min(11)], part(0..4), part(11..19))
}

/// A text in quoted-printable (RFC 2045, 6.7).
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (number, line) in text.split("\r\n").enumerate() {
        if number > 0 {
            out.push_str("\r\n");
        }
        let mut length = 0;
        for (place, byte) in line.bytes().enumerate() {
            let is_last = place + 1 == line.len();
            let is_plain = (byte.is_ascii_graphic() && byte != b'=') || (byte == b' ' && !is_last);
            let takes = if is_plain { 1 } else { 3 };
            if length + takes > LONGEST_LINE {
                out.push_str("=\r\n");
                length = 0;
            }
            length += takes;
            if is_plain {
                out.push(char::from(byte));
            } else {
                let _ = write!(out, "={byte:02X}");
            }
        }
    }
    out
}
