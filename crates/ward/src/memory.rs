//! Giving memory back to the system after a rush.
//!
//! The allocator keeps what is freed for a second, and looks whether that is over when the next large piece is freed. A server that has just
//! become idle frees none, and would hold the most that it ever needed.

use std::time::Duration;

/// How often the allocator is made to look.
const EVERY: Duration = Duration::from_millis(500);

/// So large a piece goes back at once, and is not kept for the next one of its size.
const LARGE_BYTES: usize = 4 << 20;

/// Makes the allocator look, now and then, for as long as the process lives. What it takes for that is never written to, and so costs no memory.
pub async fn give_back() {
    loop {
        tokio::time::sleep(EVERY).await;
        drop(std::hint::black_box(Vec::<u8>::with_capacity(LARGE_BYTES)));
    }
}
