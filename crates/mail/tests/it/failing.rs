//! Servers that refuse, break off, or say what they should not.

use std::sync::atomic::Ordering;

use crate::server::{DROP, House, Server, Speaks, until};

#[tokio::test]
async fn whatever_a_server_breaks_off_at_it_is_tried_again() {
    for command in ["CONNECT", "EHLO", "RSET", "MAIL", "RCPT", "DATA"] {
        for answer in [DROP, "421 later", "nonsense", "999 what", "25", "250\u{0}-x"] {
            let (house, server) = (House::new(), Server::start(Speaks::Plainly, vec![(command, answer.to_owned())]).await);
            house.write("ada@ward.test", "Ada");
            house.send(server.relay("smtp", ""), server.trusted());
            until(&format!("{command} {answer}"), || server.letters().len() == 1 && house.waiting().is_empty()).await;
            assert_eq!(house.refused(), 0, "{command} {answer}");
        }
    }
}

#[tokio::test]
async fn one_who_cannot_be_written_to_keeps_nobody_waiting() {
    for (command, answer) in [("RCPT", "550 no such user"), ("RCPT", "599 x"), (".", "554 no"), ("DATA", "503 no")] {
        let (house, server) = (House::new(), Server::start(Speaks::Plainly, vec![(command, answer.to_owned())]).await);
        house.write("nobody@ward.test", "Nobody");
        house.write("ada@ward.test", "Ada");
        house.send(server.relay("smtp", ""), server.trusted());
        until(answer, || server.letters().len() == 1 && house.waiting().is_empty()).await;
        assert_eq!((server.letters()[0].to.as_str(), house.refused()), ("ada@ward.test", 1), "{command} {answer}");
    }
}

#[tokio::test]
async fn one_who_cannot_be_written_to_now_is_written_to_later_and_not_for_ever() {
    let later = || ("RCPT TO:<slow@ward.test>", "450 later".to_owned());
    let (house, server) = (House::new(), Server::start(Speaks::Plainly, vec![later(), later()]).await);
    house.write("slow@ward.test", "Slow");
    house.write("ada@ward.test", "Ada");
    house.send(server.relay("smtp", ""), server.trusted());
    until("both", || server.letters().len() == 2 && house.waiting().is_empty()).await;
    let to: Vec<String> = server.letters().into_iter().map(|got| got.to).collect();
    assert_eq!(to, ["ada@ward.test", "slow@ward.test"]);

    let (house, server) = (House::new(), Server::start(Speaks::Plainly, vec![later()]).await);
    house.write("slow@ward.test", "Slow");
    house.clock.0.fetch_add(5 * 24 * 3_600_000, Ordering::SeqCst);
    house.send(server.relay("smtp", ""), server.trusted());
    until("it is laid aside", || house.refused() == 1 && house.waiting().is_empty()).await;
    assert!(server.letters().is_empty());
}

#[tokio::test]
async fn a_wrong_setting_loses_no_letter() {
    for (command, answer) in [("AUTH", "535 wrong"), ("MAIL", "553 not you"), ("EHLO", "502 what"), ("CONNECT", "554 go away")] {
        let orders = (0..3).map(|_| (command, answer.to_owned())).collect();
        let (house, server) = (House::new(), Server::start(Speaks::Tls, orders).await);
        house.write("ada@ward.test", "Ada");
        house.send(server.relay("smtps", "ward:secret@"), server.trusted());
        until(answer, || server.letters().len() == 1 && house.waiting().is_empty()).await;
        assert_eq!(house.refused(), 0, "{command} {answer}");
    }
}

#[tokio::test]
async fn no_answer_is_read_without_end() {
    let endless_line = "250 ".to_owned() + &"x".repeat(1 << 20);
    let endless_lines = "250-x\r\n".repeat(100_000) + "250 x";
    for answer in [endless_line, endless_lines] {
        let (house, server) = (House::new(), Server::start(Speaks::Plainly, vec![("EHLO", answer)]).await);
        house.write("ada@ward.test", "Ada");
        house.send(server.relay("smtp", ""), server.trusted());
        until("it is tried again", || server.letters().len() == 1 && house.waiting().is_empty()).await;
        assert!(server.said("EHLO") >= 2);
    }
}
