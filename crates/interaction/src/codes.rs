//! The issue numbers of this crate, 400 to 499. Each has one meaning, for ever.

/// The resource does not exist: no version of it was ever written.
pub const NOT_FOUND: u16 = 400;
/// The resource exists, but has no version of this number.
pub const NO_SUCH_VERSION: u16 = 401;
/// The resource was deleted.
pub const DELETED: u16 = 402;
/// The name is not that of a FHIR R4 resource type.
pub const UNKNOWN_TYPE: u16 = 403;
/// The text is not a valid logical id: 1 to 64 of `A-Z a-z 0-9 - .`.
pub const BAD_ID: u16 = 404;
/// The `resourceType` of the body is not the type in the address.
pub const TYPE_MISMATCH: u16 = 405;
/// The `id` of the body is not the id in the address, or is missing.
pub const ID_MISMATCH: u16 = 406;
/// The server lets no client choose the id of a new resource.
pub const CLIENT_ID_REFUSED: u16 = 407;
/// The version named by If-Match is not the current one.
pub const VERSION_MISMATCH: u16 = 408;
/// The resource was changed by another at the same moment.
pub const LOST_RACE: u16 = 409;
/// The resource exists, and the request was to be done only if it does not.
pub const ALREADY_EXISTS: u16 = 410;
/// A reference leads to a resource of this server that does not exist.
pub const DANGLING_REFERENCE: u16 = 411;
/// The resource is referenced by others, and the server keeps references whole.
pub const STILL_REFERENCED: u16 = 412;
/// A conditional request matches more than one resource.
pub const MULTIPLE_MATCHES: u16 = 413;
/// A conditional request has no criteria, so that it would match anything.
pub const EMPTY_CONDITION: u16 = 414;
/// A conditional reference matches no resource.
pub const CONDITION_MATCHES_NOTHING: u16 = 415;
/// A conditional reference stands outside a transaction.
pub const CONDITIONAL_REFERENCE_OUTSIDE: u16 = 416;
/// An entity tag is not of the form `W/"3"`.
pub const BAD_ETAG: u16 = 417;
/// The store is out of room.
pub const STORE_FULL: u16 = 418;
/// The store has more to write than it takes.
pub const STORE_BUSY: u16 = 419;
/// The server is shutting down.
pub const SHUTTING_DOWN: u16 = 420;
/// The store failed.
pub const STORE_FAILED: u16 = 421;
/// The request would touch more than is allowed.
pub const TOO_COSTLY: u16 = 422;
/// The store refused the commit for another reason.
pub const COMMIT_REFUSED: u16 = 423;
/// The resource cannot be written, as it is larger than the store takes.
pub const TOO_LARGE: u16 = 425;
/// The body is not a Bundle of type batch or transaction.
pub const NOT_A_BATCH: u16 = 430;
/// The Bundle has more entries than the server takes at once.
pub const TOO_MANY_ENTRIES: u16 = 431;
/// An entry has no `request`, or one without method or url.
pub const ENTRY_WITHOUT_REQUEST: u16 = 432;
/// An entry's method is not one of FHIR's, or not supported.
pub const ENTRY_METHOD: u16 = 433;
/// An entry's url does not name what its method works on.
pub const ENTRY_URL: u16 = 434;
/// An entry that writes has no resource, or one that does not write has one.
pub const ENTRY_RESOURCE: u16 = 435;
/// Two entries have the same `fullUrl`.
pub const DUPLICATE_FULL_URL: u16 = 436;
/// Two entries of a transaction write the same resource.
pub const DUPLICATE_TARGET: u16 = 437;
/// A transaction lost against others again and again.
pub const TRANSACTION_CONTENDED: u16 = 438;
/// A parameter of a history is unknown or malformed.
pub const HISTORY_PARAMETER: u16 = 440;
/// There is no operation of this name, or not at this place.
pub const UNKNOWN_OPERATION: u16 = 441;
/// An operation has no parameter of this name.
pub const UNKNOWN_OPERATION_PARAMETER: u16 = 442;
/// A parameter that an operation needs is missing.
pub const OPERATION_PARAMETER_MISSING: u16 = 443;
/// A parameter of an operation is of the wrong type, or not written as its type wants it.
pub const BAD_OPERATION_PARAMETER: u16 = 444;
/// A parameter of an operation is there more often than it may be.
pub const OPERATION_PARAMETER_REPEATED: u16 = 445;
/// The body of an operation is neither Parameters nor the one resource that it takes.
pub const OPERATION_BODY: u16 = 446;
/// An operation would look at more, answer more or take longer than is allowed.
pub const OPERATION_TOO_LARGE: u16 = 447;
/// An operation that changes something, or needs a body, was asked for by GET.
pub const OPERATION_METHOD: u16 = 448;
/// An operation did what was asked, and found nothing wrong with the resource.
pub const VALIDATED: u16 = 449;
/// The server does not do this yet.
pub const NOT_SUPPORTED: u16 = 450;
/// The patient has no list for the purpose that was asked for.
pub const NO_SUCH_LIST: u16 = 453;
/// There is no such GraphDefinition, or it cannot be followed from here.
pub const GRAPH: u16 = 454;
/// A closure table is not there, its name or version is none that it may have, or another resource has its place.
pub const CLOSURE: u16 = 458;
/// An operation on a conformance resource names none, or one that is not there.
pub const NO_DEFINITION: u16 = 459;
/// An identifier of a naming system is not known, is that of several, or has no other form of the kind that is asked for.
pub const NAMING_SYSTEM: u16 = 468;
/// A client needs what a server cannot do, by their CapabilityStatements.
pub const NOT_IMPLEMENTED: u16 = 469;
/// The settings let no client remove resources for good.
pub const ERASE_OFF: u16 = 455;
/// Resources were removed for good: how many.
pub const ERASED: u16 = 456;
/// Some of what should be removed for good is left for another call.
pub const ERASE_INCOMPLETE: u16 = 457;
/// More resources would be included with a search than are sent at once: some were left out.
pub const INCLUDES_TRUNCATED: u16 = 452;
/// A conditional update matches nothing, and the id that its resource brings is another resource's.
pub const CONDITION_ID_TAKEN: u16 = 460;
/// A conditional update matches a resource with another id than the one it brings.
pub const CONDITION_OTHER_ID: u16 = 461;
/// A conditional delete matches more resources than may be deleted at once.
pub const TOO_MANY_MATCHES: u16 = 462;
/// `_summary` or `_elements` has no meaning here, or a value that is none.
pub const BAD_SELECTION: u16 = 463;
/// An entry of a transaction reads what does not exist when it is done.
pub const READ_OF_NOTHING: u16 = 464;
/// The request was done, and there is nothing to remark.
pub const ALL_WELL: u16 = 465;
/// How a search was answered, because `_explain` asks for it.
pub const EXPLANATION: u16 = 466;
/// A search for contained resources has more pages, or only a total: both count the resources around them.
pub const CONTAINED_PAGES: u16 = 473;
/// A search asks for words, and some resources have more words than are indexed: they may be missing in the answer.
pub const WORDS_LEFT_OUT: u16 = 474;
/// The header X-Provenance has something else than a Provenance without a target.
pub const STATED_PROVENANCE: u16 = 470;
/// A condition of an entry has no meaning with its method.
pub const ENTRY_CONDITION: u16 = 471;
/// An entry of a batch refers to another one of its entries.
pub const BATCH_REFERENCE: u16 = 472;
/// A patch changes the type or the id of the resource.
pub const PATCH_IDENTITY: u16 = 480;
/// The resource of a Bundle's PATCH entry is no patch that the server reads.
pub const PATCH_FORMAT: u16 = 481;
/// No resource matches the criteria of a conditional request.
pub const NO_MATCH: u16 = 482;
/// `_asOf` stands where no past state can be asked about.
pub const AS_OF_MISPLACED: u16 = 490;
/// `_asOf` names no moment, or none that is past.
pub const AS_OF_MOMENT: u16 = 491;
/// A cursor of a GraphQL connection is none that the server gave.
pub const BAD_CURSOR: u16 = 494;
/// An active SearchParameter of a tenant that defines none for the server.
pub const PARAMETER_OF_ANOTHER_TENANT: u16 = 475;
/// A search parameter that came in lately is being indexed, and a search by it took longer to wait for that than it may.
pub const INDEXING: u16 = 467;
/// A legal hold keeps what was to be removed for good.
pub const LEGAL_HOLD: u16 = 495;
/// What was to be removed for good has to be kept for some time yet.
pub const RETAINED: u16 = 496;
/// The keys of what was to be removed for good failed.
pub const KEYS_FAILED: u16 = 497;
/// What is written belongs to a record that was removed for good.
pub const RECORD_ERASED: u16 = 498;
