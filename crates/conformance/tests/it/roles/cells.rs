//! How many cells were asked, and which are red.

/// How many red ones are shown.
const SHOWN: usize = 12;

/// The cells of a table, as they are asked.
#[derive(Default)]
pub struct Cells {
    asked: usize,
    red: Vec<String>,
}

impl Cells {
    /// One that was asked, and is green; otherwise what it says.
    pub fn check(&mut self, is_green: bool, says: impl FnOnce() -> String) {
        self.asked += 1;
        if !is_green {
            self.red.push(says());
        }
    }

    /// Whether so many are red that the others need not be asked.
    pub fn is_lost(&self) -> bool {
        self.red.len() >= SHOWN
    }

    /// Says how many there were.
    ///
    /// # Panics
    /// When one is red, or there were fewer than are expected of the table.
    pub fn end(self, at_least: usize) {
        println!("{} cells, {} red", self.asked, self.red.len());
        let some: Vec<&str> = self.red.iter().step_by(self.red.len().div_ceil(SHOWN).max(1)).map(String::as_str).collect();
        assert!(self.red.is_empty(), "{} red cells, such as:\n{}", self.red.len(), some.join("\n"));
        assert!(self.asked >= at_least, "{} cells were asked, of at least {at_least}", self.asked);
    }
}
