//! The VFS: SQLite's way to files, which is the system's own but for what [`mod@file`] does to reads and writes.
//!
//! What is here is pointers and calls handed on; what a page is and when it is whole is said elsewhere, in safe code.

mod file;

use std::ffi::{CStr, OsStr, c_char, c_int};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;
use std::sync::OnceLock;

use rusqlite::ffi::{self, sqlite3_file, sqlite3_vfs};

use crate::shape::Kind;
use crate::treatment::{self, Call, Verdict};
use file::{OpenFile, Opened};

/// The name under which SQLite knows the VFS.
const NAME: &CStr = c"sealed";

/// The name of the VFS, which is registered the first time.
pub(crate) fn name() -> rusqlite::Result<&'static CStr> {
    static REGISTERED: OnceLock<c_int> = OnceLock::new();
    match *REGISTERED.get_or_init(register) {
        ffi::SQLITE_OK => Ok(NAME),
        code => Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)),
    }
}

fn register() -> c_int {
    // SAFETY: SQLite initialises itself on the first call; a null name asks for the default VFS, which lives as long as the process.
    let below = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
    if below.is_null() {
        return ffi::SQLITE_ERROR;
    }
    // SAFETY: `below` was just found, and nobody writes to a registered VFS's functions and sizes.
    let (system, own) = (unsafe { &*below }, size_of::<OpenFile>() as c_int);
    // It is never unregistered, so that it has to live for ever.
    let vfs = Box::leak(Box::new(sqlite3_vfs {
        iVersion: 2,
        szOsFile: own + system.szOsFile,
        mxPathname: system.mxPathname,
        pNext: ptr::null_mut(),
        zName: NAME.as_ptr(),
        pAppData: below.cast(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_path_name),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: Some(last_error),
        xCurrentTimeInt64: Some(current_time_int64),
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    }));
    // SAFETY: the VFS is complete and lives for ever.
    unsafe { ffi::sqlite3_vfs_register(vfs, 0) }
}

/// The system's VFS.
///
/// # Safety
/// `vfs` is the one that [`register`] has made.
unsafe fn below(vfs: *mut sqlite3_vfs) -> *mut sqlite3_vfs {
    // SAFETY: the VFS lives for ever, and `register` has put the system's there.
    unsafe { (*vfs).pAppData.cast() }
}

/// The path of a file; that of a temporary one, which has no name, is empty.
///
/// # Safety
/// `name` is null, or a C string that lives as long as the path is used.
unsafe fn path<'a>(name: *const c_char) -> &'a Path {
    if name.is_null() {
        return Path::new("");
    }
    // SAFETY: as above.
    Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()))
}

/// Hands a function of the VFS on to the system's. SQLite gives `vfs` as [`register`] has made it, and the other arguments as the system's
/// function wants them.
macro_rules! hand_on {
    ($name:ident => $method:ident($($argument:ident: $kind:ty),*)) => {
        unsafe extern "C" fn $name(vfs: *mut sqlite3_vfs, $($argument: $kind),*) -> c_int {
            // SAFETY: SQLite calls this with the VFS of `register` and with arguments that suit the system's function.
            unsafe {
                let below = below(vfs);
                (*below).$method.map_or(ffi::SQLITE_ERROR, |method| method(below, $($argument),*))
            }
        }
    };
}

hand_on!(access => xAccess(name: *const c_char, flags: c_int, out: *mut c_int));
hand_on!(full_path_name => xFullPathname(name: *const c_char, bytes: c_int, out: *mut c_char));
hand_on!(randomness => xRandomness(bytes: c_int, out: *mut c_char));
hand_on!(sleep => xSleep(microseconds: c_int));
hand_on!(current_time => xCurrentTime(out: *mut f64));
hand_on!(last_error => xGetLastError(bytes: c_int, out: *mut c_char));
hand_on!(current_time_int64 => xCurrentTimeInt64(out: *mut i64));

unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    // SAFETY: SQLite gives the name as a C string for the time of the call.
    let path = unsafe { path(name) };
    let verdict = treatment::of(path).watch.map_or(Verdict::Proceed, |watch| watch.before(path, Call::Delete));
    match verdict {
        Verdict::Proceed => {}
        Verdict::Pretend => return ffi::SQLITE_OK,
        Verdict::Fail | Verdict::Full(_) => return ffi::SQLITE_IOERR_DELETE,
    }
    // SAFETY: as in `hand_on`.
    unsafe {
        let below = below(vfs);
        (*below).xDelete.map_or(ffi::SQLITE_ERROR, |delete| delete(below, name, sync_folder))
    }
}

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: *const c_char,
    out: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let own: *mut OpenFile = out.cast();
    // SAFETY: SQLite gives the name as a C string, or null, for the time of the call.
    let path = unsafe { path(name) };
    let treatment = treatment::of(path);
    let verdict = treatment.watch.as_ref().map_or(Verdict::Proceed, |watch| watch.before(path, Call::Open));
    // SAFETY: SQLite gives room for `szOsFile` bytes: an `OpenFile`, and behind it the system's file, whose alignment is that of pointers, as
    // is the size of `OpenFile`. A file without methods is not closed by SQLite, so that it has none until it is open.
    let code = unsafe {
        (*own).forget();
        if verdict != Verdict::Proceed {
            return ffi::SQLITE_CANTOPEN;
        }
        let (system, file) = (below(vfs), OpenFile::below(own));
        (*file).pMethods = ptr::null();
        match (*system).xOpen {
            Some(open) => open(system, name, file, flags, out_flags),
            None => ffi::SQLITE_CANTOPEN,
        }
    };
    let kind = match flags {
        flags if flags & ffi::SQLITE_OPEN_MAIN_DB != 0 => Kind::Main,
        flags if flags & ffi::SQLITE_OPEN_WAL != 0 => Kind::Log,
        _ => Kind::Other,
    };
    // SAFETY: `own` is as above. The system has opened its file if that has methods.
    unsafe {
        if !(*OpenFile::below(own)).pMethods.is_null() {
            (*own).set(Opened { kind, path: path.to_owned(), treatment });
        }
    }
    code
}
