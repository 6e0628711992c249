//! Where the bytes of a capture come from: a file that is read at given places, or bytes that are held already.
//!
//! Nothing is mapped into memory: a file that shrinks while it is read ends a read early and kills nobody.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

/// The bytes of a capture, readable at any place and by several threads at once.
pub trait Source: Send + Sync {
    /// How many bytes there are.
    fn len(&self) -> u64;

    /// Reads bytes from `offset` on into `buffer` and returns how many; fewer than asked for are no error, 0 is the
    /// end.
    ///
    /// # Errors
    /// Those of the operating system.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Whether there are no bytes.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `buffer` with the bytes from `offset` on and returns how many there were; fewer only at the end.
    ///
    /// # Errors
    /// Those of the operating system.
    fn fill_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.read_at(rest, offset.saturating_add(filled as u64)) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

impl Source for Vec<u8> {
    fn len(&self) -> u64 {
        self.as_slice().len() as u64
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..)).unwrap_or(&[]);
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }
}

/// A file that is read at given places; its length is that at the time of opening.
#[derive(Debug)]
pub struct FileSource {
    file: File,
    length: u64,
}

impl FileSource {
    /// The bytes of an open regular file.
    ///
    /// # Errors
    /// Those of the operating system, when its length cannot be told.
    pub fn new(file: File) -> io::Result<FileSource> {
        let length = file.metadata()?.len();
        Ok(FileSource { file, length })
    }
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        // Places that no file can have are an error to the system; here they are beyond the end.
        if offset >= self.length { Ok(0) } else { read_at(&self.file, buffer, offset) }
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// A stretch of a source.
#[derive(Clone, Copy)]
pub(super) struct Slice<'s> {
    pub(super) source: &'s dyn Source,
    pub(super) from: u64,
    pub(super) length: u64,
}

impl Source for Slice<'_> {
    fn len(&self) -> u64 {
        self.length.min(self.source.len().saturating_sub(self.from))
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = usize::try_from(self.len().saturating_sub(offset)).unwrap_or(usize::MAX);
        let most = buffer.len().min(left);
        self.source.read_at(buffer.get_mut(..most).unwrap_or_default(), self.from.saturating_add(offset))
    }
}

/// How the bytes of a folder of Saleae's begin. Behind it, in little-endian numbers: how many files there are, and of each its
/// number and its length; then the files.
pub(super) const FOLDER: [u8; 16] = *b"<SALEAE FOLDER>\n";

/// The files `digital_0.bin`, `digital_1.bin` and so on of a folder to which Saleae's Logic 2 has exported, as one source.
struct Folder {
    /// Where each part begins, and its bytes.
    parts: Vec<(u64, Box<dyn Source>)>,
    length: u64,
}

/// Whether this is a folder to which Saleae's Logic 2 has exported: one capture.
#[must_use]
pub fn is_export_folder(path: &Path) -> bool {
    path.is_dir() && channel_files(path).is_ok_and(|files| !files.is_empty())
}

/// The files of the digital channels in a folder, and their numbers.
fn channel_files(folder: &Path) -> io::Result<Vec<(u32, std::path::PathBuf)>> {
    const MOST: usize = 1 << 10;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix("digital_")?.strip_suffix(".bin"));
        let number = number.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
        if let Some(number) = number.and_then(|digits| digits.parse().ok()).filter(|_| files.len() < MOST) {
            files.push((number, entry.path()));
        }
    }
    Ok(files)
}

impl Folder {
    /// The folder, if it has such files.
    fn open(path: &Path) -> io::Result<Option<Folder>> {
        let mut files = Vec::new();
        for (number, path) in channel_files(path)? {
            files.push((number, FileSource::new(File::open(path)?)?));
        }
        if files.is_empty() {
            return Ok(None);
        }
        files.sort_by_key(|(number, _)| *number);
        let mut head = [&FOLDER[..], &u32::try_from(files.len()).unwrap_or(u32::MAX).to_le_bytes()].concat();
        for (number, file) in &files {
            head.extend(number.to_le_bytes());
            head.extend(file.len().to_le_bytes());
        }
        let mut folder = Folder { parts: Vec::new(), length: 0 };
        folder.push(Box::new(head));
        files.into_iter().for_each(|(_, file)| folder.push(Box::new(file)));
        Ok(Some(folder))
    }

