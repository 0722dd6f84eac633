//! Making folders, and giving, changing and taking away names.

use std::ffi::{c_char, c_int, c_uint};

use saboteur::record::{Operation, Record};

use crate::kernel;
use crate::watch;

/// A path, as functions are given it: a folder's number, and a text that ends with a zero byte.
type Path = (c_int, *const c_char);

const HERE: c_int = libc::AT_FDCWD;

/// Does what changes names, and records it when it went well.
///
/// # Safety
/// Both paths end with a zero byte.
unsafe fn change(from: Path, to: Path, record: impl FnOnce(String, String) -> Record, act: impl FnOnce() -> c_int) -> c_int {
    let Some(mut watch) = watch::watch() else { return act() };
    // SAFETY: the caller's promise.
    let inside = unsafe { watch.inside(from.0, from.1).zip(watch.inside(to.0, to.1)) };
    let Some((from, to)) = inside else { return act() };
    if watch.faults.strikes(Operation::Name, &to) {
        watch.record(&Record::Failed { operation: Operation::Name, path: to });
        return kernel::fail(libc::EIO);
    }
    let done = act();
    if done == 0 {
        watch.record(&record(from, to));
    }
    done
}

/// # Safety
/// As for `renameat` in C: both paths end with a zero byte.
unsafe fn rename_by(from: Path, to: Path, flags: c_uint) -> c_int {
    // SAFETY: the caller's promise, handed on.
    unsafe { change(from, to, |from, to| Record::Renamed { from, to }, || kernel::rename(from.0, from.1, to.0, to.1, flags)) }
}

/// # Safety
/// As for `linkat` in C: both paths end with a zero byte.
unsafe fn link_by(from: Path, to: Path, flags: c_int) -> c_int {
    // SAFETY: the caller's promise, handed on.
    unsafe { change(from, to, |from, to| Record::Linked { from, to }, || kernel::link(from.0, from.1, to.0, to.1, flags)) }
}

/// # Safety
/// As for `unlinkat` in C: the path ends with a zero byte.
unsafe fn remove(path: Path, flags: c_int) -> c_int {
    let is_wanted = flags & libc::AT_REMOVEDIR == 0 && watch::watch().is_some_and(|watch| watch.faults.may_be_full());
    // SAFETY: the caller's promise, handed on.
    let length = if is_wanted { unsafe { kernel::length(path.0, path.1) } } else { None };
    let mut name = None;
    let mut removed = |path: String| {
        name = Some(path.clone());
        Record::Removed { path }
    };
    // SAFETY: the same.
    let done = unsafe { change(path, path, |path, _| removed(path), || kernel::unlink(path.0, path.1, flags)) };
    if let (Some(name), Some(length), Some(mut watch)) = (name, length, watch::watch()) {
        watch.faults.give_back(&name, length, 0);
    }
    done
}

/// # Safety
/// As for `mkdirat` in C: the path ends with a zero byte.
unsafe fn make_folder(path: Path, mode: libc::mode_t) -> c_int {
    // SAFETY: the caller's promise, handed on.
    unsafe { change(path, path, |path, _| Record::FolderMade { path }, || kernel::make_folder(path.0, path.1, mode)) }
}

/// Declares functions of paths, each by what it does.
macro_rules! names {
    ($($name:ident($($parameter:ident: $type:ty),*) = $act:expr;)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $name($($parameter: $type),*) -> c_int {
            // SAFETY: whoever calls it in C promises paths that end with a zero byte.
            unsafe { $act }
        }
    )*};
}

names! {
    rename(from: *const c_char, to: *const c_char) = rename_by((HERE, from), (HERE, to), 0);
    renameat(old: c_int, from: *const c_char, new: c_int, to: *const c_char) = rename_by((old, from), (new, to), 0);
    renameat2(old: c_int, from: *const c_char, new: c_int, to: *const c_char, flags: c_uint) = rename_by((old, from), (new, to), flags);
    link(from: *const c_char, to: *const c_char) = link_by((HERE, from), (HERE, to), 0);
    linkat(old: c_int, from: *const c_char, new: c_int, to: *const c_char, flags: c_int) = link_by((old, from), (new, to), flags);
    unlink(path: *const c_char) = remove((HERE, path), 0);
    rmdir(path: *const c_char) = remove((HERE, path), libc::AT_REMOVEDIR);
    unlinkat(folder: c_int, path: *const c_char, flags: c_int) = remove((folder, path), flags);
    mkdir(path: *const c_char, mode: libc::mode_t) = make_folder((HERE, path), mode);
    mkdirat(folder: c_int, path: *const c_char, mode: libc::mode_t) = make_folder((folder, path), mode);
}
