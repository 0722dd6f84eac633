//! Reading and writing files, and changing their lengths.

use std::ffi::{c_int, c_void};

use libc::{iovec, off_t, size_t, ssize_t};
use saboteur::record::{Operation, Record};

use crate::kernel;
use crate::watch;

/// Where the next write of an open file goes.
fn position(fd: c_int, length: u64) -> u64 {
    let flags = kernel::call(libc::SYS_fcntl, [fd.into(), libc::F_GETFL.into(), 0]);
    if flags & i64::from(libc::O_APPEND) != 0 {
        return length;
    }
    kernel::call(libc::SYS_lseek, [fd.into(), 0, libc::SEEK_CUR.into()]).unsigned_abs()
}

/// # Safety
/// As for `pwrite` in C: `count` bytes can be read from `from`.
unsafe fn write_at(fd: c_int, from: *const u8, count: size_t, at: Option<off_t>) -> ssize_t {
    let file = watch::opened(fd).filter(|(_, file)| !file.is_folder).zip(kernel::status(fd));
    let Some(((mut watch, file), status)) = file else {
        // SAFETY: the caller's promise.
        return unsafe { kernel::write(fd, from, count, at) };
    };
    if watch.faults.strikes(Operation::Write, &file.path) {
        watch.record(&Record::Failed { operation: Operation::Write, path: file.path });
        return kernel::fail(libc::EIO) as ssize_t;
    }
    let place = at.map_or_else(|| position(fd, status.length), i64::unsigned_abs);
    let room = watch.faults.room(&file.path, status.length, place, count);
    if room == 0 && count > 0 {
        return kernel::fail(libc::ENOSPC) as ssize_t;
    }
    // SAFETY: the caller's promise; there is never more room than was asked for.
    let written = unsafe { kernel::write(fd, from, room, at) };
    if let Ok(count @ 1..) = usize::try_from(written) {
        // SAFETY: the caller's promise, of which the kernel has just made use.
        let bytes = unsafe { std::slice::from_raw_parts(from, count) }.to_vec();
        watch.record(&Record::Written { inode: status.inode, at: place, bytes });
    }
    written
}

