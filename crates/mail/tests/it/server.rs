//! A server for mail in the hands of a test: it answers as it is told to, and keeps what it gets.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use identity::Secret;
use identity::outbox::{About, Letter, Outbox};
use mail::letter::Sender;
use mail::{Folder, Pauses, Postman, Relay};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use store::contract::Clock;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Closes the connection in place of an answer.
pub const DROP: &str = "DROP";

/// How a server is spoken to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    Plainly,
    Tls,
    StartTls,
}

/// What the server was told to answer: to a command that begins so, this, once. The greeting is the answer to `CONNECT`, that to a letter the one to `.`.
pub type Orders = Vec<(&'static str, String)>;

/// A server, and the house whose letters it gets.
pub struct Server {
    pub port: u16,
    orders: Arc<Mutex<VecDeque<(&'static str, String)>>>,
    /// Each letter, with its envelope and whether it came by TLS.
    pub letters: Arc<Mutex<Vec<Got>>>,
    /// All commands.
    pub said: Arc<Mutex<Vec<String>>>,
    certificate: CertificateDer<'static>,
}

#[derive(Clone, Debug)]
pub struct Got {
    pub from: String,
    pub to: String,
    pub text: String,
    pub by_tls: bool,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Server {
    pub async fn start(speaks: Speaks, orders: Orders) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let certificate = made.cert.der().clone();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![certificate.clone()], key).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { port, orders: Arc::new(Mutex::new(orders.into())), letters: Arc::default(), said: Arc::default(), certificate };
        let (orders, letters, said) = (server.orders.clone(), server.letters.clone(), server.said.clone());
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let mut visit =
                    Visit { orders: orders.clone(), letters: letters.clone(), said: said.clone(), acceptor: acceptor.clone(), speaks };
                tokio::spawn(async move { visit.talk(Box::new(tcp)).await });
            }
        });
        server
    }

    /// The server as a setting names it.
    pub fn relay(&self, scheme: &str, proof: &str) -> Relay {
        format!("{scheme}://{proof}localhost:{}", self.port).parse().unwrap()
    }

    /// Trusts the server's certificate.
    pub fn trusted(&self) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        client(roots)
    }

    pub fn letters(&self) -> Vec<Got> {
        self.letters.lock().unwrap().clone()
    }

    pub fn said(&self, command: &str) -> usize {
        self.said.lock().unwrap().iter().filter(|line| line.starts_with(command)).count()
    }
}

pub fn client(roots: RootCertStore) -> Arc<ClientConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(config.with_root_certificates(roots).with_no_client_auth())
}

