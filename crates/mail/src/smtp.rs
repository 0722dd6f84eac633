//! A conversation with a server for mail (RFC 5321), as far as handing it letters goes.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use identity::base64url;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::relay::{Relay, Security};

/// How long a connection, and TLS on it, may take.
const CONNECT: Duration = Duration::from_secs(30);

/// How long an answer may take; that to a whole letter takes longer (RFC 5321, 4.5.3.2).
const ANSWER: Duration = Duration::from_secs(60);
const ANSWER_TO_LETTER: Duration = Duration::from_secs(600);

/// The longest line of an answer, in bytes, and the most lines of one.
const LONGEST_LINE: u64 = 2048;
const MOST_LINES: usize = 128;

/// Why a letter was not taken. Nothing of what the server wrote is repeated: addresses may stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// This letter, now; the server's code of three digits.
    NotNow(u16),
    /// This letter, ever; the server's code.
    Never(u16),
    /// Any letter: what went wrong.
    Broken(String),
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNow(code) => write!(f, "the server for mail does not take a letter now ({code})"),
            Self::Never(code) => write!(f, "the server for mail does not take a letter ({code})"),
            Self::Broken(what) => f.write_str(what),
        }
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// An answer: its code, and the texts of its lines.
struct Answer {
    code: u16,
    lines: Vec<String>,
}

/// A conversation that has got so far that letters can be handed over.
pub struct Conversation {
    stream: BufReader<Box<dyn Stream>>,
    /// What the server can do, in capitals.
    extensions: Vec<String>,
}

impl Conversation {
    /// Begins one with a server, by TLS where it asks for that, and signs in. `own` is the name that this side gives itself.
    ///
    /// Fails with [`Undelivered::Broken`].
    pub async fn open(relay: &Relay, tls: Arc<ClientConfig>, own: &str) -> Result<Self, Undelivered> {
        let place = (relay.host.as_str(), relay.port);
        let tcp = within(CONNECT, TcpStream::connect(place)).await?.map_err(|error| unreachable(&error))?;
        let stream: Box<dyn Stream> = match relay.security {
            Security::Tls => secured(Box::new(tcp), relay, tls.clone()).await?,
            Security::StartTls | Security::None => Box::new(tcp),
        };
        let mut conversation = Self { stream: BufReader::new(stream), extensions: Vec::new() };
        let greeting = conversation.answer(ANSWER).await?;
        expect(&greeting, 220, "does not greet")?;
        conversation.introduce(own).await?;
        if relay.security == Security::StartTls {
            conversation = conversation.start_tls(relay, tls).await?;
            conversation.introduce(own).await?;
        }
        conversation.sign_in(relay).await?;
        Ok(conversation)
    }

    /// Hands a letter over: when this succeeds, the server has it.
    ///
    /// Fails as [`Undelivered`] says; after [`Undelivered::Broken`] the conversation is at its end.
    pub async fn send(&mut self, from: &str, to: &str, text: &str) -> Result<(), Undelivered> {
        // What was left of a letter before is forgotten.
        let reset = self.ask("RSET").await?;
        expect(&reset, 250, "does not begin a letter")?;
        let sender = self.ask(&format!("MAIL FROM:<{from}>")).await?;
        // Were that the letter's fault, all letters would be lost to a wrong setting.
        expect(&sender, 250, "takes no letters from the address of the setting mail_from")?;
        judge(&self.ask(&format!("RCPT TO:<{to}>")).await?, &[250, 251, 252])?;
        judge(&self.ask("DATA").await?, &[354])?;
        let mut data = String::with_capacity(text.len() + 64);
        for line in text.trim_end_matches("\r\n").split("\r\n") {
            // RFC 5321, 4.5.2: a dot at the begin of a line is doubled.
            data.extend([if line.starts_with('.') { "." } else { "" }, line, "\r\n"]);
        }
        data.push_str(".\r\n");
        self.write(&data).await?;
        judge(&self.answer(ANSWER_TO_LETTER).await?, &[250])
    }

    /// Says goodbye; whatever comes of that.
    pub async fn end(mut self) {
        let _ = self.ask("QUIT").await;
    }

    async fn introduce(&mut self, own: &str) -> Result<(), Undelivered> {
        let answer = self.ask(&format!("EHLO {own}")).await?;
        expect(&answer, 250, "does not understand EHLO")?;
        self.extensions = answer.lines.iter().skip(1).map(|line| line.to_ascii_uppercase()).collect();
        Ok(())
    }

    async fn start_tls(mut self, relay: &Relay, tls: Arc<ClientConfig>) -> Result<Self, Undelivered> {
        if !self.extensions.iter().any(|extension| extension == "STARTTLS") {
            return Err(Undelivered::Broken("the server for mail does not offer STARTTLS, and is sent nothing without it".to_owned()));
        }
        let answer = self.ask("STARTTLS").await?;
        expect(&answer, 220, "does not begin TLS")?;
        // What came along before TLS began was said by nobody knows whom.
        if !self.stream.buffer().is_empty() {
            return Err(Undelivered::Broken("the server for mail goes on speaking before TLS has begun".to_owned()));
        }
        let stream = secured(self.stream.into_inner(), relay, tls).await?;
        Ok(Self { stream: BufReader::new(stream), extensions: Vec::new() })
    }

