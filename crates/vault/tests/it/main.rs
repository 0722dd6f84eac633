//! The integration tests of vault.

mod sealing;
