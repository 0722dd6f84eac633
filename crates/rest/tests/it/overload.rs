//! Who is let in, who waits, who is told to come back, and which connections are ended.

mod admission;
mod connections;
mod heads;
mod memory;
