//! Zip archives: stored, in one pass, with Unix modes and fixed times (PKWARE APPNOTE 6.3.10).
//!
//! Why not the `zip` crate: its writer either seeks back, or puts sizes behind the data, which for stored entries no
//! reader can find in a stream; and it keeps every entry's header until the end. Everything here is known before it
//! is written, so an entry is a header and its bytes, and the directory grows by a hundred bytes an entry.
//!
//! Why not the `crc32fast` crate: in WebAssembly its table is sixteen kilobytes that do not compress. Ours is computed.

use std::fmt;

use time::OffsetDateTime;

use crate::secret::Secret;

/// Version 4.5: Zip64.
const ZIP64: u16 = 45;
/// Version 2.0: folders.
const FOLDERS: u16 = 20;
/// `version made by`: Unix, so that modes are believed.
const UNIX: u16 = 3 << 8;
/// The largest 32-bit value says "see the Zip64 field" (4.4.1.4).
const SEE_ZIP64: u32 = u32::MAX;

/// Writes an archive piece by piece into buffers that the caller hands on.
#[derive(Debug)]
pub struct ZipWriter {
    crc32: Box<Crc32>,
    dos_time: [u8; 4],
    /// The extra field with the time in UTC; empty after 2038, when it no longer fits.
    times: Vec<u8>,
    directory: Vec<u8>,
    entries: u64,
    offset: u64,
}

impl ZipWriter {
    /// An archive whose entries all carry this time, Unix seconds.
    pub fn new(time: i64) -> Self {
        Self {
            crc32: Crc32::new(),
            dos_time: dos_time(time),
            times: utc_field(time),
            directory: Vec::new(),
            entries: 0,
            offset: 0,
        }
    }

    /// Appends a folder; its path ends in a slash.
    pub fn folder(&mut self, path: &str, mode: u32, out: &mut Secret) {
        // Below the Unix type and mode stands the DOS attribute of a folder.
        self.entry(path, (0o040_000 | mode) << 16 | 0x10, &[], out);
    }

    /// Appends a file. Its size must be below 4 GiB; plans are bounded far below that.
    pub fn file(&mut self, path: &str, mode: u32, bytes: &[u8], out: &mut Secret) {
        self.entry(path, (0o100_000 | mode) << 16, bytes, out);
    }

    fn entry(&mut self, path: &str, attributes: u32, bytes: &[u8], out: &mut Secret) {
        let begin = out.len();
        let size = bytes.len() as u32;
        let far = self.far_offset();
        let version = if far.is_empty() { FOLDERS } else { ZIP64 };
        let mut common = Vec::with_capacity(26);
        common.extend(version.to_le_bytes());
        // Names are UTF-8 (bit 11); method 0, stored.
        common.extend([0, 0x08, 0, 0]);
        common.extend(self.dos_time);
        for number in [self.crc32.of(bytes), size, size] {
            common.extend(number.to_le_bytes());
        }
        common.extend((path.len() as u16).to_le_bytes());

        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(&(self.times.len() as u16).to_le_bytes());
        out.extend(path.as_bytes());
        out.extend(&self.times);
        out.extend(bytes);

        self.directory.extend(b"PK\x01\x02");
        self.directory.extend((UNIX | version).to_le_bytes());
        self.directory.extend(&common);
        self.directory.extend(((self.times.len() + far.len()) as u16).to_le_bytes());
        // No comment, first disk, no internal attributes.
        self.directory.extend([0; 6]);
        self.directory.extend(attributes.to_le_bytes());
        self.directory.extend(u32::try_from(self.offset).unwrap_or(SEE_ZIP64).to_le_bytes());
        self.directory.extend(path.as_bytes());
        self.directory.extend(&self.times);
        self.directory.extend(far);
        self.entries += 1;
        self.offset += (out.len() - begin) as u64;
    }

    /// The extra field for an entry that begins beyond 4 GiB (4.5.3); empty before.
    fn far_offset(&self) -> Vec<u8> {
        if self.offset < u64::from(SEE_ZIP64) {
            return Vec::new();
        }
        let mut field = vec![0x01, 0x00, 8, 0];
        field.extend(self.offset.to_le_bytes());
        field
    }

    /// Appends the directory and ends the archive, in Zip64 form where it has more than 65,534 entries or 4 GiB.
    pub fn finish(mut self, out: &mut Secret) {
        let size = self.directory.len() as u64;
        let begin = self.offset;
        let mut tail = std::mem::take(&mut self.directory);
        let large = |number: u64, limit: u64| number >= limit;
        let (few, short) = (u64::from(u16::MAX), u64::from(SEE_ZIP64));
        if large(self.entries, few) || large(begin, short) || large(size, short) {
            let end = begin + size;
            tail.extend(b"PK\x06\x06");
            tail.extend(44u64.to_le_bytes());
            tail.extend((UNIX | ZIP64).to_le_bytes());
            tail.extend(ZIP64.to_le_bytes());
            tail.extend([0; 8]);
            for number in [self.entries, self.entries, size, begin] {
                tail.extend(number.to_le_bytes());
            }
            tail.extend(b"PK\x06\x07");
            tail.extend([0; 4]);
            tail.extend(end.to_le_bytes());
            tail.extend(1u32.to_le_bytes());
        }
        tail.extend(b"PK\x05\x06");
        tail.extend([0; 4]);
        let entries = u16::try_from(self.entries).unwrap_or(u16::MAX);
        tail.extend(entries.to_le_bytes());
        tail.extend(entries.to_le_bytes());
        tail.extend(u32::try_from(size).unwrap_or(SEE_ZIP64).to_le_bytes());
        tail.extend(u32::try_from(begin).unwrap_or(SEE_ZIP64).to_le_bytes());
        tail.extend([0; 2]);
        out.extend(&tail);
    }
}

