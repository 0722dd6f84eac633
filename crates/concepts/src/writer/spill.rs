//! Bytes that wait in a temporary file until their turn comes. The file has no name: nothing is left when the process is killed.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::Failure;

/// A temporary file, being written.
pub struct Spill {
    folder: PathBuf,
    out: BufWriter<File>,
}

impl Spill {
    /// An empty one in `folder`.
    pub fn new(folder: &Path) -> Result<Self, Failure> {
        let file = tempfile::tempfile_in(folder).map_err(Failure::at(folder))?;
        Ok(Self { folder: folder.to_owned(), out: BufWriter::with_capacity(128 << 10, file) })
    }

    /// Appends a piece, to be read with [`Pieces`].
    pub fn push(&mut self, piece: &[u8]) -> Result<(), Failure> {
        let length = (piece.len() as u32).to_le_bytes();
        self.out.write_all(&length).and_then(|()| self.out.write_all(piece)).map_err(Failure::at(&self.folder))
    }

    /// The pieces, from the first one on.
    pub fn pieces(self) -> Result<Pieces, Failure> {
        let folder = self.folder.clone();
        Ok(Pieces { file: self.reader().map_err(Failure::at(&folder))?, folder })
    }

    /// Copies what was written.
    pub fn copy_to(self, out: &mut impl Write) -> io::Result<()> {
        io::copy(&mut self.reader()?, out).map(drop)
    }

    fn reader(self) -> io::Result<BufReader<File>> {
        let mut file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(BufReader::with_capacity(128 << 10, file))
    }
}

impl Write for Spill {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The pieces of a spill.
pub struct Pieces {
    folder: PathBuf,
    file: BufReader<File>,
}

impl Pieces {
    /// The next piece into `piece`; whether there was one.
    pub fn next(&mut self, piece: &mut Vec<u8>) -> Result<bool, Failure> {
        read(&mut self.file, piece).map_err(Failure::at(&self.folder))
    }
}

fn read(file: &mut BufReader<File>, piece: &mut Vec<u8>) -> io::Result<bool> {
    let mut length = [0; 4];
    match file.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
        other => other?,
    }
    piece.resize(u32::from_le_bytes(length) as usize, 0);
    file.read_exact(piece)?;
    Ok(true)
}
