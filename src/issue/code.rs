//! The code of an issued copy: its number, its record and the hash of what it says, short enough for a QR code.

use std::fmt;
use std::str::FromStr;

use qrcodegen::{QrCode, QrCodeEcc};

use crate::domain::{ContentHash, RecordName};

/// What a code begins with: the program and the version of the code.
const MARK: &str = "HOTICH1";

/// How many hexadecimal digits of the hash go into a code: 128 bits.
const DIGITS: usize = 32;

/// The code of an issued copy. Written `HOTICH1 12/2026/TLKS-BS <32 digits of the hash> ks-1978/012.jpg:3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofCode {
    /// What stands behind the number, such as `TLKS-BS`.
    pub symbol: String,
    /// The year it was issued in.
    pub year: i16,
    /// Its number in that year.
    pub number: u32,
    /// The record it is an extract of.
    pub record: RecordName,
    /// The hash of everything it says; a code that was read back holds its first half only.
    pub hash: ContentHash,
}

impl ProofCode {
    /// The number with its year, such as `12/2026/TLKS-BS`.
    #[must_use]
    pub fn number_text(&self) -> String {
        format!("{:02}/{}/{}", self.number, self.year, self.symbol)
    }

    /// The first half of the hash as hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> String {
        self.hash.to_string().chars().take(DIGITS).collect()
    }

    /// The QR code: how many modules a side has, and the dark ones as runs from left to right (column, row,
    /// length).
    #[must_use]
    pub(super) fn modules(&self) -> Modules {
        let Ok(code) = QrCode::encode_text(&self.to_string(), QrCodeEcc::Medium) else {
            return Modules::default();
        };
        let mut runs = Vec::new();
        for row in 0..code.size() {
            let mut column = 0;
            while column < code.size() {
                let length = (column..code.size()).take_while(|x| code.get_module(*x, row)).count();
                if length > 0 {
                    runs.push([column, row, i32::try_from(length).unwrap_or(1)]);
                }
                column += i32::try_from(length).unwrap_or(0) + 1;
            }
        }
        Modules { side: code.size(), runs }
    }
}

/// A QR code as layouts draw it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub(super) struct Modules {
    /// Modules of a side.
    pub side: i32,
    /// Dark modules: column, row, length.
    pub runs: Vec<[i32; 3]>,
}

impl fmt::Display for ProofCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MARK} {} {} {}", self.number_text(), self.digest(), self.record)
    }
}

impl FromStr for ProofCode {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "this is no code of a copy issued by hotich: scan it again".to_owned();
        let mut parts = text.trim().splitn(4, ' ');
        let (Some(MARK), Some(number), Some(digest), Some(record)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(wrong());
        };
        let mut numbers = number.splitn(3, '/');
        let (Some(number), Some(year), Some(symbol)) = (numbers.next(), numbers.next(), numbers.next())
        else {
            return Err(wrong());
        };
        let hash = format!("{digest:0<64}").parse().map_err(|_| wrong())?;
        Ok(Self {
            symbol: symbol.to_owned(),
            year: year.parse().map_err(|_| wrong())?,
            number: number.parse().map_err(|_| wrong())?,
            record: record.parse().map_err(|_| wrong())?,
            hash,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::ProofCode;
    use crate::domain::ContentHash;

    fn code() -> ProofCode {
        ProofCode {
            symbol: "TLKS-BS".to_owned(),
            year: 2026,
            number: 7,
            record: "ks 1978/012.jpg:3".parse().unwrap(),
            hash: ContentHash([0xab; 32]),
        }
    }

    #[test]
    fn a_code_is_read_back() {
        let text = code().to_string();
        assert_eq!(text, "HOTICH1 07/2026/TLKS-BS abababababababababababababababab ks 1978/012.jpg:3");
        let back: ProofCode = text.parse().unwrap();
        assert_eq!((back.number_text(), back.digest(), back.record.clone()), {
            let code = code();
            (code.number_text(), code.digest(), code.record)
        });
        assert_eq!(back.to_string(), text);
        for wrong in ["", "HOTICH1", "HOTICH2 7/2026/A ab x:1", "HOTICH1 7/2026/A xy x:1", "HOTICH1 7 ab x:1"]
        {
            assert!(wrong.parse::<ProofCode>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_modules_are_those_of_the_qr_code() {
        let modules = code().modules();
        let dark: i32 = modules.runs.iter().map(|[_, _, length]| length).sum();
        let qr = qrcodegen::QrCode::encode_text(&code().to_string(), qrcodegen::QrCodeEcc::Medium).unwrap();
        let wanted = (0..qr.size()).flat_map(|y| (0..qr.size()).map(move |x| (x, y)));
        assert_eq!(dark, i32::try_from(wanted.filter(|(x, y)| qr.get_module(*x, *y)).count()).unwrap());
        assert_eq!(modules.runs[0], [0, 0, 7], "the finder pattern of the first corner");
    }
}
