//! The folder in which letters wait.

use std::os::unix::fs::PermissionsExt;

use mail::folder::MOST_REFUSED;

use crate::server::{House, Server, Speaks, until};

#[test]
fn nobody_but_its_owner_reads_it() {
    let house = House::new();
    house.write("ada@ward.test", "Ada");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(house.folder.path()), mode(&house.waiting()[0])), (0o700, 0o600));
}

#[tokio::test]
async fn a_file_that_is_no_letter_is_laid_aside_and_what_is_being_written_is_left_alone() {
    let (house, server) = (House::new(), Server::start(Speaks::Plainly, Vec::new()).await);
    house.write("ada@ward.test", "Ada");
    std::fs::write(house.folder.path().join("1-1-1.eml"), "nothing").unwrap();
    std::fs::write(house.folder.path().join("1-1-2.eml"), vec![b'x'; 100_000]).unwrap();
    std::fs::write(house.folder.path().join("1-1-3.new"), "To: <bob@ward.test>\r\n").unwrap();
    house.send(server.relay("smtp", ""), server.trusted());
    until("the letter is there", || server.letters().len() == 1 && house.waiting().is_empty()).await;
    assert_eq!(house.refused(), 2);
    assert!(house.folder.path().join("1-1-3.new").exists());
}

#[test]
fn what_is_laid_aside_is_bounded() {
    let house = House::new();
    for number in 0..MOST_REFUSED + 2 {
        house
            .folder
            .refuse(&{
                let path = house.place.path().join(format!("{number}.eml"));
                std::fs::write(&path, "").unwrap();
                path
            })
            .unwrap();
    }
    assert_eq!(house.refused(), MOST_REFUSED);
}