    /// Signs in by PLAIN (RFC 4616), or by LOGIN where the server has nothing else.
    async fn sign_in(&mut self, relay: &Relay) -> Result<(), Undelivered> {
        let Some(user) = &relay.user else { return Ok(()) };
        let password = relay.password.as_ref().map_or("", |password| password.expose());
        let offered = self.extensions.iter().find_map(|extension| extension.strip_prefix("AUTH ")).unwrap_or_default();
        let offers = |name: &str| offered.split(' ').any(|known| known == name);
        let answer = if offers("PLAIN") {
            self.ask(&format!("AUTH PLAIN {}", base64(&format!("\0{user}\0{password}")))).await?
        } else if offers("LOGIN") {
            let asked = self.ask("AUTH LOGIN").await?;
            expect(&asked, 334, "does not ask who signs in")?;
            let asked = self.ask(&base64(user)).await?;
            expect(&asked, 334, "does not ask for the password")?;
            self.ask(&base64(password)).await?
        } else {
            return Err(Undelivered::Broken(
                "the server for mail offers neither AUTH PLAIN nor AUTH LOGIN: take the user out of smtp_url".to_owned(),
            ));
        };
        expect(&answer, 235, "does not take the user and password of the settings")
    }

    async fn ask(&mut self, line: &str) -> Result<Answer, Undelivered> {
        self.write(&format!("{line}\r\n")).await?;
        self.answer(ANSWER).await
    }

    async fn write(&mut self, text: &str) -> Result<(), Undelivered> {
        let written = async {
            self.stream.write_all(text.as_bytes()).await?;
            self.stream.flush().await
        };
        within(ANSWER, written).await?.map_err(|error| broken_off(&error))
    }

    /// The next answer. `421` ends the conversation.
    async fn answer(&mut self, time: Duration) -> Result<Answer, Undelivered> {
        let answer = within(time, self.read()).await??;
        match answer.code {
            421 => Err(Undelivered::Broken("the server for mail has no time now (421)".to_owned())),
            _ => Ok(answer),
        }
    }

    /// Reads an answer: lines of three digits and `-`, the last with a space in its place (RFC 5321, 4.2).
    async fn read(&mut self) -> Result<Answer, Undelivered> {
        let mut lines = Vec::new();
        while lines.len() < MOST_LINES {
            let mut bytes = Vec::new();
            (&mut self.stream).take(LONGEST_LINE).read_until(b'\n', &mut bytes).await.map_err(|error| broken_off(&error))?;
            let text = String::from_utf8_lossy(&bytes);
            let line = text.strip_suffix('\n').map(|line| line.trim_end_matches('\r')).ok_or_else(no_answer)?;
            let (digits, rest) = line.split_at_checked(3).ok_or_else(no_answer)?;
            let code = digits.parse().ok().filter(|code| (200..600).contains(code)).ok_or_else(no_answer)?;
            lines.push(rest.get(1..).unwrap_or_default().to_owned());
            if !rest.starts_with('-') {
                return Ok(Answer { code, lines });
            }
        }
        Err(no_answer())
    }
}

async fn secured(stream: Box<dyn Stream>, relay: &Relay, tls: Arc<ClientConfig>) -> Result<Box<dyn Stream>, Undelivered> {
    let name =
        ServerName::try_from(relay.host.clone()).map_err(|_| Undelivered::Broken("smtp_url names no host that TLS knows".to_owned()))?;
    let secured = within(CONNECT, TlsConnector::from(tls).connect(name, stream)).await?;
    secured.map(|stream| Box::new(stream) as _).map_err(|error| Undelivered::Broken(format!("no TLS with the server for mail: {error}")))
}

async fn within<T>(time: Duration, work: impl Future<Output = T>) -> Result<T, Undelivered> {
    let too_slow = |_| Undelivered::Broken("the server for mail did not answer in time".to_owned());
    tokio::time::timeout(time, work).await.map_err(too_slow)
}

/// What a letter's own step was answered.
fn judge(answer: &Answer, good: &[u16]) -> Result<(), Undelivered> {
    match answer.code {
        code if good.contains(&code) => Ok(()),
        code @ 500..600 => Err(Undelivered::Never(code)),
        code => Err(Undelivered::NotNow(code)),
    }
}

/// What a step of the conversation was answered, which is no letter's fault.
fn expect(answer: &Answer, good: u16, what: &str) -> Result<(), Undelivered> {
    match answer.code == good {
        true => Ok(()),
        false => Err(Undelivered::Broken(format!("the server for mail {what} ({})", answer.code))),
    }
}

fn unreachable(error: &std::io::Error) -> Undelivered {
    Undelivered::Broken(format!("the server for mail cannot be reached: {error}"))
}

fn broken_off(error: &std::io::Error) -> Undelivered {
    Undelivered::Broken(format!("the server for mail broke off: {error}"))
}

fn no_answer() -> Undelivered {
    Undelivered::Broken("the server for mail broke off, or says what is no answer of SMTP".to_owned())
}

/// Base64 with its usual letters and padding (RFC 4648, 4).
fn base64(text: &str) -> String {
    let mut encoded = base64url::encode(text.as_bytes()).replace('-', "+").replace('_', "/");
    while !encoded.len().is_multiple_of(4) {
        encoded.push('=');
    }
    encoded
}