/// CRC-32 (ISO 3309, as zip has it), eight bytes at a time: `tables[n][byte]` is what a byte does to the sum after `n`
/// more bytes.
struct Crc32([[u32; 256]; 8]);

impl Crc32 {
    fn new() -> Box<Self> {
        let mut this = Box::new(Self([[0; 256]; 8]));
        let tables = &mut this.0;
        for (byte, sum) in (0u32..).zip(&mut tables[0]) {
            *sum = (0..8).fold(byte, |sum, _| sum >> 1 ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 });
        }
        for after in 1..8 {
            let (done, rest) = tables.split_at_mut(after);
            for (sum, before) in rest[0].iter_mut().zip(&done[after - 1]) {
                *sum = before >> 8 ^ done[0][(before & 0xff) as usize];
            }
        }
        this
    }

    fn of(&self, bytes: &[u8]) -> u32 {
        let Self(tables) = self;
        let (eights, rest) = bytes.as_chunks::<8>();
        let mut sum = !0u32;
        for eight in eights {
            let eight = u64::from_le_bytes(*eight) ^ u64::from(sum);
            let parts = eight.to_le_bytes();
            sum = parts.iter().zip(tables.iter().rev()).fold(0, |sum, (byte, table)| sum ^ table[usize::from(*byte)]);
        }
        !rest.iter().fold(sum, |sum, byte| sum >> 8 ^ tables[0][(sum as u8 ^ byte) as usize])
    }
}

impl fmt::Debug for Crc32 {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Crc32")
    }
}

/// Date and time as DOS has them, to two seconds, in UTC; times before 1980 and after 2107 become the nearest one.
fn dos_time(unix: i64) -> [u8; 4] {
    let (first, last) = (315_532_800, 4_354_819_198);
    let moment = OffsetDateTime::from_unix_timestamp(unix.clamp(first, last)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let date = [(moment.year().max(1980) - 1980) as u16, u16::from(u8::from(moment.month())), u16::from(moment.day())];
    let time = [u16::from(moment.hour()), u16::from(moment.minute()), u16::from(moment.second()) / 2];
    let date = (date[0] << 9) | (date[1] << 5) | date[2];
    let time = (time[0] << 11) | (time[1] << 5) | time[2];
    let [date, time] = [date.to_le_bytes(), time.to_le_bytes()];
    [time[0], time[1], date[0], date[1]]
}

/// Info-ZIP's extended timestamp: the modification time in UTC. DOS times alone are taken for local ones.
fn utc_field(unix: i64) -> Vec<u8> {
    let Ok(seconds) = i32::try_from(unix) else { return Vec::new() };
    let mut field = vec![b'U', b'T', 5, 0, 1];
    field.extend(seconds.to_le_bytes());
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_crc_32() {
        let sums = Crc32::new();
        // The check value of every catalogue of CRCs, and what is not a multiple of eight bytes long.
        assert_eq!(sums.of(b"123456789"), 0xcbf4_3926);
        assert_eq!(sums.of(b""), 0);
        assert_eq!(sums.of(&[0; 32]), 0x190a_55ad);
    }

    #[test]
    fn dos_times_are_utc_and_bounded() {
        // 2026-11-23 20:39:00.
        assert_eq!(dos_time(1_795_466_340), [0xe0, 0xa4, 0x77, 0x5d]);
        assert_eq!(dos_time(0), dos_time(315_532_800));
        assert_eq!(dos_time(i64::MAX), dos_time(4_354_819_198));
        assert!(utc_field(1 << 31).is_empty());
    }

    #[test]
    fn an_entry_beyond_four_gibibytes_is_found_by_its_zip64_field() {
        let mut zip = ZipWriter::new(1_795_466_340);
        zip.offset = 1 << 33;
        let mut out = Secret::default();
        zip.file("a", 0o600, b"x", &mut out);
        let directory = zip.directory.clone();
        assert_eq!(directory[42..46], SEE_ZIP64.to_le_bytes());
        assert_eq!(directory[directory.len() - 12..], [&[1, 0, 8, 0][..], &(1u64 << 33).to_le_bytes()].concat());
        zip.finish(&mut out);
        assert!(out.expose().windows(4).any(|four| four == b"PK\x06\x06"));
    }
}
