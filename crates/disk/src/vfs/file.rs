//! An open file: the system's, with pages sealed on their way down and verified on their way up.

use std::ffi::{c_int, c_void};
use std::path::PathBuf;
use std::ptr;

use rusqlite::ffi::{self, sqlite3_file, sqlite3_io_methods};

use crate::page;
use crate::shape::{self, Kind, Part};
use crate::treatment::{Call, Treatment, Verdict};

/// An open file as SQLite knows it. Behind it in memory is the system's.
#[repr(C)]
pub(super) struct OpenFile {
    /// What SQLite reads: it comes first.
    base: sqlite3_file,
    /// A box of this file's own; null when it is not open.
    opened: *mut Opened,
}

/// What is known of an open file.
pub(super) struct Opened {
    pub(super) kind: Kind,
    pub(super) path: PathBuf,
    pub(super) treatment: Treatment,
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    // The third version would let SQLite read a mapped file, past all checks.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

impl OpenFile {
    /// Makes it a file that is not open, whatever was in its memory.
    pub(super) fn forget(&mut self) {
        self.base.pMethods = ptr::null();
        self.opened = ptr::null_mut();
    }

    /// Makes it an open file.
    pub(super) fn set(&mut self, opened: Opened) {
        self.opened = Box::into_raw(Box::new(opened));
        self.base.pMethods = &raw const METHODS;
    }

    /// The system's file.
    ///
    /// # Safety
    /// `own` points to an `OpenFile` with the system's file behind it.
    pub(super) unsafe fn below(own: *mut Self) -> *mut sqlite3_file {
        // SAFETY: SQLite gave as much room as the VFS asked for, that is for both.
        unsafe { own.add(1).cast() }
    }
}

/// The parts of an open file.
///
/// # Safety
/// `file` is one that SQLite has from this VFS and has not closed, and the reference is gone when the method returns.
unsafe fn parts<'a>(file: *mut sqlite3_file) -> (&'a Opened, *mut sqlite3_file) {
    let own: *mut OpenFile = file.cast();
    // SAFETY: SQLite calls the methods of a file only between its opening, which has put a box there, and its closing; `Opened` never changes.
    unsafe { (&*(*own).opened, OpenFile::below(own)) }
}

/// Calls a method of the system's file.
///
/// # Safety
/// The file is open, and the arguments are what the method wants.
macro_rules! call {
    ($below:expr, $method:ident($($argument:expr),*)) => {
        (*(*$below).pMethods).$method.map_or(ffi::SQLITE_IOERR, |method| method($below, $($argument),*))
    };
}

impl Opened {
    fn verdict(&self, call: Call<'_>) -> Verdict {
        self.treatment.watch.as_ref().map_or(Verdict::Proceed, |watch| watch.before(&self.path, call))
    }

    /// Judges what was read, and takes the checksum out of it.
    fn received(&self, bytes: &mut [u8], offset: u64, code: c_int) -> c_int {
        let is_nothing = code == ffi::SQLITE_IOERR_SHORT_READ && offset == 0;
        match shape::part(self.kind, offset, bytes.len()) {
            // An empty file is read so by SQLite, to learn that it is empty; no page behind the first is ever missing.
            Part::Page if self.kind == Kind::Main && code == ffi::SQLITE_IOERR_SHORT_READ && !is_nothing && self.treatment.verifies => {
                ffi::SQLITE_IOERR_DATA
            }
            Part::Page if code == ffi::SQLITE_OK => {
                if self.treatment.verifies && !page::is_sound(bytes, offset) {
                    return ffi::SQLITE_IOERR_DATA;
                }
                page::unseal(bytes);
                code
            }
            Part::Frame if code == ffi::SQLITE_OK => {
                // To SQLite, a frame is whole of which a power loss took nothing but the checksum of its page, which nobody could read then. Zeros are no frame.
                if self.treatment.verifies && !shape::holds_sound_page(bytes, offset) {
                    bytes.fill(0);
                }
                page::unseal(bytes);
                code
            }
            Part::Foreign if self.kind == Kind::Main => ffi::SQLITE_IOERR_DATA,
            _ => code,
        }
    }
}

