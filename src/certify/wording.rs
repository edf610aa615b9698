//! The words of a certificate, in Vietnamese and in English.

use super::certificate::{Account, Basis, Finding, Mismatch, Place, What};
use crate::domain::Kind;

/// The language a certificate is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Vietnamese.
    Vietnamese,
}

impl Language {
    /// The one of the two texts that is in this language.
    pub(super) fn pick<'a>(self, english: &'a str, vietnamese: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Vietnamese => vietnamese,
        }
    }

    /// What a book registers.
    pub(super) fn kind(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Birth => self.pick("births", "khai sinh"),
            Kind::Marriage => self.pick("marriages", "kết hôn"),
            Kind::Death => self.pick("deaths", "khai tử"),
        }
    }

    /// What became of a number.
    pub(super) fn account(self, account: Account) -> &'static str {
        match account {
            Account::Record => self.pick("record", "có trong sổ"),
            Account::RowUnreadable => {
                self.pick("record, number unreadable", "có trong sổ, số không đọc được")
            }
            Account::Voided => self.pick("voided", "đã huỷ số"),
            Account::Lost => self.pick("page lost", "trang đã mất"),
            Account::PageUnread => self.pick("page not read", "trang chưa đọc được"),
            Account::PageMissing => self.pick("page missing", "thiếu trang"),
            Account::NotExplained => self.pick("not explained", "chưa giải thích được"),
        }
    }

    /// How an end of the numbers is known.
    pub(super) fn basis(self, basis: Basis) -> &'static str {
        match basis {
            Basis::Stated => self.pick("stated", "theo lời ghi của sổ"),
            Basis::Totals => self.pick("by the closing total", "theo tổng số khi khoá sổ"),
            Basis::Rule => self.pick("numbers begin again each year", "số bắt đầu lại mỗi năm"),
            Basis::ScanNames => self.pick("by the names of the scans", "theo tên tệp ảnh"),
            Basis::Found => self.pick("as found", "theo ảnh hiện có"),
        }
    }

    /// A finding as a sentence.
    pub(super) fn finding(self, finding: &Finding) -> String {
        match self {
            Self::English => english(&finding.what),
            Self::Vietnamese => vietnamese(&finding.what),
        }
    }

    fn place(self, place: &Place) -> String {
        format!("{}, {} {}", place.scan, self.pick("entry", "dòng"), place.entry)
    }

    fn mismatches(self, mismatches: &[Mismatch]) -> String {
        let one = |mismatch: &Mismatch| match (self, mismatch) {
            (Self::English, Mismatch::Kind { book, page }) => {
                format!("it registers {}, the book {}", self.kind(*page), self.kind(*book))
            }
            (Self::Vietnamese, Mismatch::Kind { book, page }) => {
                format!("trang ghi {}, sổ ghi {}", self.kind(*page), self.kind(*book))
            }
            (_, Mismatch::Office) => self.pick("another office", "nơi đăng ký khác").to_owned(),
            (_, Mismatch::Year { book, page }) => {
                format!(
                    "{} {page}, {} {book}",
                    self.pick("it is of", "trang thuộc năm"),
                    self.pick("its neighbours of", "các trang bên cạnh năm")
                )
            }
            (_, Mismatch::Numbers) => self.pick("its numbers do not fit", "số không nối tiếp").to_owned(),
        };
        mismatches.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    /// A run of numbers: `46`, or `46-50`.
    pub(super) fn range(first: u32, last: u32) -> String {
        if first == last { first.to_string() } else { format!("{first}-{last}") }
    }

    fn between(self, after: Option<&Place>, before: Option<&Place>) -> String {
        let side = |english, vietnamese, place: Option<&Place>| {
            place.map(|place| format!("{} {}", self.pick(english, vietnamese), self.place(place)))
        };
        let sides = [side("after", "sau", after), side("before", "trước", before)];
        sides.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

fn english(what: &What) -> String {
    let words = Language::English;
    match what {
        What::Missing { year, first, last, account, after, before } => {
            let year = year.map(|year| format!(" of {year}")).unwrap_or_default();
            let number = if first == last { "number" } else { "numbers" };
            let (range, account) = (Language::range(*first, *last), words.account(*account));
            format!("{number} {range}{year}: {account} ({})", words.between(after.as_ref(), before.as_ref()))
        }
        What::RowUnreadable { place, reads: None, would_be } => {
            format!("{}: its number could not be read; it would be {would_be}", words.place(place))
        }
        What::RowUnreadable { place, reads: Some(reads), would_be } => {
            format!(
                "{}: its number reads {reads}; by its neighbours it would be {would_be}",
                words.place(place)
            )
        }
        What::RowWithoutNumber { place } => {
            format!("{}: an entry without a number of its own", words.place(place))
        }
        What::NumberTwice { number, places } => {
            let places: Vec<_> = places.iter().map(|place| words.place(place)).collect();
            format!("number {number} stands on {} entries: {}", places.len(), places.join("; "))
        }
        What::PageTwice { scan, again } => {
            format!("{again} is a second picture of {scan}; its entries count once")
        }
        What::SameContent { scan, again } => format!("{again} is the same file as {scan} and was read once"),
        What::WrongBook { scan, because } => {
            format!("{scan} seems to be of another book and is not counted: {}", words.mismatches(because))
        }
        What::DoubtfulPage { scan, because } => {
            format!("{scan} does not quite fit the book: {}", words.mismatches(because))
        }
        What::WrongOrder { place, first, last } => {
            format!("{}: number {} stands out of order", words.place(place), Language::range(*first, *last))
        }
        What::DateOrder { place } => {
            format!("{}: its registration date is earlier than one before it", words.place(place))
        }
        What::OutsideStated { place, number } => {
            format!("{}: number {number} lies outside of what is stated for the book", words.place(place))
        }
        What::PageUnread { scan, pending: true } => format!("{scan} was not read yet"),
        What::PageUnread { scan, pending: false } => format!("{scan} could not be read"),
        What::EntriesDiffer { stated, found } => {
            format!("the closing statement counts {stated} entries, {found} are here")
        }
        What::PagesDiffer { stated, found } => {
            format!("the closing statement counts {stated} pages, {found} with entries are here")
        }
        What::EndNotStated { last: false, number } => {
            format!(
                "nothing says that the book begins with number {number}: key its first number or its total"
            )
        }
        What::EndNotStated { last: true, number } => {
            format!("nothing says that the book ends with number {number}: key its last number or its total")
        }
        What::NoNumbers => "no number of the book could be read".to_owned(),
    }
}

fn vietnamese(what: &What) -> String {
    let words = Language::Vietnamese;
    match what {
        What::Missing { year, first, last, account, after, before } => {
            let year = year.map(|year| format!(" năm {year}")).unwrap_or_default();
            let (range, account) = (Language::range(*first, *last), words.account(*account));
            format!("số {range}{year}: {account} ({})", words.between(after.as_ref(), before.as_ref()))
        }
        What::RowUnreadable { place, reads: None, would_be } => {
            format!("{}: không đọc được số; theo thứ tự là số {would_be}", words.place(place))
        }
        What::RowUnreadable { place, reads: Some(reads), would_be } => {
            format!("{}: số đọc được là {reads}; theo thứ tự là số {would_be}", words.place(place))
        }
        What::RowWithoutNumber { place } => format!("{}: mục không có số riêng", words.place(place)),
        What::NumberTwice { number, places } => {
            let places: Vec<_> = places.iter().map(|place| words.place(place)).collect();
            format!("số {number} ghi ở {} mục: {}", places.len(), places.join("; "))
        }
        What::PageTwice { scan, again } => {
            format!("{again} là ảnh chụp lần hai của {scan}; chỉ tính một lần")
        }
        What::SameContent { scan, again } => format!("{again} trùng tệp với {scan}, chỉ đọc một lần"),
        What::WrongBook { scan, because } => {
            format!("{scan} có vẻ thuộc sổ khác, không tính: {}", words.mismatches(because))
        }
        What::DoubtfulPage { scan, because } => {
            format!("{scan} không khớp hẳn với sổ: {}", words.mismatches(because))
        }
        What::WrongOrder { place, first, last } => {
            format!("{}: số {} không đúng thứ tự", words.place(place), Language::range(*first, *last))
        }
        What::DateOrder { place } => format!("{}: ngày đăng ký sớm hơn mục trước đó", words.place(place)),
        What::OutsideStated { place, number } => {
            format!("{}: số {number} nằm ngoài phạm vi đã ghi của sổ", words.place(place))
        }
        What::PageUnread { scan, pending: true } => format!("{scan} chưa được đọc"),
        What::PageUnread { scan, pending: false } => format!("{scan} không đọc được"),
        What::EntriesDiffer { stated, found } => {
            format!("lời khoá sổ ghi {stated} sự kiện, ở đây có {found}")
        }
        What::PagesDiffer { stated, found } => {
            format!("lời khoá sổ ghi {stated} trang, ở đây có {found} trang ghi sự kiện")
        }
        What::EndNotStated { last: false, number } => {
            format!(
                "không có căn cứ rằng sổ bắt đầu từ số {number}: cần nhập số đầu hoặc tổng số khi khoá sổ"
            )
        }
        What::EndNotStated { last: true, number } => {
            format!(
                "không có căn cứ rằng sổ kết thúc ở số {number}: cần nhập số cuối hoặc tổng số khi khoá sổ"
            )
        }
        What::NoNumbers => "không đọc được số nào của sổ".to_owned(),
    }
}
