//! The statements, each from its own file in `sql/`.

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)*) => {
        $(pub(crate) const $name: &str = include_str!(concat!("../../sql/", $file, ".sql"));)*
    };
}

statements! {
    ACCOUNT = "account";
    ALL_DICTIONARIES = "all_dictionaries";
    ALL_TENANTS = "all_tenants";
    CLAIMS_OF_SUBJECT = "claims_of_subject";
    COMMITS_AFTER = "commits_after";
    COMMIT_AT = "commit_at";
    COMMIT_ERASURES = "commit_erasures";
    COMMIT_EVENTS = "commit_events";
    COMMIT_VERSIONS = "commit_versions";
    COUNT_SEALED = "count_sealed";
    CURSOR = "cursor";
    DROP_DICTIONARIES = "drop_dictionaries";
    DUE_JOBS = "due_jobs";
    ERASE_VERSION = "erase_version";
    EXPIRED_CLAIMS = "expired_claims";
    FINISH_JOB = "finish_job";
    GET_META = "get_meta";
    INSERT_COMMIT = "insert_commit";
    INSERT_DICTIONARY = "insert_dictionary";
    INSERT_ERASURE = "insert_erasure";
    INSERT_EVENT = "insert_event";
    INSERT_JOB = "insert_job";
    INSERT_POSTING = "insert_posting";
    INSERT_VERSION = "insert_version";
    KEY_HEADS_AFTER = "key_heads_after";
    LAST_ERASURE = "last_erasure";
    LAST_ROW = "last_row";
    LAST_SEQUENCE = "last_sequence";
    LEASE_JOB = "lease_job";
    LOWEST_KEY_VERSION = "lowest_key_version";
    MOVE_CURSOR = "move_cursor";
    NEWEST_DICTIONARY = "newest_dictionary";
    NEXT_NUMBER = "next_number";
    RELEASE_CLAIM = "release_claim";
    RESEAL_VERSION = "reseal_version";
    SEALED_VERSIONS = "sealed_versions";
    SET_ACCOUNT = "set_account";
    SET_CLAIM = "set_claim";
    SET_META = "set_meta";
    SET_NUMBER = "set_number";
    UPSERT_TENANT = "upsert_tenant";
    VERSIONS_FROM = "versions_from";
    VERSIONS_OF_KIND = "versions_of_kind";
    VERSION_BODY = "version_body";
    VERSION_HEAD = "version_head";
    VERSION_PLACE = "version_place";
}
