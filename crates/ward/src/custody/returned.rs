//! What a backup that is put back must not bring back.
