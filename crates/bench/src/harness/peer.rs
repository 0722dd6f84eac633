//! A peer's figures, by the same harness.

/// Where they are from.
pub const SOURCE: &str = "The peer is npm `@medplum/server` with PostgreSQL 15 (fsync on) and Redis 7, as `peer.md` beside the harness tells: medians of three rounds of six seconds, \
                          November 2026.";

/// What was measured of a workload.
#[derive(Clone, Copy)]
pub struct Figures {
    /// Answers a second; of transactions and the load, resources a second.
    pub rate: f64,
    /// Half of the answers came within this.
    pub p50_ms: f64,
    /// 99 of 100 did.
    pub p99_ms: f64,
}

/// A workload of the harness, on one process of the peer and on three.
#[derive(Clone, Copy)]
pub struct Peer {
    /// Its name.
    pub workload: &'static str,
    /// On one process.
    pub one: Figures,
    /// On three.
    pub three: Figures,
}

const fn peer(workload: &'static str, one: [f64; 3], three: [f64; 3]) -> Peer {
    Peer { workload, one: figures(one), three: figures(three) }
}

const fn figures([rate, p50_ms, p99_ms]: [f64; 3]) -> Figures {
    Figures { rate, p50_ms, p99_ms }
}

/// All workloads.
pub const PEER: [Peer; 16] = [
    peer("read", [973.0, 15.0, 38.0], [1257.0, 10.0, 52.0]),
    peer("search-name-birthdate", [572.0, 26.0, 60.0], [752.0, 15.0, 68.0]),
    peer("search-identifier", [591.0, 27.0, 43.0], [826.0, 16.0, 74.0]),
    peer("search-patient-code-sort", [523.0, 30.0, 49.0], [759.0, 17.0, 80.0]),
    peer("search-code-value", [355.0, 44.0, 78.0], [544.0, 27.0, 82.0]),
    peer("search-include-revinclude", [40.0, 386.0, 571.0], [81.0, 180.0, 469.0]),
    peer("search-chained", [353.0, 44.0, 85.0], [463.0, 26.0, 97.0]),
    peer("search-has", [194.0, 78.0, 180.0], [253.0, 45.0, 273.0]),
    peer("search-total-accurate", [450.0, 35.0, 57.0], [703.0, 20.0, 80.0]),
    peer("create-patient", [229.0, 68.0, 117.0], [326.0, 45.0, 116.0]),
    peer("create-observation", [245.0, 64.0, 102.0], [259.0, 58.0, 126.0]),
    peer("update-observation", [204.0, 76.0, 114.0], [212.0, 71.0, 164.0]),
    peer("mixed-64", [515.0, 109.0, 338.0], [726.0, 63.0, 307.0]),
    peer("mixed-1000", [583.0, 900.0, 6578.0], [733.0, 1018.0, 3162.0]),
    peer("transaction-8", [261.0, 19_415.0, 22_135.0], [360.0, 12_534.0, 18_547.0]),
    peer("load", [210.0, 3936.0, 14_688.0], [367.0, 4768.0, 18_989.0]),
];
