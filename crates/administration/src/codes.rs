//! The issue numbers of this crate, 1330 to 1349. Each has one meaning, for ever.

/// No rule lets whoever asks administer this.
pub const NOT_PERMITTED: u16 = 1330;
/// A role, policy or permission would be handed out, or taken from somebody, that whoever asks may not hand out.
pub const BEYOND_ONES_OWN: u16 = 1331;
/// Somebody would change their own rights.
pub const OWN_RIGHTS: u16 = 1332;
/// Nobody would be left who can administer the tenant.
pub const LAST_ADMINISTRATOR: u16 = 1333;
/// There is no such account, client, key, role, session or path.
pub const NOT_FOUND: u16 = 1334;
/// What was to be changed is no longer at the version that If-Match names, or is there although it was to be new.
pub const NOT_CURRENT: u16 = 1335;
/// The body is no JSON object, or is missing.
pub const BAD_BODY: u16 = 1336;
/// A member or parameter is unknown.
pub const UNKNOWN_NAME: u16 = 1337;
/// A member or parameter has a value that it cannot have, or is missing.
pub const BAD_VALUE: u16 = 1338;
/// Somebody still has the role or policy that was to be removed.
pub const IN_USE: u16 = 1339;
/// The account has a part in another tenant, too, so that this tenant alone cannot do this with it.
pub const PART_ELSEWHERE: u16 = 1340;
/// Others changed the same at the same time, again and again.
pub const RACED: u16 = 1341;
/// The path is there, and has no such method.
pub const NO_SUCH_METHOD: u16 = 1342;
/// The directory or the store takes no more at the moment, or fails.
pub const UNAVAILABLE: u16 = 1343;
/// Emergency access is not for whoever asks: no rule of theirs gives more then, or they ask under no session of a person.
pub const NO_EMERGENCY: u16 = 1344;
/// Tenants are administered in the first tenant, and in no other.
pub const FIRST_TENANT_ONLY: u16 = 1345;
/// No rule lets whoever asks search the audit trail.
pub const NO_TRAIL: u16 = 1346;