struct Visit {
    orders: Arc<Mutex<VecDeque<(&'static str, String)>>>,
    letters: Arc<Mutex<Vec<Got>>>,
    said: Arc<Mutex<Vec<String>>>,
    acceptor: TlsAcceptor,
    speaks: Speaks,
}

impl Visit {
    async fn talk(&mut self, tcp: Box<dyn Stream>) -> Option<()> {
        let (mut stream, mut by_tls) = match self.speaks {
            Speaks::Tls => (BufReader::new(Box::new(self.acceptor.accept(tcp).await.ok()?) as Box<dyn Stream>), true),
            _ => (BufReader::new(tcp), false),
        };
        let (mut from, mut to) = (String::new(), String::new());
        self.answer(&mut stream, "CONNECT", "220 here").await?;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            let line = line.trim_end().to_owned();
            self.said.lock().unwrap().push(line.clone());
            let usual = match line.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" if self.speaks == Speaks::StartTls && !by_tls => "250-here\r\n250 STARTTLS".to_owned(),
                "EHLO" => "250-here\r\n250-8BITMIME\r\n250 AUTH LOGIN PLAIN".to_owned(),
                "STARTTLS" => "220 go on".to_owned(),
                "AUTH" if line == "AUTH LOGIN" => "334 VXNlcm5hbWU6".to_owned(),
                "AUTH" => "235 welcome".to_owned(),
                "DATA" => "354 write".to_owned(),
                "QUIT" => "221 bye".to_owned(),
                "RSET" | "MAIL" | "RCPT" => "250 well".to_owned(),
                // The user and the password of AUTH LOGIN.
                _ if self.said.lock().unwrap().iter().rev().nth(1).is_some_and(|before| before == "AUTH LOGIN") => {
                    "334 UGFzc3dvcmQ6".to_owned()
                }
                _ => "235 welcome".to_owned(),
            };
            let given = self.answer(&mut stream, &line, &usual).await?;
            let address = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
            match &line[..line.len().min(4)] {
                "MAIL" => from = address(),
                "RCPT" => to = address(),
                "STAR" if given.starts_with("220") => {
                    stream = BufReader::new(Box::new(self.acceptor.accept(stream.into_inner()).await.ok()?) as Box<dyn Stream>);
                    by_tls = true;
                }
                "DATA" if given.starts_with("354") => {
                    let text = letter(&mut stream).await?;
                    // It is kept before it is answered: what happens then, the sender does not know.
                    self.letters.lock().unwrap().push(Got { from: from.clone(), to: to.clone(), text, by_tls });
                    let given = self.answer(&mut stream, ".", "250 taken").await?;
                    if !given.starts_with("250") {
                        self.letters.lock().unwrap().pop();
                    }
                }
                _ => {}
            }
        }
    }

    /// Answers as ordered, or as usual. `None` when the connection is to end.
    async fn answer(&self, stream: &mut BufReader<Box<dyn Stream>>, line: &str, usual: &str) -> Option<String> {
        let ordered = {
            let mut orders = self.orders.lock().unwrap();
            orders.iter().position(|(command, _)| line.starts_with(command)).and_then(|place| orders.remove(place))
        };
        let answer = ordered.map_or(usual.to_owned(), |(_, answer)| answer);
        if answer == DROP {
            return None;
        }
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        stream.flush().await.ok()?;
        Some(answer)
    }
}

/// The letter up to the dot that ends it, without the dots that were doubled.
async fn letter(stream: &mut BufReader<Box<dyn Stream>>) -> Option<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        if line == ".\r\n" {
            return Some(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

/// A clock that is moved by hand.
pub struct Hand(pub AtomicI64);

impl Clock for Hand {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A house that writes letters.
pub struct House {
    pub place: TempDir,
    pub folder: Arc<Folder>,
    pub clock: Arc<Hand>,
}

impl House {
    pub fn new() -> Self {
        let place = TempDir::new().unwrap();
        let clock = Arc::new(Hand(AtomicI64::new(1_800_000_000_000)));
        let sender = Sender { site: "https://ward.test".to_owned(), from: "ward@ward.test".to_owned() };
        let folder = Arc::new(Folder::new(place.path().join("outbox"), sender, clock.clone()));
        Self { place, folder, clock }
    }

    pub fn write(&self, to: &str, name: &str) {
        self.folder.post(letter_to(to, name));
        // The next one has another name, and comes after it.
        self.clock.0.fetch_add(1, Ordering::SeqCst);
    }

    pub fn waiting(&self) -> Vec<PathBuf> {
        self.folder.waiting().unwrap()
    }

    /// What was laid aside.
    pub fn refused(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("refused")).map_or(0, Iterator::count)
    }

    /// Sends a postman on his way, who hurries.
    pub fn send(&self, relay: Relay, tls: Arc<ClientConfig>) {
        let ms = Duration::from_millis;
        let pauses = Pauses { round: ms(10), first: ms(5), longest: ms(20) };
        tokio::spawn(Postman::new(self.folder.clone(), relay, tls, pauses).deliver());
    }
}

pub fn letter_to(to: &str, name: &str) -> Letter {
    let token = Some(Secret::new("0123456789abcdef"));
    Letter { to: to.to_owned(), name: name.to_owned(), locale: None, about: About::Reset, token, until: Some(1_800_000_060_000) }
}

/// Waits until something is so; half a minute, and the test fails.
pub async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..3000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what}: it did not come to that");
}
