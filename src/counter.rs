//! The clerk's counter: a copy is made of a record as it stands in the store, numbered and logged, all in one
//! transaction. The command line and the web pages issue through here.

mod office;
mod verification;

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::{
    CopyRequest, IssuedCopy, LoggedPaper, MadeCopy, Missing, NumberSeries, RecordName, RecordToIssue,
    VerifiedRecord,
};
use crate::issue::{
    self, CertificateLines, Extract, PictureSize, Press, Typeface, certificate_job, cut, entry_page_job,
    log_job,
};
use crate::store::{Desk, DeskTransaction, Store, StoreError};

pub use crate::issue::{IssueError, LOG_COLUMNS, Office, Paper, Papers, Signer, log_row, log_sheet};
pub use office::{office, put_office, set_office};
pub use verification::{Verification, verify_code, verify_document};

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

    /// Carries out the order with this `id`, which whoever orders makes, within a transaction; an order that was carried
    /// out before gives the copy that was made then.
    ///
    /// # Errors
    /// As [`Counter::issue`].
    pub fn issue_once(
        &self,
        transaction: &DeskTransaction<'_>,
        office: (&Office, &Path),
        (id, order): (&str, &Order),
    ) -> Result<IssuedCopy, CounterError> {
        if let Some(copy) = transaction.copy_of_order(id)? {
            return Ok(copy);
        }
        let (copy, _) = self.issue_within(transaction, office, order)?;
        transaction.note_order(id, &copy)?;
        Ok(copy)
    }

    /// How a copy would look, marked as no paper of the office and without a number.
    ///
    /// # Errors
    /// As [`Counter::issue`]; a signer and a requester need not be named.
    pub fn preview(&self, store: &Store, order: &Order) -> Result<Vec<u8>, CounterError> {
        let office = office(store).unwrap_or_default();
        let record = store.record_to_issue(&order.record)?;
        let paper = self.paper(order.paper.as_deref(), &record)?;
        let request = with_signer(order, &office);
        let picture = if order.proof { picture(store.folder(), &record, PictureSize::PROOF)? } else { None };
        let extract = extract(paper, &record, (&office, &request))?.into_specimen();
        Ok(self.press.print(&self.papers, &extract.job(0, picture)?)?)
    }

    /// The paper called `name` with invented data, to look at its layout.
    ///
    /// # Errors
    /// [`IssueError::UnknownPaper`], and when it cannot be set.
    pub fn specimen(&self, name: &str, date: Date) -> Result<Vec<u8>, IssueError> {
        let extract = issue::specimen(self.papers.find(name)?, date)?;
        self.press.print(&self.papers, &extract.job(1, None)?)
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
        let extract = extract(paper, record, (office, request))?;
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

    /// The log, `copies` of `year` (of every year when there is none), as PDF, as it stands on `date`.
    ///
    /// # Errors
    /// When the store cannot be read or the log cannot be set.
    pub fn log(
        &self,
        store: &Store,
        (copies, year): (&[IssuedCopy], Option<i16>),
        date: Date,
    ) -> Result<Vec<u8>, CounterError> {
        let job = log_job(copies, year, &office(store).unwrap_or_default(), date)?;
        Ok(self.press.print(&self.papers, &job)?)
    }
}

/// The request as it goes into the log: with somebody who asks and somebody who signs.
fn complete(order: &Order, office: &Office) -> Result<CopyRequest, CounterError> {
    if order.request.requester.trim().is_empty() {
        return Err(CounterError::NoRequester);
    }
    let request = with_signer(order, office);
    if request.signer.is_empty() { Err(CounterError::NoSigner) } else { Ok(request) }
}

/// The request with the office's usual signer where it names none.
fn with_signer(order: &Order, office: &Office) -> CopyRequest {
    let mut request = order.request.clone();
    if request.signer.is_empty() {
        request.signer.clone_from(&office.signer.name);
        request.signer_title.clone_from(&office.signer.title);
    }
    request
}

/// What a copy of the record says.
fn extract(
    paper: &Paper,
    record: &RecordToIssue,
    (office, request): (&Office, &CopyRequest),
) -> Result<Extract, IssueError> {
    let verified = VerifiedRecord::new(&record.record, &paper.fields).map_err(IssueError::Unverified)?;
    let signer = Signer { name: request.signer.clone(), title: request.signer_title.clone() };
    Extract::new(paper, &verified, (office, &signer), &record.registered_at, request.on)
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
