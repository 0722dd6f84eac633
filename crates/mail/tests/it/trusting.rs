//! To whom letters and the password are given: the server that the certificate is of, by TLS, and nobody else.

use rustls::RootCertStore;

use crate::server::{House, Orders, Server, Speaks, client, until};

#[tokio::test]
async fn by_tls_from_the_first_byte_or_after_starttls_and_signed_in() {
    for (speaks, scheme) in [(Speaks::Tls, "smtps"), (Speaks::StartTls, "smtp+starttls")] {
        let (house, server) = (House::new(), Server::start(speaks, Vec::new()).await);
        house.write("ada@ward.test", "Ada");
        house.send(server.relay(scheme, "ward:p%40ss@"), server.trusted());
        until(scheme, || server.letters().len() == 1 && house.waiting().is_empty()).await;
        assert!(server.letters()[0].by_tls, "{scheme}");
        // `\0ward\0p@ss` in base64.
        assert_eq!(server.said("AUTH PLAIN AHdhcmQAcEBzcw=="), 1, "{scheme}");
    }
}

#[tokio::test]
async fn where_plain_is_not_offered_login_is_taken() {
    let orders = vec![("EHLO", "250-here\r\n250 AUTH XOAUTH2 LOGIN".to_owned())];
    let (house, server) = (House::new(), Server::start(Speaks::Tls, orders).await);
    house.write("ada@ward.test", "Ada");
    house.send(server.relay("smtps", "ward:p%40ss@"), server.trusted());
    until("it is there", || server.letters().len() == 1).await;
    assert_eq!((server.said("AUTH LOGIN"), server.said("d2FyZA=="), server.said("cEBzcw==")), (1, 1, 1));
}

#[tokio::test]
async fn nothing_is_said_to_a_server_that_cannot_be_trusted() {
    let injected = "220 go on\r\n250 AUTH PLAIN";
    let cases: [(Speaks, &str, Orders, bool, &str); 4] = [
        (Speaks::Tls, "smtps", Vec::new(), false, "CONNECT"),
        (Speaks::StartTls, "smtp+starttls", Vec::new(), false, "STARTTLS"),
        (Speaks::Plainly, "smtp+starttls", Vec::new(), true, "EHLO"),
        (Speaks::StartTls, "smtp+starttls", (0..1000).map(|_| ("STARTTLS", injected.to_owned())).collect(), true, "STARTTLS"),
    ];
    for (speaks, scheme, orders, is_trusted, last) in cases {
        let (house, server) = (House::new(), Server::start(speaks, orders).await);
        house.write("ada@ward.test", "Ada");
        let tls = if is_trusted { server.trusted() } else { client(RootCertStore::empty()) };
        house.send(server.relay(scheme, "ward:secret@"), tls);
        if last == "CONNECT" {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        } else {
            until("it was tried twice", || server.said(last) >= 2).await;
        }
        assert_eq!((server.said("AUTH"), server.said("MAIL"), server.letters().len()), (0, 0, 0), "{scheme} {last}");
        assert_eq!((house.waiting().len(), house.refused()), (1, 0), "{scheme} {last}");
    }
}
