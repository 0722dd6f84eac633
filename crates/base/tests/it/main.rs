//! The content of R4, compared with HL7's own resources and asked as a library.

mod library;
mod originals;
mod sound;
