//! Requests to addresses that somebody else has written never reach what stands beside the server.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rest::outgoing::{Outgoing, OutgoingError, Resolve, Resolved, System, is_public};
use rustls::RootCertStore;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Leads every name to these addresses, one list after the other.
struct Leads(Vec<Vec<&'static str>>, AtomicUsize);

impl Resolve for Leads {
    fn resolve<'a>(&'a self, _: &'a str) -> Resolved<'a> {
        let list = &self.0[self.1.fetch_add(1, Ordering::Relaxed).min(self.0.len() - 1)];
        let addresses = list.iter().map(|address| address.parse().expect("an address")).collect();
        Box::pin(async move { Ok(addresses) })
    }
}

fn asking(resolver: impl Resolve + 'static, private: &[&str]) -> Outgoing {
    let private: Vec<String> = private.iter().map(|host| (*host).to_owned()).collect();
    Outgoing::new(RootCertStore::empty(), &private, Box::new(resolver)).expect("TLS")
}

/// A listener that answers this to whatever it is asked; its port, and how often somebody came.
async fn listener(answer: &'static str) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let (port, hits) = (listener.local_addr().expect("an address").port(), Arc::new(AtomicUsize::new(0)));
    let counted = hits.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (port, hits)
}

#[tokio::test]
async fn asks_nothing_beside_the_server_however_it_is_written() {
    let (port, hits) = listener("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret").await;
    let outgoing = asking(System, &[]);
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "localhost",
        "LOCALHOST",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[0:0:0:0:0:0:0:1]",
        "127.127.127.127",
        "[fe80::1%25lo]",
    ] {
        for scheme in ["https", "http"] {
            let refused = outgoing.get(&format!("{scheme}://{host}:{port}/latest/meta-data"), 100).await;
            assert!(refused.is_err(), "{scheme}://{host}");
        }
    }
    assert_eq!(hits.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn asks_no_address_that_a_private_one_stands_beside() {
    let (port, hits) = listener("").await;
    for list in [
        vec!["127.0.0.1"],
        vec!["93.184.215.14", "127.0.0.1"],
        vec!["::1", "93.184.215.14"],
        vec!["169.254.169.254"],
        vec!["fd00:ec2::254"],
    ] {
        let outgoing = asking(Leads(vec![list.clone()], AtomicUsize::new(0)), &[]);
        let refused = outgoing.get(&format!("https://keys.example.org:{port}/"), 100).await;
        assert_eq!(refused, Err(OutgoingError::PrivateAddress), "{list:?}");
    }
    let outgoing = asking(Leads(vec![vec![]], AtomicUsize::new(0)), &[]);
    assert_eq!(outgoing.get("https://keys.example.org/", 100).await, Err(OutgoingError::UnknownHost));
    assert_eq!(hits.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn resolves_a_name_once() {
    let (port, hits) = listener("").await;
    // The second answer is what somebody gives who waits until the first was looked at.
    let outgoing = asking(Leads(vec![vec!["192.0.2.1"], vec!["127.0.0.1"]], AtomicUsize::new(0)), &[]);
    assert_eq!(outgoing.get(&format!("https://keys.example.org:{port}/"), 100).await, Err(OutgoingError::PrivateAddress));
    let leads = Arc::new(AtomicUsize::new(0));
    struct Counting(Arc<AtomicUsize>);
    impl Resolve for Counting {
        fn resolve<'a>(&'a self, _: &'a str) -> Resolved<'a> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Box::pin(async { Ok(vec![IpAddr::from([127, 0, 0, 1])]) })
        }
    }
    let outgoing = asking(Counting(leads.clone()), &["keys.example.org"]);
    let _ = outgoing.get(&format!("http://keys.example.org:{port}/"), 100).await;
    assert_eq!((leads.load(Ordering::Relaxed), hits.load(Ordering::Relaxed)), (1, 1));
}

#[tokio::test]
async fn asks_private_hosts_that_are_named_and_follows_no_redirect() {
    let answer = "HTTP/1.1 200 OK\r\ncache-control: public, max-age=60\r\ncontent-length: 2\r\n\r\n{}";
    let (port, _) = listener(answer).await;
    let outgoing = asking(System, &["LocalHost"]);
    let got = outgoing.get(&format!("http://localhost:{port}/jwks"), 100).await.expect("allowed");
    assert_eq!((got.body.as_slice(), got.max_age_s), (b"{}".as_slice(), Some(60)));
    assert_eq!(outgoing.get(&format!("http://localhost:{port}/jwks"), 1).await, Err(OutgoingError::TooLong));
    assert_eq!(outgoing.get(&format!("http://127.0.0.1:{port}/jwks"), 100).await, Err(OutgoingError::BadAddress), "that is another name");
    assert_eq!(outgoing.get(&format!("http://localhost.evil.example:{port}/"), 100).await, Err(OutgoingError::BadAddress));
    let (_, hits) = listener("").await;
    let (port, _) = listener("HTTP/1.1 302 Found\r\nlocation: http://localhost/latest/meta-data\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(outgoing.get(&format!("http://localhost:{port}/"), 100).await, Err(OutgoingError::NotThere));
    assert_eq!(hits.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn reads_addresses_strictly() {
    let outgoing = asking(System, &["localhost"]);
    for address in [
        "",
        "keys",
        "//localhost/",
        "ftp://localhost/",
        "file:///etc/passwd",
        "gopher://localhost/",
        "http://user@localhost/",
        "http://localhost:0/",
        "http://keys.example.org/",
        "https:///x",
    ] {
        assert_eq!(outgoing.get(address, 100).await, Err(OutgoingError::BadAddress), "{address}");
    }
}

#[test]
fn knows_the_public_internet() {
    for public in [
        "1.1.1.1",
        "93.184.215.14",
        "172.15.255.255",
        "172.32.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00::1",
    ] {
        assert!(is_public(public.parse().expect("an address")), "{public}");
    }
    for private in [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.1.1",
        "198.19.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "255.255.255.255",
        "168.63.129.16",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "5f00::1",
        "4000::1",
    ] {
        assert!(!is_public(private.parse().expect("an address")), "{private}");
    }
}
