//! Syncing files and folders.

use std::ffi::{c_int, c_long};

use saboteur::record::{Operation, Record};

use crate::kernel;
use crate::watch;

/// A sync, by this call. Others may write meanwhile; what is synced is what came before it began.
fn sync(fd: c_int, call: c_long) -> c_int {
    let number = match watch::opened(fd) {
        None => None,
        Some((mut watch, file)) => {
            if watch.faults.strikes(Operation::Sync, &file.path) {
                watch.record(&Record::Failed { operation: Operation::Sync, path: file.path });
                return kernel::fail(libc::EIO);
            }
            if watch.faults.lies(&file.path) {
                return 0;
            }
            let number = watch.next_sync();
            watch.record(&match file.is_folder {
                true => Record::FolderSyncBegun { number, path: file.path },
                false => Record::SyncBegun { number, inode: file.inode },
            });
            Some(number)
        }
    };
    let done = kernel::call(call, [fd.into(), 0, 0]) as c_int;
    if let (0, Some(number), Some(watch)) = (done, number, watch::watch()) {
        watch.record(&Record::SyncDone { number });
    }
    done
}

#[unsafe(no_mangle)]
extern "C" fn fsync(fd: c_int) -> c_int {
    sync(fd, libc::SYS_fsync)
}

#[unsafe(no_mangle)]
extern "C" fn fdatasync(fd: c_int) -> c_int {
    sync(fd, libc::SYS_fdatasync)
}
