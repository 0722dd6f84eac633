//! What functions are for, by their names.

/// What some functions are for.
pub struct Category {
    /// In words.
    pub name: &'static str,
    /// Parts of the names of its functions.
    parts: &'static [&'static str],
}

impl Category {
    /// Whether a function, as `perf` prints it, is one of its.
    pub fn fits(&self, symbol: &str) -> bool {
        self.parts.iter().any(|part| symbol.contains(part))
    }
}

const fn category(name: &'static str, parts: &'static [&'static str]) -> Category {
    Category { name, parts }
}

/// All categories. The first that fits counts: those of the kernel come first, then what libraries do, then Ward's rooms.
pub const CATEGORIES: &[Category] = &[
    category(
        "kernel: network",
        &[
            "[k] tcp_",
            "[k] __tcp",
            "[k] ip_",
            "[k] __ip",
            "[k] sock",
            "[k] skb",
            "[k] __skb",
            "[k] net",
            "[k] __net",
            "[k] inet",
            "[k] loopback",
            "[k] __dev",
            "[k] nf_",
            "[k] process_backlog",
        ],
    ),
    category(
        "kernel: files and syncing",
        &[
            "[k] ext4",
            "[k] jbd2",
            "[k] blk",
            "[k] submit_bio",
            "[k] vfs_",
            "[k] filemap",
            "[k] folio",
            "[k] virtio",
            "[k] virtblk",
            "[k] __folio",
            "[k] mark_buffer",
            "[k] iov_iter",
        ],
    ),
    category("kernel: waiting, waking, switching, the rest", &["[k]"]),
    category("allocation", &["mi_", "_mi_", "malloc", "__rust_alloc", "__rdl", "alloc::raw_vec"]),
    category("copying and comparing bytes", &["memcpy", "memmove", "memset", "memcmp", "__mem", "copy_user"]),
    category("compression (zstd)", &["ZSTD", "HUF_", "FSE_", "zstd"]),
    category(
        "index (log-structured store)",
        &["lsm_tree", "fjall", "crossbeam_skiplist", "sfa::", "lz4_flex", "store_embedded::index", "quick_cache"],
    ),
    category("search on the index", &["store_embedded::search", "store::encoding", "store::matches"]),
    category(
        "SQLite",
        &["sqlite3", "rusqlite", "vdbe", "walFrames", "walChecksum", "pager", "btree", "Btree", "balance", "pcache", "moveToRoot"],
    ),
    category("writer and truth", &["store_embedded"]),
    category("JSON", &["fhir::json", "simdutf8"]),
    category("check of the structure", &["fhir::check", "fhir::primitive", "fhir::narrative"]),
    category("search entries (FHIRPath)", &["fhirpath", "search::extract", "search::reference", "search::date", "search::fold", "ucum"]),
    category("understanding the query", &["search::parse", "search::url", "search::page"]),
    category("interactions", &["interaction::", "store::", "fhir::"]),
    category("HTTP", &["hyper", "axum", "http::", "httparse", "tower", "rest::", "h2::", "matchit"]),
    category("runtime (tokio)", &["tokio", "mio::", "parking_lot", "futures"]),
    category("standard library", &["core::", "alloc::", "std::", "hashbrown", "drop_in_place"]),
];
