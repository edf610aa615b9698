//! The clerk's counter: a copy is made of a record as it stands in the store, numbered and logged, all in one
//! transaction. The command line and the web pages issue through here.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::{
    CopyNumber, CopyRequest, IssuedCopy, LoggedPaper, MadeCopy, Missing, NumberSeries, RecordName,
    RecordToIssue, VerifiedRecord,
};
use crate::issue::{
    CertificateLines, Extract, IssueError, Office, Paper, Papers, PictureSize, Press, ProofCode, Signer,
    Typeface, certificate_job, cut, entry_page_job, log_job,
};
use crate::store::{Desk, DeskTransaction, Store, StoreError};

/// The setting that holds what an office is called on its papers.
const OFFICE: &str = "office";

/// The folder of a store in which an office lays layouts of its own.
const TEMPLATES: &str = "templates";

/// Why nothing was issued.
#[derive(Debug, thiserror::Error)]
pub enum CounterError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The paper could not be made.
    #[error(transparent)]
    Paper(#[from] IssueError),
    /// The office has not said what it is called.
    #[error(
        "the papers of this store have no issuing office yet: say it with \
         `hotich office --name 'Ủy ban nhân dân xã ...' --place ...`"
    )]
    NoOffice,
    /// Nobody is named who signs.
    #[error("nobody is named who signs: give --signer, or set one with `hotich office --signer`")]
    NoSigner,
    /// Nobody is named who asks.
    #[error("nobody is named who asks for the copy: give --requester")]
    NoRequester,
}

/// Which copy is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The record.
    pub record: RecordName,
    /// The paper, by name; the usual extract of the record's kind when none is named.
    pub paper: Option<String>,
    /// Who asks, who signs and what else the log keeps. An empty signer is the office's usual one.
    pub request: CopyRequest,
    /// Whether a page with the picture of the entry and the code follows.
    pub proof: bool,
}

/// What a document or a code turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Verification {
    /// It is a copy of the log, and holds.
    Holds(Box<IssuedCopy>),
    /// It is a copy of the log that was voided.
    Voided(Box<IssuedCopy>),
    /// Its number is in the log, but what the log has under it is about something else: it is forged or of
    /// another office.
    Differs(Box<IssuedCopy>),
    /// The log knows nothing of it.
    Unknown,
}

/// The papers and the press, shared by all who issue.
#[derive(Debug)]
pub struct Counter {
    papers: Papers,
    press: Press,
}

impl Counter {
    /// The counter of the store in `folder`, with the layouts of `templates` (of the folder `templates` of the
    /// store when none is named) in place of those built in.
    ///
    /// # Errors
    /// [`IssueError::NoTypesetter`], [`IssueError::NoTypeface`], and when a head is wrong.
    pub fn open(folder: Option<&Path>, templates: Option<&Path>) -> Result<Self, IssueError> {
        let own = folder.map(|folder| folder.join(TEMPLATES));
        let papers = Papers::load(templates.or(own.as_deref()))?;
        Ok(Self { papers, press: Press::start(Typeface::find()?)? })
    }

    /// The papers.
    #[must_use]
    pub fn papers(&self) -> &Papers {
        &self.papers
    }

    /// The press.
    #[must_use]
    pub fn press(&self) -> &Press {
        &self.press
    }

    /// The paper that is made of `record`: the one that is named, or the usual extract of its kind.
    ///
    /// # Errors
    /// [`IssueError::UnknownPaper`].
    pub fn paper(&self, name: Option<&str>, record: &RecordToIssue) -> Result<&Paper, IssueError> {
        name.map_or_else(|| self.papers.usual(record.record.kind), |name| self.papers.find(name))
    }

    /// What people must settle before the paper can be issued; nothing when it can.
    ///
    /// # Errors
    /// When there is no such record or paper, and when the store cannot be read.
    pub fn missing(
        &self,
        store: &Store,
        record: &RecordName,
        paper: Option<&str>,
    ) -> Result<Vec<Missing>, CounterError> {
        let found = store.record_to_issue(record)?;
        let paper = self.paper(paper, &found)?;
        Ok(VerifiedRecord::new(&found.record, &paper.fields).err().unwrap_or_default())
    }

    /// Issues a copy in a transaction of its own: number, log and document together, or nothing of it.
    ///
    /// # Errors
    /// [`IssueError::Unverified`] when values must be settled first, and whatever else keeps it from being made;
    /// no number is used up then.
    pub fn issue(
        &self,
        desk: &mut Desk,
        order: &Order,
        now: Timestamp,
    ) -> Result<(IssuedCopy, Vec<u8>), CounterError> {
        let office = office(desk)?;
        let folder = desk.folder().to_owned();
        let transaction = desk.begin(now)?;
        let issued = self.issue_within(&transaction, (&office, &folder), order)?;
        transaction.commit()?;
        Ok(issued)
    }

    /// Issues a copy within a transaction of the desk of the store in `folder`.
    ///
    /// # Errors
    /// As [`Counter::issue`].
    pub fn issue_within(
        &self,
        transaction: &DeskTransaction<'_>,
        (office, folder): (&Office, &Path),
        order: &Order,
    ) -> Result<(IssuedCopy, Vec<u8>), CounterError> {
        let request = complete(order, office)?;
        let paper = self.paper(order.paper.as_deref(), &transaction.record_to_issue(&order.record)?)?;
        let series = NumberSeries { symbol: paper.symbol.clone(), year: request.on.year() };
        let logged = LoggedPaper { id: paper.id.clone(), name: paper.name.clone(), series };
        transaction.issue_copy(&order.record, (&logged, &request), |record, number| {
            let picture = if order.proof { picture(folder, record, PictureSize::PROOF)? } else { None };
            self.make(paper, record, (office, &request), number, picture)
        })
    }

