//! The disk that a trace tells of, and the library that writes it.

mod disk;
mod preload;
