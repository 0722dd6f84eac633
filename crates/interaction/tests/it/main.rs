//! What interactions promise beside HTTP: preparing resources, ids, entity tags, and their own table.

mod access;
mod error;
mod etag;
mod identifier;
mod library;
mod prepare;
mod table;