unsafe extern "C" fn read(file: *mut sqlite3_file, out: *mut c_void, count: c_int, offset: i64) -> c_int {
    // SAFETY: SQLite reads open files, into `count` bytes of its own.
    let (opened, below, bytes) = unsafe {
        let (opened, below) = parts(file);
        // The system's file fills them; until then they may never have been written.
        ptr::write_bytes(out.cast::<u8>(), 0, count as usize);
        (opened, below, std::slice::from_raw_parts_mut(out.cast::<u8>(), count as usize))
    };
    if opened.verdict(Call::Read { offset: offset as u64, bytes: count as usize }) != Verdict::Proceed {
        return ffi::SQLITE_IOERR_READ;
    }
    // SAFETY: as above.
    let code = unsafe { call!(below, xRead(bytes.as_mut_ptr().cast(), count, offset)) };
    opened.received(bytes, offset as u64, code)
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, count: c_int, offset: i64) -> c_int {
    // SAFETY: SQLite writes to open files, and gives `count` bytes that nobody changes meanwhile.
    let (opened, below, bytes) = unsafe {
        let (opened, below) = parts(file);
        (opened, below, std::slice::from_raw_parts(from.cast::<u8>(), count as usize))
    };
    let sealed = match shape::part(opened.kind, offset as u64, bytes.len()) {
        Part::Page => match page::sealed(bytes, offset as u64) {
            Some(page) => Some(page),
            None => return ffi::SQLITE_IOERR_WRITE,
        },
        Part::Frame | Part::Foreign => return ffi::SQLITE_IOERR_WRITE,
        Part::Header => None,
    };
    let bytes = sealed.as_ref().map_or(bytes, |page| &page[..]);
    let (count, after) = match opened.verdict(Call::Write { offset: offset as u64, bytes }) {
        Verdict::Proceed => (bytes.len(), ffi::SQLITE_OK),
        Verdict::Pretend => return ffi::SQLITE_OK,
        Verdict::Fail => return ffi::SQLITE_IOERR_WRITE,
        Verdict::Full(count) => (count.min(bytes.len()), ffi::SQLITE_FULL),
    };
    // SAFETY: as above; `count` is at most the length of `bytes`.
    let code = unsafe { call!(below, xWrite(bytes.as_ptr().cast(), count as c_int, offset)) };
    if code == ffi::SQLITE_OK { after } else { code }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: i64) -> c_int {
    // SAFETY: SQLite truncates open files.
    let (opened, below) = unsafe { parts(file) };
    match opened.verdict(Call::Truncate { size: size as u64 }) {
        // SAFETY: as above.
        Verdict::Proceed => unsafe { call!(below, xTruncate(size)) },
        Verdict::Pretend => ffi::SQLITE_OK,
        Verdict::Fail | Verdict::Full(_) => ffi::SQLITE_IOERR_TRUNCATE,
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: SQLite syncs open files.
    let (opened, below) = unsafe { parts(file) };
    match opened.verdict(Call::Sync) {
        // SAFETY: as above.
        Verdict::Proceed => unsafe { call!(below, xSync(flags)) },
        Verdict::Pretend => ffi::SQLITE_OK,
        Verdict::Fail | Verdict::Full(_) => ffi::SQLITE_IOERR_FSYNC,
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let own: *mut OpenFile = file.cast();
    // SAFETY: SQLite closes an open file once, and uses it no more; the box was made by `set`.
    unsafe {
        let code = call!(OpenFile::below(own), xClose());
        drop(Box::from_raw((*own).opened));
        (*own).forget();
        code
    }
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite asks open files.
    let all = unsafe { call!(parts(file).1, xDeviceCharacteristics()) };
    // A part of a page has no checksum.
    all & !ffi::SQLITE_IOCAP_SUBPAGE_READ
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: SQLite calls it for open files.
    unsafe {
        let (_, below) = parts(file);
        if let Some(barrier) = (*(*below).pMethods).xShmBarrier {
            barrier(below);
        }
    }
}

/// Hands a method on to the system's file.
macro_rules! hand_on {
    ($($name:ident => $method:ident($($argument:ident: $kind:ty),*);)*) => {
        $(unsafe extern "C" fn $name(file: *mut sqlite3_file, $($argument: $kind),*) -> c_int {
            // SAFETY: SQLite calls it for open files, with arguments that suit the system's method.
            unsafe { call!(parts(file).1, $method($($argument),*)) }
        })*
    };
}

hand_on! {
    file_size => xFileSize(out: *mut i64);
    lock => xLock(level: c_int);
    unlock => xUnlock(level: c_int);
    check_reserved_lock => xCheckReservedLock(out: *mut c_int);
    file_control => xFileControl(operation: c_int, argument: *mut c_void);
    sector_size => xSectorSize();
    shm_map => xShmMap(page: c_int, bytes: c_int, extend: c_int, out: *mut *mut c_void);
    shm_lock => xShmLock(offset: c_int, count: c_int, flags: c_int);
    shm_unmap => xShmUnmap(delete: c_int);
}