    /// Makes the copy with this number.
    fn make(
        &self,
        paper: &Paper,
        record: &RecordToIssue,
        (office, request): (&Office, &CopyRequest),
        number: u32,
        picture: Option<Vec<u8>>,
    ) -> Result<MadeCopy, CounterError> {
        let verified = VerifiedRecord::new(&record.record, &paper.fields).map_err(IssueError::Unverified)?;
        let signer = Signer { name: request.signer.clone(), title: request.signer_title.clone() };
        let extract = Extract::new(paper, &verified, (office, &signer), &record.registered_at, request.on)?;
        let pdf = self.press.print(&self.papers, &extract.job(number, picture)?)?;
        Ok(MadeCopy { content: extract.code(number).hash, pdf })
    }

    /// The certificate of a book as PDF, as it stands on `date`.
    ///
    /// # Errors
    /// When the store cannot be read or the certificate cannot be set.
    pub fn certificate(
        &self,
        store: &Store,
        lines: &CertificateLines,
        date: Date,
    ) -> Result<Vec<u8>, CounterError> {
        let job = certificate_job(lines, &office(store).unwrap_or_default(), date)?;
        Ok(self.press.print(&self.papers, &job)?)
    }

    /// The picture of an entry of the store in `folder` on a sheet of its own, about 100 kB an A4 page; none when its
    /// page has no picture. `date` is the day the sheet says it is of.
    ///
    /// # Errors
    /// When the picture cannot be read or set.
    pub fn entry_page(
        &self,
        folder: &Path,
        record: &RecordToIssue,
        date: Date,
    ) -> Result<Option<Vec<u8>>, CounterError> {
        let Some(picture) = picture(folder, record, PictureSize::HANDED_OVER)? else { return Ok(None) };
        let job = entry_page_job(&record.record.record_name().to_string(), picture, date)?;
        Ok(Some(self.press.print(&self.papers, &job)?))
    }

    /// The log of `year` (of every year when there is none) as PDF, as it stands on `date`.
    ///
    /// # Errors
    /// When the store cannot be read or the log cannot be set.
    pub fn log(&self, store: &Store, year: Option<i16>, date: Date) -> Result<Vec<u8>, CounterError> {
        let log = store.issued_copies(year)?;
        let job = log_job(&log, year, &office(store).unwrap_or_default(), date)?;
        Ok(self.press.print(&self.papers, &job)?)
    }
}

/// What the office of the store is called on its papers.
///
/// # Errors
/// [`CounterError::NoOffice`] when it has not been said, and when the store cannot be read.
pub fn office(store: &Store) -> Result<Office, CounterError> {
    let office: Option<Office> = store.setting(OFFICE)?;
    office.filter(|office| !office.name.is_empty()).ok_or(CounterError::NoOffice)
}

/// Says what the office of the store is called on its papers from now on.
///
/// # Errors
/// When the store cannot be written.
pub fn set_office(desk: &mut Desk, office: &Office, now: Timestamp) -> Result<(), StoreError> {
    let transaction = desk.begin(now)?;
    transaction.set(OFFICE, office)?;
    transaction.commit()
}

/// What the log says of a document, by its very bytes.
///
/// # Errors
/// When the store cannot be read.
pub fn verify_document(store: &Store, document: &[u8]) -> Result<Verification, StoreError> {
    Ok(store.copy_of_document(document)?.map_or(Verification::Unknown, standing))
}

/// What the log says of a code: its number must be there, with the same record and the same content.
///
/// # Errors
/// When the store cannot be read.
pub fn verify_code(store: &Store, code: &ProofCode) -> Result<Verification, StoreError> {
    let series = NumberSeries { symbol: code.symbol.clone(), year: code.year };
    let copy = match store.issued_copy(&CopyNumber { series, number: code.number }) {
        Ok(copy) => copy,
        Err(StoreError::Unknown(_)) => return Ok(Verification::Unknown),
        Err(error) => return Err(error),
    };
    let logged = ProofCode { hash: copy.content, record: copy.record.clone(), ..code.clone() };
    Ok(match logged.to_string() == code.to_string() {
        true => standing(copy),
        false => Verification::Differs(Box::new(copy)),
    })
}

fn standing(copy: IssuedCopy) -> Verification {
    match copy.voided {
        None => Verification::Holds(Box::new(copy)),
        Some(_) => Verification::Voided(Box::new(copy)),
    }
}

/// The request with the office's usual signer where it names none.
fn complete(order: &Order, office: &Office) -> Result<CopyRequest, CounterError> {
    let mut request = order.request.clone();
    if request.requester.trim().is_empty() {
        return Err(CounterError::NoRequester);
    }
    if request.signer.is_empty() {
        request.signer.clone_from(&office.signer.name);
        request.signer_title.clone_from(&office.signer.title);
    }
    if request.signer.is_empty() { Err(CounterError::NoSigner) } else { Ok(request) }
}

/// The picture of the entry; none when its page has none.
fn picture(
    folder: &Path,
    record: &RecordToIssue,
    size: PictureSize,
) -> Result<Option<Vec<u8>>, CounterError> {
    let Some(picture) = &record.picture else { return Ok(None) };
    let path = crate::store::page_image(folder, &picture.image);
    let page = fs::read(&path).map_err(|source| IssueError::Io { path, source })?;
    Ok(Some(cut(&page, picture.area(&record.record), size)?))
}
