//! The calls to the kernel. They set the thread's `errno` and give -1 when they fail, as the functions of the C library do.

use std::ffi::{CStr, CString, c_char, c_int, c_long};

use libc::{off_t, size_t, ssize_t};

/// Sets `errno`, and gives what a function gives that has failed.
pub fn fail(error: c_int) -> c_int {
    // SAFETY: the C library gives each thread a place for its `errno`, valid as long as the thread is.
    unsafe { *libc::__errno_location() = error };
    -1
}

/// `openat`.
///
/// # Safety
/// `path` ends with a zero byte.
pub unsafe fn open(folder: c_int, path: *const c_char, flags: c_int, mode: libc::mode_t) -> c_int {
    // SAFETY: the caller's promise is the kernel's condition.
    unsafe { libc::syscall(libc::SYS_openat, folder, path, flags, mode) as c_int }
}

/// `close`.
pub fn close(fd: c_int) -> c_int {
    // SAFETY: no memory is involved.
    unsafe { libc::syscall(libc::SYS_close, fd) as c_int }
}

/// `read`, or with a position `pread64`.
///
/// # Safety
/// `count` bytes can be written to `to`.
pub unsafe fn read(fd: c_int, to: *mut u8, count: size_t, at: Option<off_t>) -> ssize_t {
    // SAFETY: the caller's promise is the kernel's condition.
    unsafe {
        match at {
            None => libc::syscall(libc::SYS_read, fd, to, count) as ssize_t,
            Some(at) => libc::syscall(libc::SYS_pread64, fd, to, count, at) as ssize_t,
        }
    }
}

/// `write`, or with a position `pwrite64`.
///
/// # Safety
/// `count` bytes can be read from `from`; the kernel itself refuses what cannot.
pub unsafe fn write(fd: c_int, from: *const u8, count: size_t, at: Option<off_t>) -> ssize_t {
    // SAFETY: the caller's promise is the kernel's condition.
    unsafe {
        match at {
            None => libc::syscall(libc::SYS_write, fd, from, count) as ssize_t,
            Some(at) => libc::syscall(libc::SYS_pwrite64, fd, from, count, at) as ssize_t,
        }
    }
}

/// `writev`.
///
/// # Safety
/// `parts` points to `count` parts, each of which can be read.
pub unsafe fn write_parts(fd: c_int, parts: *const libc::iovec, count: c_int) -> ssize_t {
    // SAFETY: the caller's promise is the kernel's condition.
    unsafe { libc::syscall(libc::SYS_writev, fd, parts, count) as ssize_t }
}

/// A call whose parameters are numbers only.
pub fn call(number: c_long, parameters: [c_long; 3]) -> c_long {
    let [first, second, third] = parameters;
    // SAFETY: it is used for calls that are handed no memory: the callers are in this crate.
    unsafe { libc::syscall(number, first, second, third) }
}

/// `renameat2`.
///
/// # Safety
/// Both paths end with a zero byte.
pub unsafe fn rename(from_folder: c_int, from: *const c_char, to_folder: c_int, to: *const c_char, flags: u32) -> c_int {
    // SAFETY: the caller's promise is the kernel's condition.
    unsafe { libc::syscall(libc::SYS_renameat2, from_folder, from, to_folder, to, flags) as c_int }
}

/// `linkat`.
///
/// # Safety
/// Both paths end with a zero byte.
pub unsafe fn link(from_folder: c_int, from: *const c_char, to_folder: c_int, to: *const c_char, flags: c_int) -> c_int {
    // SAFETY: the caller's promise is the kernel's condition.
    unsafe { libc::syscall(libc::SYS_linkat, from_folder, from, to_folder, to, flags) as c_int }
}

/// `unlinkat`.
///
/// # Safety
/// The path ends with a zero byte.
pub unsafe fn unlink(folder: c_int, path: *const c_char, flags: c_int) -> c_int {
    // SAFETY: the caller's promise is the kernel's condition.
    unsafe { libc::syscall(libc::SYS_unlinkat, folder, path, flags) as c_int }
}

/// `mkdirat`.
///
/// # Safety
/// The path ends with a zero byte.
pub unsafe fn make_folder(folder: c_int, path: *const c_char, mode: libc::mode_t) -> c_int {
    // SAFETY: the caller's promise is the kernel's condition.
    unsafe { libc::syscall(libc::SYS_mkdirat, folder, path, mode) as c_int }
}

/// Whether there is something at a path.
///
/// # Safety
/// The path ends with a zero byte.
pub unsafe fn exists(folder: c_int, path: *const c_char) -> bool {
    // SAFETY: the caller's promise is the kernel's condition.
    unsafe { libc::syscall(libc::SYS_faccessat, folder, path, libc::F_OK) == 0 }
}

/// The length of a file; `None` when there is none.
///
/// # Safety
/// The path ends with a zero byte.
pub unsafe fn length(folder: c_int, path: *const c_char) -> Option<u64> {
    // SAFETY: the caller's promise.
    let fd = unsafe { open(folder, path, libc::O_RDONLY | libc::O_CLOEXEC, 0) };
    let length = status(fd)?.length;
    close(fd);
    Some(length)
}

/// What an open file is.
pub struct Status {
    /// Its number in the file system.
    pub inode: u64,
    /// Its kind, as `S_IFREG`.
    pub kind: libc::mode_t,
    /// Its length in bytes.
    pub length: u64,
}

/// What an open file is; `None` when it is not open.
pub fn status(fd: c_int) -> Option<Status> {
    let mut status = std::mem::MaybeUninit::<libc::stat>::zeroed();
    // SAFETY: the kernel writes a `stat` to where there is room for one; all of its bytes may be zero, so that it is valid in any case.
    let status = unsafe {
        if libc::fstat(fd, status.as_mut_ptr()) != 0 {
            return None;
        }
        status.assume_init()
    };
    Some(Status { inode: status.st_ino, kind: status.st_mode & libc::S_IFMT, length: status.st_size.unsigned_abs() })
}

/// Where a link leads; `None` when it is none, or not in UTF-8.
pub fn link_target(path: &str) -> Option<String> {
    let path = CString::new(path).ok()?;
    let mut target = vec![0_u8; 4096];
    // SAFETY: the path ends with a zero byte, and there is room for as many bytes as the kernel is told.
    let length = unsafe { libc::syscall(libc::SYS_readlinkat, libc::AT_FDCWD, path.as_ptr(), target.as_mut_ptr(), target.len()) };
    target.truncate(usize::try_from(length).ok()?);
    String::from_utf8(target).ok()
}

/// The beginning of a small file; `None` when it cannot be read.
pub fn content(path: &CStr) -> Option<String> {
    let mut bytes = vec![0_u8; 64];
    // SAFETY: the path ends with a zero byte.
    let fd = unsafe { open(libc::AT_FDCWD, path.as_ptr(), libc::O_RDONLY | libc::O_CLOEXEC, 0) };
    if fd < 0 {
        return None;
    }
    // SAFETY: there is room for as many bytes as the kernel is told.
    let count = unsafe { read(fd, bytes.as_mut_ptr(), bytes.len(), None) };
    close(fd);
    bytes.truncate(usize::try_from(count).ok()?);
    String::from_utf8(bytes).ok()
}
