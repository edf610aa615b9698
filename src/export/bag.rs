//! A bag for long-term keeping (BagIt 1.0, RFC 8493): files with their checksums, so that loss and change show.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::ExportError;

/// A bag that is being filled. It is whole when [`Bag::finish`] has written its manifests.
#[derive(Debug)]
pub struct Bag {
    folder: PathBuf,
    payload: Vec<(String, String)>,
    bytes: u64,
}

impl Bag {
    /// An empty bag in `folder`, which must not hold anything.
    ///
    /// # Errors
    /// When the folder holds something already or cannot be made.
    pub fn create(folder: &Path) -> Result<Self, ExportError> {
        let wrong = |source| ExportError::File { path: folder.to_owned(), source };
        fs::create_dir_all(folder.join("data")).map_err(wrong)?;
        let held = fs::read_dir(folder).map_err(wrong)?.count()
            + fs::read_dir(folder.join("data")).map_err(wrong)?.count();
        if held > 1 {
            return Err(wrong(std::io::ErrorKind::DirectoryNotEmpty.into()));
        }
        Ok(Self { folder: folder.to_owned(), payload: Vec::new(), bytes: 0 })
    }

    /// Puts a file into the bag; `name` has `/` between its parts.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), ExportError> {
        let name = format!("data/{name}");
        self.write(&name, bytes)?;
        self.payload.push((name, checksum(bytes)));
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Writes manifests, what the bag is and what is said `about` it (names and values of `bag-info.txt`), and returns how
    /// many files it holds.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn finish(mut self, about: &[(&str, String)]) -> Result<usize, ExportError> {
        self.payload.sort();
        let count = self.payload.len();
        let about =
            about.iter().map(|(name, value)| format!("{name}: {}\n", value.replace(['\n', '\r'], " ")));
        let about: String = about.chain([format!("Payload-Oxum: {}.{count}\n", self.bytes)]).collect();
        let tags = [
            ("bag-info.txt", about),
            ("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".to_owned()),
            ("manifest-sha256.txt", manifest(&self.payload)),
        ];
        let sums: Vec<_> =
            tags.iter().map(|(name, text)| ((*name).to_owned(), checksum(text.as_bytes()))).collect();
        for (name, text) in &tags {
            self.write(name, text.as_bytes())?;
        }
        self.write("tagmanifest-sha256.txt", manifest(&sums).as_bytes())?;
        Ok(count)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), ExportError> {
        let path = self.folder.join(name);
        let write = || {
            fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
            let mut file = fs::File::create(&path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        write().map_err(|source| ExportError::File { path: path.clone(), source })
    }
}

fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn manifest(files: &[(String, String)]) -> String {
    files.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Bag, checksum};

    #[test]
    fn a_bag_names_every_file_with_its_checksum() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("bag");
        let mut bag = Bag::create(&at).unwrap();
        bag.add("pages/b.jpg", b"b").unwrap();
        bag.add("a.xml", b"aa").unwrap();
        assert_eq!(bag.finish(&[("Source-Organization", "Sở\nTư pháp".to_owned())]).unwrap(), 2);
        let read = |name: &str| fs::read_to_string(at.join(name)).unwrap();
        let wanted = format!("{}  data/a.xml\n{}  data/pages/b.jpg\n", checksum(b"aa"), checksum(b"b"));
        assert_eq!(read("manifest-sha256.txt"), wanted);
        assert_eq!(read("bag-info.txt"), "Source-Organization: Sở Tư pháp\nPayload-Oxum: 3.2\n");
        assert!(read("bagit.txt").starts_with("BagIt-Version: 1.0\n"));
        for line in read("tagmanifest-sha256.txt").lines() {
            let (sum, name) = line.split_once("  ").unwrap();
            assert_eq!(sum, checksum(&fs::read(at.join(name)).unwrap()), "{name}");
        }
        assert!(Bag::create(&at).is_err(), "what is there is not mixed with another bag");
    }
}
