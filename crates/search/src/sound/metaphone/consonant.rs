//! Consonants whose sound depends on what stands around them.

use super::Heard;

impl Heard<'_> {
    pub(super) fn c(&mut self) {
        if self.has(0, "CH") {
            return self.ch();
        }
        if self.has(0, "CZ") {
            return self.hear_either("S", "X", 2);
        }
        if self.has(0, "CIA") {
            return self.hear("X", 3);
        }
        if self.has(0, "CC") && self.is_one_of(2, "IEH") && !self.has(2, "HU") {
            // `accident`, but `bacci`.
            let is_hard = self.place == 1 && self.at(-1) == 'A' || self.has_any(-1, &["UCCEE", "UCCES"]);
            return self.hear(if is_hard { "KS" } else { "X" }, 3);
        }
        if self.has_any(0, &["CK", "CG", "CQ"]) {
            return self.hear("K", 2);
        }
        if self.has_any(0, &["CIO", "CIE"]) {
            return self.hear_either("S", "X", 2);
        }
        if self.is_one_of(1, "IEY") {
            return self.hear("S", 2);
        }
        let letters = if self.is_one_of(1, "CKQ") { 2 } else { 1 };
        self.hear("K", letters);
    }

    /// `ch` is `k` in Greek and German words, elsewhere as in `church`, perhaps.
    fn ch(&mut self) {
        let is_greek = self.place == 0 && self.has_any(1, &["HARAC", "HARIS", "HOR", "HYM", "HIA", "HEM"]) && !self.has(0, "CHORE");
        let is_hard = is_greek
            || self.has_any(-2, &["ORCHES", "ARCHIT", "ORCHID"])
            || self.is_one_of(2, "TS")
            || (self.is_one_of(-1, "AOUE") || self.place == 0) && self.is_one_of(2, "LRNMBHFVW ") && !self.is_last(2);
        match (is_hard, self.place) {
            (true, _) => self.hear("K", 2),
            (false, 0) => self.hear("X", 2),
            (false, _) => self.hear_either("X", "K", 2),
        }
    }

    pub(super) fn d(&mut self) {
        match (self.at(1), self.at(2)) {
            ('G', 'I' | 'E' | 'Y') => self.hear("J", 3),
            ('G', _) => self.hear("TK", 2),
            ('T' | 'D', _) => self.hear("T", 2),
            _ => self.hear("T", 1),
        }
    }

    pub(super) fn g(&mut self) {
        match self.at(1) {
            'H' => self.gh(),
            'N' if self.place == 1 && self.is_vowel(-1) => self.hear_either("KN", "N", 2),
            'N' if !self.has(2, "EY") && self.is_last(2) => self.hear_either("N", "KN", 2),
            'N' => self.hear_either("KN", "N", 2),
            'L' if self.at(2) == 'I' => self.hear_either("KL", "L", 2),
            'E' | 'I' | 'Y' if self.has_any(1, &["ET", "ER"]) || self.place > 0 && self.has(-1, "R") => self.hear_either("K", "J", 2),
            'E' | 'I' | 'Y' if self.place == 0 => self.hear_either("K", "J", 2),
            'E' | 'I' | 'Y' => self.hear_either("J", "K", 2),
            'G' => self.hear("K", 2),
            _ => self.hear("K", 1),
        }
    }

    /// `gh` begins a word as `g`, ends one as `f` or not at all.
    fn gh(&mut self) {
        if self.place == 0 {
            return self.hear(if self.at(2) == 'I' { "J" } else { "K" }, 2);
        }
        if !self.is_vowel(-1) {
            return self.hear("K", 2);
        }
        let is_f = self.at(-1) == 'U' && self.is_one_of(-3, "CGLRT");
        self.hear(if is_f { "F" } else { "" }, 2);
    }

    pub(super) fn j(&mut self) {
        if self.has_any(0, &["JOSE", "JUAN", "JESUS", "JORGE", "JIMENEZ"]) && self.place == 0 {
            return self.hear("H", 1);
        }
        let letters = if self.at(1) == 'J' { 2 } else { 1 };
        if self.place == 0 {
            return self.hear_either("J", "A", letters);
        }
        match (self.is_vowel(-1), self.is_one_of(1, "AO")) {
            (true, true) => self.hear_either("J", "H", letters),
            _ if self.is_last(1) => self.hear_either("J", "", letters),
            _ => self.hear("J", letters),
        }
    }

    pub(super) fn r(&mut self) {
        // French `Rogier`.
        if self.is_last(1) && self.has(-2, "IE") && !self.has_any(-4, &["ME", "MA"]) {
            return self.hear_either("", "R", 1);
        }
        self.hear_doubled("R");
    }

    pub(super) fn s(&mut self) {
        if self.is_one_of(-1, "IY") && self.has(0, "SL") {
            return self.hear("", 1);
        }
        if self.has(0, "SH") {
            let is_german = self.has_any(1, &["HEIM", "HOEK", "HOLM", "HOLZ"]);
            return self.hear(if is_german { "S" } else { "X" }, 2);
        }
        if self.has_any(0, &["SIO", "SIA"]) {
            return self.hear_either("S", "X", 3);
        }
        if self.place == 0 && self.is_one_of(1, "MNLW") || self.at(1) == 'Z' {
            let letters = if self.at(1) == 'Z' { 2 } else { 1 };
            return self.hear_either("S", "X", letters);
        }
        if self.has(0, "SC") {
            return self.sc();
        }
        let is_silent = self.is_last(1) && self.has_any(-2, &["AI", "OI"]);
        let letters = if self.is_one_of(1, "SZ") { 2 } else { 1 };
        self.hear_either(if is_silent { "" } else { "S" }, "S", letters);
    }

    fn sc(&mut self) {
        if self.at(2) != 'H' {
            return if self.is_one_of(2, "IEY") { self.hear("S", 3) } else { self.hear("SK", 3) };
        }
        if self.has_any(3, &["OO", "ER", "EN", "UY", "ED", "EM"]) {
            return if self.has_any(3, &["ER", "EN"]) { self.hear_either("X", "SK", 3) } else { self.hear("SK", 3) };
        }
        let before_consonant = self.place == 0 && !self.is_vowel(3) && self.at(3) != 'W';
        self.hear_either("X", if before_consonant { "S" } else { "X" }, 3);
    }

    pub(super) fn t(&mut self) {
        if self.has_any(0, &["TION", "TIA", "TCH"]) {
            return self.hear("X", 3);
        }
        if self.has(0, "TH") {
            let is_hard = self.has_any(2, &["OM", "AM"]);
            return if is_hard { self.hear("T", 2) } else { self.hear_either("0", "T", 2) };
        }
        let letters = if self.is_one_of(1, "TD") { 2 } else { 1 };
        self.hear("T", letters);
    }

    pub(super) fn w(&mut self) {
        if self.has(0, "WR") {
            return self.hear("R", 2);
        }
        if self.place == 0 && (self.is_vowel(1) || self.at(1) == 'H') {
            return self.hear_either("A", if self.is_vowel(1) { "F" } else { "A" }, 1);
        }
        let is_slavic = self.is_last(1) && self.is_vowel(-1) || self.has_any(-1, &["EWSKI", "EWSKY", "OWSKI", "OWSKY"]);
        if is_slavic {
            return self.hear_either("", "F", 1);
        }
        if self.has_any(0, &["WICZ", "WITZ"]) {
            return self.hear_either("TS", "FX", 4);
        }
        self.hear("", 1);
    }

    pub(super) fn z(&mut self) {
        if self.at(1) == 'H' {
            return self.hear("J", 2);
        }
        let letters = if self.at(1) == 'Z' { 2 } else { 1 };
        self.hear_either("S", "TS", letters);
    }
}
