//! Letters that the server takes.

use crate::server::{DROP, House, Server, Speaks, until};

#[tokio::test]
async fn letters_go_out_in_their_order_and_leave_the_folder() {
    let (house, server) = (House::new(), Server::start(Speaks::Plainly, Vec::new()).await);
    house.write("ada@ward.test", "Ada");
    house.write("bob@ward.test", "Bob");
    house.send(server.relay("smtp", ""), server.trusted());
    until("both are there", || server.letters().len() == 2 && house.waiting().is_empty()).await;
    let got = server.letters();
    assert_eq!(
        [(&*got[0].from, &*got[0].to), (&*got[1].from, &*got[1].to)],
        [("ward@ward.test", "ada@ward.test"), ("ward@ward.test", "bob@ward.test")]
    );
    assert_eq!(server.said("EHLO"), 1, "one conversation for both");
    house.write("eve@ward.test", ".Eve");
    until("a later one, too", || server.letters().len() == 3 && house.waiting().is_empty()).await;
    assert!(server.letters()[2].text.contains("\r\n.Eve,\r\n"), "a dot at the begin of a line stays one: {}", server.letters()[2].text);
    assert_eq!((house.refused(), server.said("AUTH")), (0, 0));
}

#[tokio::test]
async fn what_was_written_before_a_restart_is_handed_over_after_it() {
    let (house, server) = (House::new(), Server::start(Speaks::Plainly, Vec::new()).await);
    house.write("ada@ward.test", "Ada");
    let again = House {
        folder: std::sync::Arc::new(mail::Folder::new(house.folder.path().to_owned(), house.folder.sender().clone(), house.clock.clone())),
        ..house
    };
    again.send(server.relay("smtp", ""), server.trusted());
    until("it is there", || server.letters().len() == 1 && again.waiting().is_empty()).await;
}

#[tokio::test]
async fn a_letter_whose_answer_was_lost_comes_twice_and_is_known_by_its_id() {
    let (house, server) = (House::new(), Server::start(Speaks::Plainly, vec![(".", DROP.to_owned())]).await);
    house.write("ada@ward.test", "Ada");
    house.send(server.relay("smtp", ""), server.trusted());
    until("it was taken twice", || server.letters().len() == 2 && house.waiting().is_empty()).await;
    let ids: Vec<String> =
        server.letters().iter().map(|got| got.text.lines().find(|line| line.starts_with("Message-ID: ")).unwrap().to_owned()).collect();
    assert_eq!(ids[0], ids[1]);
}