    fn push(&mut self, part: Box<dyn Source>) {
        let from = self.length;
        self.length = self.length.saturating_add(part.len());
        self.parts.push((from, part));
    }
}

impl Source for Folder {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let part = self.parts.iter().rev().find(|(from, part)| *from <= offset && offset - from < part.len());
        part.map_or(Ok(0), |(from, part)| {
            let left = usize::try_from(part.len() - (offset - from)).unwrap_or(usize::MAX);
            let most = buffer.len().min(left);
            part.read_at(buffer.get_mut(..most).unwrap_or_default(), offset - from)
        })
    }
}

/// The bytes of the file at `path`; a pipe, which has no places to read at, is read whole, and a folder to which Saleae's
/// Logic 2 has exported is one capture.
///
/// # Errors
/// Those of the operating system, and one for a folder.
pub fn open_source(path: &Path) -> io::Result<Box<dyn Source>> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        let folder = Folder::open(path)?.map(|folder| -> Box<dyn Source> { Box::new(folder) });
        let none = || io::Error::new(io::ErrorKind::IsADirectory, "is a folder; name the capture in it");
        return folder.ok_or_else(none);
    }
    if metadata.is_file() {
        return Ok(Box::new(FileSource::new(file)?));
    }
    read_stream(&mut file)
}

/// Takes a stream that has no length of its own, such as standard input, into memory.
///
/// # Errors
/// Those of the stream, and one for more than [`LONGEST_STREAM`] bytes.
pub fn read_stream(stream: &mut dyn Read) -> io::Result<Box<dyn Source>> {
    let mut bytes = Vec::new();
    stream.take(LONGEST_STREAM + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST_STREAM {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "is too long for a stream; save it as a file first"));
    }
    Ok(Box::new(bytes))
}

/// An error of the operating system in plain words, without its number.
#[must_use]
pub fn io_text(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::NotFound {
        return "there is no such file".to_owned();
    }
    if error.kind() == io::ErrorKind::PermissionDenied {
        // What is refused by us says why.
        let own = error.get_ref().map(ToString::to_string).filter(|own| !own.contains(" (os error"));
        return own.unwrap_or_else(|| "you may not (permission denied)".to_owned());
    }
    let text = error.to_string();
    text.split(" (os error").next().map(str::to_lowercase).unwrap_or(text)
}

/// A stream is held in memory, so it is bounded; packed captures of a whole day are smaller.
pub const LONGEST_STREAM: u64 = 256 << 20;

/// The SHA-256 of all bytes, in lower-case hexadecimal digits.
///
/// # Errors
/// Those of the source.
pub fn sha256(source: &dyn Source) -> io::Result<String> {
    const BLOCK: usize = 64 << 10;
    let mut hasher = Sha256::new();
    let mut block = vec![0; BLOCK];
    let mut offset = 0;
    loop {
        let read = source.fill_at(&mut block, offset)?;
        if read == 0 {
            break;
        }
        hasher.update(&block[..read]);
        offset += read as u64;
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_file_and_its_bytes_read_alike() {
        let bytes: Vec<u8> = (0..200).collect();
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&bytes).unwrap();
        let opened = open_source(file.path()).unwrap();
        for offset in [0, 1, 150, 199, 200, 900, u64::MAX] {
            let (mut a, mut b) = ([0; 64], [0; 64]);
            let read = opened.fill_at(&mut a, offset).unwrap();
            assert_eq!(read, bytes.fill_at(&mut b, offset).unwrap());
            assert_eq!(read as u64, 200_u64.saturating_sub(offset).min(64));
            assert_eq!(a, b);
        }
        assert_eq!(opened.len(), 200);
    }

    #[test]
    fn a_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(open_source(folder.path()).is_err());
    }
}
