//! Many fields at once that were read alike: accept all but those picked out.

use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::response::Html;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::WebError;
use super::guard::Person;
use super::language::Language;
use super::routes::Place;
use super::state::Shared;
use super::telling::{Frame, shown};
use super::verification::{answer_of, check_word};
use crate::domain::{FieldName, FieldType, Kind, catalogue};
use crate::store::desk::{Action, Answer, Group, Said};
use crate::store::{Store, Verdict};
use crate::trust::bound::upper_bound;

/// Misses a screen may hold on average, at the upper bound of what was measured.
const MISSES_A_SCREEN: f64 = 0.2;
/// The size while nothing has been measured yet, and its bounds.
const START: usize = 16;
/// See [`START`].
const SMALLEST: usize = 8;
/// See [`START`].
const LARGEST: usize = 60;

#[derive(Template)]
#[template(path = "groups.html")]
struct GroupsPage {
    frame: Frame,
    words: String,
    book: String,
}

/// The book to work on, when one is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    book: String,
}

/// The page; the groups come later.
pub(super) async fn page(
    Person(account): Person,
    language: Language,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    let frame = Frame::new(language, &account, Some(Place::Groups));
    let words = language.words_as_json();
    Ok(Html(GroupsPage { frame, words, book: asked.book }.render()?))
}

/// What a window asks for.
#[derive(Debug, Deserialize)]
pub(super) struct GroupWanted {
    lease: String,
    #[serde(default)]
    book: String,
    /// Groups that the window does not want again: field and value.
    #[serde(default)]
    without: Vec<(String, String)>,
}

/// One crop.
#[derive(Debug, Serialize)]
pub(super) struct Member {
    entry: i64,
    picture: String,
}

/// A screen of crops.
#[derive(Debug, Serialize)]
pub(super) struct Screen {
    book: String,
    field: String,
    label: String,
    value: String,
    shown: String,
    waiting: usize,
    members: Vec<Member>,
}

/// Hands out the largest group that is free.
pub(super) async fn next(
    State(shared): State<Shared>,
    Person(account): Person,
    language: Language,
    Json(asked): Json<GroupWanted>,
) -> Result<Json<Option<Screen>>, WebError> {
    check_word(&asked.lease)?;
    let policy = shared.readers.read(Store::policy).await?;
    let find = move |store: &Store| {
        let book = (!asked.book.is_empty()).then_some(asked.book.as_str());
        let groups = store.groups(book, 50)?;
        let free = |group: &&Group| {
            let without = asked
                .without
                .iter()
                .any(|(field, value)| field == group.field.as_str() && *value == group.value);
            !without && !Kind::ALL.into_iter().any(|kind| policy.needs_two(kind, &group.field))
        };
        let group = groups.iter().find(free).cloned();
        Ok((group, store.group_misses()?, asked.lease))
    };
    let (group, misses, lease) = shared.readers.read(find).await?;
    let Some(group) = group else { return Ok(Json(None)) };
    let (size, wanted) = (screen_size(misses), group.clone());
    let members =
        shared.writer.write(move |desk| desk.lease_group(&wanted, (account.id, &lease), size)).await?;
    let kind = Kind::ALL.into_iter().find(|kind| catalogue::find(*kind, &group.field).is_some());
    let field_type = kind.map_or(FieldType::Text, |kind| catalogue::field_type(kind, &group.field));
    Ok(Json(Some(Screen {
        label: language.field(kind.unwrap_or(Kind::Birth), &group.field),
        shown: shown(field_type, &group.value),
        waiting: group.count,
        members: members
            .iter()
            .map(|member| Member {
                entry: member.entry,
                picture: format!("/pictures/field/{}/{}", member.entry, member.field),
            })
            .collect(),
        book: group.book,
        field: group.field.as_str().to_owned(),
        value: group.value,
    })))
}

/// How many crops a screen may show, so that on average no more than a fifth of one is missed: from how
/// many of those confirmed together were found wrong when another person looked.
fn screen_size((looked_at, missed): (u64, u64)) -> usize {
    if looked_at == 0 {
        return START;
    }
    let bound = upper_bound(missed, looked_at);
    ((MISSES_A_SCREEN / bound.max(1e-6)) as usize).clamp(SMALLEST, LARGEST)
}

/// A screen that was answered.
#[derive(Debug, Deserialize)]
pub(super) struct GroupAnswered {
    id: String,
    lease: String,
    field: String,
    value: String,
    confirmed: Vec<i64>,
    #[serde(default)]
    seconds: Option<f64>,
}

/// Confirms all that were not picked out; those go back into the queue.
pub(super) async fn answer(
    State(shared): State<Shared>,
    Person(account): Person,
    Json(given): Json<GroupAnswered>,
) -> Result<Json<Value>, WebError> {
    check_word(&given.id)?;
    check_word(&given.lease)?;
    let verdict = if given.value.is_empty() { Verdict::Blank } else { Verdict::Value(given.value.clone()) };
    let each = given.seconds.map(|seconds| seconds / given.confirmed.len().max(1) as f64);
    let answers: Vec<Answer> = given
        .confirmed
        .iter()
        .map(|entry| Answer {
            lease: Some(given.lease.clone()),
            seconds: each,
            shown: Some(given.value.clone()),
            ..answer_of(
                &account,
                format!("{}-{entry}", given.id),
                *entry,
                FieldName::from(given.field.as_str()).as_str().to_owned(),
                Action::Grouped,
                Said::Verdict(verdict.clone()),
            )
        })
        .collect();
    let lease = given.lease;
    let put_down = move |desk: &crate::store::DeskTransaction<'_>| {
        let mut overtaken = Vec::new();
        for answer in &answers {
            if desk.answer(answer)?.is_err() {
                overtaken.push(answer.entry);
            }
        }
        desk.release(account.id, &lease)?;
        Ok((answers.len() - overtaken.len(), overtaken))
    };
    let (settled, overtaken) = shared.writer.write(put_down).await?;
    Ok(Json(json!({ "settled": settled, "overtaken": overtaken })))
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, SMALLEST, START, screen_size};

    #[test]
    fn screens_grow_as_people_miss_less() {
        assert_eq!(screen_size((0, 0)), START);
        assert_eq!(screen_size((20, 5)), SMALLEST);
        assert_eq!(screen_size((5000, 0)), LARGEST);
        assert!((SMALLEST..LARGEST).contains(&screen_size((500, 3))));
    }
}
