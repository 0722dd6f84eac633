use super::*;

#[test]
fn every_id_is_read_as_it_was_put() {
    let uuid = "6f1d0c9e-00ff-4a5b-8c7d-0123456789ab";
    let others = ["", "a", "example", "6F1D0C9E-00ff-4a5b-8c7d-0123456789ab", "6f1d0c9e00ff-4a5b-8c7d-0123456789ab-", &uuid[1..]];
    for id in others.into_iter().chain([uuid]) {
        let mut bytes = Vec::new();
        put(&mut bytes, id);
        assert_eq!(read(&bytes).as_deref(), Some(id));
        assert_eq!(bytes.len(), if id == uuid { 17 } else { 1 + id.len() }, "{id}");
    }
    assert_eq!((read(&[]), read(&[UUID, 1]), read(&[7, b'a'])), (None, None, None));
}
