//! The issue numbers of this crate, 1280 to 1299. Each has one meaning, for ever.

/// A package's archive or folder cannot be read.
pub const UNREADABLE: u16 = 1280;
/// An entry of a package's archive has a path that leads out of the package, or stands twice.
pub const BAD_PATH: u16 = 1281;
/// A package's archive has an entry that is neither a file nor a folder: a link, a device.
pub const NOT_A_FILE: u16 = 1282;
/// A package is larger than a package may be.
pub const TOO_LARGE: u16 = 1283;
/// A package has no manifest (`package/package.json`), or one that cannot be understood.
pub const BAD_MANIFEST: u16 = 1284;
/// A package is for another version of FHIR.
pub const OTHER_FHIR: u16 = 1285;
/// A version, or a range of versions, is not one that a package can be chosen by.
pub const BAD_VERSION: u16 = 1286;
/// A resource of a package is none, or has no id.
pub const BAD_RESOURCE: u16 = 1287;
/// A package that another one needs is not there.
pub const MISSING_DEPENDENCY: u16 = 1288;
/// Two packages of the same name and version have different contents.
pub const CONFLICT: u16 = 1289;
/// The answer of a registry cannot be understood, or it has no such package.
pub const BAD_LISTING: u16 = 1290;
/// A package does not have the hash that the registry says it has.
pub const WRONG_HASH: u16 = 1291;