#[unsafe(no_mangle)]
unsafe extern "C" fn write(fd: c_int, from: *const c_void, count: size_t) -> ssize_t {
    // SAFETY: whoever calls it in C promises that there are as many bytes.
    unsafe { write_at(fd, from.cast(), count, None) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pwrite(fd: c_int, from: *const c_void, count: size_t, at: off_t) -> ssize_t {
    // SAFETY: whoever calls it in C promises that there are as many bytes.
    unsafe { write_at(fd, from.cast(), count, Some(at)) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pwrite64(fd: c_int, from: *const c_void, count: size_t, at: off_t) -> ssize_t {
    // SAFETY: whoever calls it in C promises that there are as many bytes.
    unsafe { write_at(fd, from.cast(), count, Some(at)) }
}

/// The bytes of several parts, one after another.
///
/// # Safety
/// As for `writev` in C: `parts` points to `count` parts, each of which can be read.
unsafe fn joined(parts: *const iovec, count: c_int) -> Vec<u8> {
    // SAFETY: the caller's promise.
    let parts = unsafe { std::slice::from_raw_parts(parts, usize::try_from(count).unwrap_or(0)) };
    // SAFETY: the same, for each part; one without bytes may point to nowhere, and is left out.
    let bytes = |part: &iovec| unsafe { std::slice::from_raw_parts(part.iov_base.cast::<u8>(), part.iov_len) };
    parts.iter().filter(|part| part.iov_len > 0).flat_map(bytes).copied().collect()
}

#[unsafe(no_mangle)]
unsafe extern "C" fn writev(fd: c_int, parts: *const iovec, count: c_int) -> ssize_t {
    if !watch::is_ours(fd) {
        // SAFETY: whoever calls it in C promises what the kernel needs.
        return unsafe { kernel::write_parts(fd, parts, count) };
    }
    // SAFETY: whoever calls it in C promises readable parts.
    let bytes = unsafe { joined(parts, count) };
    // SAFETY: the bytes are there.
    unsafe { write_at(fd, bytes.as_ptr(), bytes.len(), None) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pwritev(fd: c_int, parts: *const iovec, count: c_int, at: off_t) -> ssize_t {
    // SAFETY: whoever calls it in C promises readable parts.
    let bytes = unsafe { joined(parts, count) };
    // SAFETY: the bytes are there.
    unsafe { write_at(fd, bytes.as_ptr(), bytes.len(), Some(at)) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pwritev64(fd: c_int, parts: *const iovec, count: c_int, at: off_t) -> ssize_t {
    // SAFETY: the parameters are the same.
    unsafe { pwritev(fd, parts, count, at) }
}

/// # Safety
/// As for `pread` in C: `count` bytes can be written to `to`.
unsafe fn read_at(fd: c_int, to: *mut u8, count: size_t, at: Option<off_t>) -> ssize_t {
    if let Some((mut watch, file)) = watch::opened(fd).filter(|(_, file)| !file.is_folder) {
        if watch.faults.strikes(Operation::Read, &file.path) {
            watch.record(&Record::Failed { operation: Operation::Read, path: file.path });
            return kernel::fail(libc::EIO) as ssize_t;
        }
        watch.record(&Record::Read { inode: file.inode });
    }
    // SAFETY: the caller's promise.
    unsafe { kernel::read(fd, to, count, at) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn read(fd: c_int, to: *mut c_void, count: size_t) -> ssize_t {
    // SAFETY: whoever calls it in C promises that there is as much room.
    unsafe { read_at(fd, to.cast(), count, None) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pread(fd: c_int, to: *mut c_void, count: size_t, at: off_t) -> ssize_t {
    // SAFETY: whoever calls it in C promises that there is as much room.
    unsafe { read_at(fd, to.cast(), count, Some(at)) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pread64(fd: c_int, to: *mut c_void, count: size_t, at: off_t) -> ssize_t {
    // SAFETY: whoever calls it in C promises that there is as much room.
    unsafe { read_at(fd, to.cast(), count, Some(at)) }
}

#[unsafe(no_mangle)]
extern "C" fn ftruncate(fd: c_int, length: off_t) -> c_int {
    let resize = || kernel::call(libc::SYS_ftruncate, [fd.into(), length, 0]) as c_int;
    let Some(((mut watch, file), status)) = watch::opened(fd).zip(kernel::status(fd)) else { return resize() };
    if watch.faults.strikes(Operation::Truncate, &file.path) {
        watch.record(&Record::Failed { operation: Operation::Truncate, path: file.path });
        return kernel::fail(libc::EIO);
    }
    let done = resize();
    if done == 0 {
        watch.faults.give_back(&file.path, status.length, length.unsigned_abs());
        watch.record(&Record::Resized { inode: file.inode, length: length.unsigned_abs() });
    }
    done
}

#[unsafe(no_mangle)]
extern "C" fn ftruncate64(fd: c_int, length: off_t) -> c_int {
    ftruncate(fd, length)
}

/// Space that is set aside is not followed: callers go on without it.
#[unsafe(no_mangle)]
extern "C" fn fallocate(fd: c_int, mode: c_int, at: off_t, count: off_t) -> c_int {
    if watch::is_ours(fd) {
        return kernel::fail(libc::EOPNOTSUPP);
    }
    // SAFETY: no memory is involved.
    unsafe { libc::syscall(libc::SYS_fallocate, fd, mode, at, count) as c_int }
}

/// A copy within the kernel would not be seen: callers read and write instead.
#[unsafe(no_mangle)]
unsafe extern "C" fn copy_file_range(from: c_int, at: *mut off_t, to: c_int, to_at: *mut off_t, count: size_t, flags: u32) -> ssize_t {
    if watch::is_ours(to) {
        return kernel::fail(libc::EINVAL) as ssize_t;
    }
    // SAFETY: whoever calls it in C promises what the kernel needs.
    unsafe { libc::syscall(libc::SYS_copy_file_range, from, at, to, to_at, count, flags) as ssize_t }
}

/// The same.
#[unsafe(no_mangle)]
unsafe extern "C" fn sendfile64(to: c_int, from: c_int, at: *mut off_t, count: size_t) -> ssize_t {
    if watch::is_ours(to) {
        return kernel::fail(libc::EINVAL) as ssize_t;
    }
    // SAFETY: whoever calls it in C promises what the kernel needs.
    unsafe { libc::syscall(libc::SYS_sendfile, to, from, at, count) as ssize_t }
}
