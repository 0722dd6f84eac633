//! `open` and its kin, `close`, and what makes a second number for an open file.
//!
//! `open` and `fcntl` take a parameter more or less in C. On 64-bit Linux it is handed over in the same register as a parameter that is
//! always there, so that it can be declared as one: what is in it when the caller has left it out is not used.

use std::ffi::{c_char, c_int, c_long};

use saboteur::record::{Operation, Record};

use crate::kernel;
use crate::watch::{self, Opened};

/// # Safety
/// As for `openat` in C: `path` ends with a zero byte.
unsafe fn open_at(folder: c_int, path: *const c_char, flags: c_int, mode: libc::mode_t) -> c_int {
    let watch = watch::watch();
    // SAFETY: the path is the caller's, who promises that it ends with a zero byte.
    let inside = watch.and_then(|watch| unsafe { watch.inside(folder, path) }.map(|path| (watch, path)));
    let Some((mut watch, name)) = inside else {
        // SAFETY: as above.
        return unsafe { kernel::open(folder, path, flags, mode) };
    };
    if watch.faults.strikes(Operation::Open, &name) {
        watch.record(&Record::Failed { operation: Operation::Open, path: name });
        return kernel::fail(libc::EIO);
    }
    // SAFETY: as above.
    let existed = flags & libc::O_CREAT == 0 || unsafe { kernel::exists(folder, path) };
    // SAFETY: as above.
    let fd = unsafe { kernel::open(folder, path, flags, mode) };
    let Some(status) = (fd >= 0).then(|| kernel::status(fd)).flatten() else { return fd };
    let is_folder = status.kind == libc::S_IFDIR;
    if is_folder || status.kind == libc::S_IFREG {
        watch.keep(fd, Opened { inode: status.inode, path: name.clone(), is_folder });
    }
    if status.kind == libc::S_IFREG {
        watch.record(&Record::Opened { inode: status.inode, path: name, created: !existed, emptied: flags & libc::O_TRUNC != 0 });
    }
    fd
}

/// Declares functions that open, each by what it hands to [`open_at`].
macro_rules! opens {
    ($($name:ident($($parameter:ident: $type:ty),*) = $folder:expr, $path:expr, $flags:expr, $mode:expr;)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name($($parameter: $type),*) -> c_int {
            // SAFETY: whoever calls it in C promises a path that ends with a zero byte.
            unsafe { open_at($folder, $path, $flags, $mode) }
        }
    )*};
}

opens! {
    open(path: *const c_char, flags: c_int, mode: libc::mode_t) = libc::AT_FDCWD, path, flags, mode;
    open64(path: *const c_char, flags: c_int, mode: libc::mode_t) = libc::AT_FDCWD, path, flags, mode;
    openat(folder: c_int, path: *const c_char, flags: c_int, mode: libc::mode_t) = folder, path, flags, mode;
    openat64(folder: c_int, path: *const c_char, flags: c_int, mode: libc::mode_t) = folder, path, flags, mode;
    creat(path: *const c_char, mode: libc::mode_t) = libc::AT_FDCWD, path, libc::O_CREAT | libc::O_WRONLY | libc::O_TRUNC, mode;
    creat64(path: *const c_char, mode: libc::mode_t) = libc::AT_FDCWD, path, libc::O_CREAT | libc::O_WRONLY | libc::O_TRUNC, mode;
}

#[unsafe(no_mangle)]
extern "C" fn close(fd: c_int) -> c_int {
    // The number may be given again as soon as it is closed: so that nobody comes between, the lock is held until it is.
    let mut watch = watch::is_ours(fd).then(watch::watch).flatten();
    if let Some(watch) = &mut watch {
        watch.forget(fd);
    }
    kernel::close(fd)
}

/// A second number for an open file.
fn second(fd: c_int, make: impl FnOnce() -> c_int) -> c_int {
    let Some((mut watch, opened)) = watch::opened(fd) else { return make() };
    let new = make();
    if new >= 0 {
        watch.keep(new, opened);
    }
    new
}

#[unsafe(no_mangle)]
extern "C" fn dup(fd: c_int) -> c_int {
    second(fd, || kernel::call(libc::SYS_dup, [fd.into(), 0, 0]) as c_int)
}

#[unsafe(no_mangle)]
extern "C" fn dup2(fd: c_int, new: c_int) -> c_int {
    if fd == new { kernel::call(libc::SYS_fcntl, [fd.into(), libc::F_GETFD.into(), 0]).min(0) as c_int | fd } else { dup3(fd, new, 0) }
}

#[unsafe(no_mangle)]
extern "C" fn dup3(fd: c_int, new: c_int, flags: c_int) -> c_int {
    if let Some(mut watch) = watch::is_ours(new).then(watch::watch).flatten() {
        watch.forget(new);
    }
    second(fd, || kernel::call(libc::SYS_dup3, [fd.into(), new.into(), flags.into()]) as c_int)
}

#[unsafe(no_mangle)]
extern "C" fn fcntl(fd: c_int, command: c_int, parameter: c_long) -> c_int {
    // What the parameter is, the command says; a pointer stays what it is on its way to the kernel.
    let make = || kernel::call(libc::SYS_fcntl, [fd.into(), command.into(), parameter]) as c_int;
    match command {
        libc::F_DUPFD | libc::F_DUPFD_CLOEXEC => second(fd, make),
        _ => make(),
    }
}

#[unsafe(no_mangle)]
extern "C" fn fcntl64(fd: c_int, command: c_int, parameter: c_long) -> c_int {
    fcntl(fd, command, parameter)
}
