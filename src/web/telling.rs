//! How values, statuses and reasons are told to people.

use super::language::{Language, Words};
use super::routes::{Place, places};
use crate::domain::{DraftField, FieldStatus, FieldType, FiredRule, PartialDate, Reason};
use crate::store::desk::{Account, EntryChange, EntryView};

/// What stands around every page of somebody who is signed in.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The words.
    pub words: &'static Words,
    /// The language.
    pub language: Language,
    /// What the person is called.
    pub person: String,
    /// The menu: address, name, whether it is this page.
    pub menu: Vec<(&'static str, &'static str, bool)>,
}

impl Frame {
    /// The frame of the page `here` for `account`.
    pub fn new(language: Language, account: &Account, here: Option<Place>) -> Self {
        let words = language.words();
        let name = |place| match place {
            Place::Search => language.clerk().search,
            Place::Copies => language.clerk().copies_log,
            Place::Office => language.clerk().office_page,
            Place::Lookups => language.clerk().lookups,
            Place::Verify => words.verify,
            Place::Groups => words.groups,
            Place::Quality => words.quality,
            Place::Accounts => words.accounts,
        };
        let menu = places(&account.roles);
        let menu = menu.into_iter().map(|(path, place)| (path, name(place), here == Some(place)));
        Self { words, language, person: account.full_name.clone(), menu: menu.collect() }
    }

    /// The code of the other language.
    pub fn other(&self) -> &'static str {
        match self.language {
            Language::Vietnamese => "en",
            Language::English => "vi",
        }
    }
}

/// A value as people write it: dates as 12/8/1956, sexes as Nam and Nữ, everything else as it is.
pub(super) fn shown(field_type: FieldType, value: &str) -> String {
    match field_type {
        FieldType::Date | FieldType::DateWords => date(value),
        FieldType::Sex => match value {
            "male" => "Nam".to_owned(),
            "female" => "Nữ".to_owned(),
            "unknown" => "Không rõ".to_owned(),
            other => other.to_owned(),
        },
        _ => value.to_owned(),
    }
}

fn date(value: &str) -> String {
    let Ok(date) = value.parse::<PartialDate>() else { return value.to_owned() };
    match (date.day(), date.month()) {
        (Some(day), Some(month)) => format!("{day}/{month}/{}", date.year()),
        (None, Some(month)) => format!("{month}/{}", date.year()),
        _ => date.year().to_string(),
    }
}

/// What was done to an entry, in words.
pub(super) fn entry_change(language: Language, change: EntryChange) -> &'static str {
    let words = language.words();
    match change {
        EntryChange::Added => words.event_added,
        EntryChange::Withdrawn => words.event_withdrawn,
        EntryChange::BroughtBack => words.event_brought_back,
        EntryChange::FormCorrected => words.event_form_corrected,
        EntryChange::BoxMoved => words.event_box_moved,
        EntryChange::Undone => words.event_undone,
    }
}

/// A status in words.
pub(super) fn status(language: Language, status: FieldStatus) -> &'static str {
    let words = language.words();
    match (language, status) {
        (_, FieldStatus::Accepted) => words.accepted,
        (_, FieldStatus::Verified) => words.verified_as,
        (_, FieldStatus::Blank) => words.blank,
        (_, FieldStatus::Illegible) => words.illegible,
        (_, FieldStatus::Torn) => words.torn,
        (Language::Vietnamese, FieldStatus::Review) => "Cần xem",
        (Language::English, FieldStatus::Review) => "To review",
    }
}

/// The word of the queue for a reason, in words; unknown ones as they are.
pub(super) fn reason_word(language: Language, word: &str) -> &str {
    match (language, word) {
        (Language::Vietnamese, "not_sure") => "Máy đọc chưa chắc",
        (Language::English, "not_sure") => "The machine is not sure enough",
        (Language::Vietnamese, "too_few_verified") => {
            "Loại mục này chưa có đủ giá trị đã kiểm để máy tự nhận"
        }
        (Language::English, "too_few_verified") => "Too few verified values of this sort to accept any",
        (Language::Vietnamese, "blank_not_sure") => "Không đọc thấy gì, nhưng chưa chắc là để trống",
        (Language::English, "blank_not_sure") => {
            "Nothing was read, and it is not sure that nothing is written"
        }
        (Language::Vietnamese, "rule") => "Một quy tắc hỏi lại",
        (Language::English, "rule") => "A rule asks",
        (Language::Vietnamese, "out_of_sequence") => "Số hoặc ngày không nối tiếp các mục bên cạnh",
        (Language::English, "out_of_sequence") => "The number or date does not run on with its neighbours",
        (Language::Vietnamese, "unlike_the_book") => "Cả sổ nhiều lần ghi gần giống mà khác",
        (Language::English, "unlike_the_book") => "The book says nearly the same many times",
        (Language::Vietnamese, "struck") => "Có chữ bị gạch bỏ",
        (Language::English, "struck") => "Something in it is struck through",
        (Language::Vietnamese, "astray") => "Nằm khác chỗ so với các mục khác trong sổ",
        (Language::English, "astray") => "It stands elsewhere than in the other entries of the book",
        (Language::Vietnamese, "unlike_linked") => "Mục khác về cùng người hoặc cùng việc ghi khác",
        (Language::English, "unlike_linked") => "An entry about the same event or person says something else",
        (Language::Vietnamese, "unlike_keyed") => "Bảng tính đã nhập trước ghi khác",
        (Language::English, "unlike_keyed") => "A spreadsheet keyed earlier says something else",
        (Language::Vietnamese, "sent_back") => "Phần mềm của Bộ trả lại dòng này",
        (Language::English, "sent_back") => "The Ministry's software sent this row back",
        (Language::Vietnamese, "nobody_registered") => "Tên người được đăng ký đang trống",
        (Language::English, "nobody_registered") => "The name of whom the entry is about is blank",
        (Language::Vietnamese, "page_unsound") => "Trang có mục không đọc được số, có thể cắt sai dòng",
        (Language::English, "page_unsound") => {
            "A number on the page was not read: its rows may be cut wrongly"
        }
        (Language::Vietnamese, "bound_broken") => "Kiểm lại cho thấy loại mục này sai quá mức",
        (Language::English, "bound_broken") => "Audits found too many errors in this sort of field",
        (_, other) => other,
    }
}

/// The word for what is odd about a page, in words; unknown ones as they are.
pub(super) fn page_reason(language: Language, word: &str) -> &str {
    match (language, word) {
        (Language::Vietnamese, "unknown_form") => "Mẫu chưa biết",
        (Language::English, "unknown_form") => "The form is not known",
        (Language::Vietnamese, "no_entries") => "Mẫu đã biết, nhưng không thấy mục nào được ghi",
        (Language::English, "no_entries") => "A known form, and no entry seems filled in",
        (Language::Vietnamese, "skew_unsure") => "Không chắc góc nghiêng",
        (Language::English, "skew_unsure") => "The angle is not sure",
        (Language::Vietnamese, "cut_edges") => "Ảnh bị cắt mép",
        (Language::English, "cut_edges") => "A side of the sheet is cut off",
        (Language::Vietnamese, "unfilled_entry") => "Có mục bị coi là chưa ghi: hãy xem có thiếu không",
        (Language::English, "unfilled_entry") => {
            "An entry was taken as not filled in: see whether it is missing"
        }
        (_, other) => other,
    }
}

/// Why somebody must look at a field, in plain words, with what speaks against its value.
pub(super) fn reasons(language: Language, entry: &EntryView, field: &DraftField) -> Vec<String> {
    let told = |reason: &Reason| match reason {
        Reason::Rule(id) => rule(language, entry, field, id),
        other => {
            let word = serde_json::to_value(other).ok();
            let word = word.as_ref().and_then(|word| word.as_str()).unwrap_or("rule");
            reason_word(language, word).to_owned()
        }
    };
    field.reasons.iter().map(told).collect()
}

/// What a broken rule says, and the other values it compares.
fn rule(language: Language, entry: &EntryView, field: &DraftField, id: &str) -> String {
    let fired = entry.rules.iter().find(|rule| rule.rule == id && rule.fields.contains(&field.name));
    let message = fired.map_or(id, |rule| rule_text(language, rule)).to_owned();
    let others = fired.into_iter().flat_map(|rule| &rule.fields).filter(|name| **name != field.name);
    let values = others.filter_map(|name| {
        let other = &entry.field(name)?.field;
        let label = language.field(entry.kind, name);
        Some(format!("{label}: {}", shown(other.field_type, &other.value)))
    });
    let values: Vec<String> = values.collect();
    if values.is_empty() { message } else { format!("{message} ({})", values.join("; ")) }
}

/// What a broken rule says.
pub(super) fn rule_text(language: Language, rule: &FiredRule) -> &str {
    match language {
        Language::Vietnamese => vietnamese_rule(&rule.rule).unwrap_or(&rule.message),
        Language::English => &rule.message,
    }
}

/// What the rules of `models/lists/validation_rules.csv` ask, in Vietnamese.
fn vietnamese_rule(id: &str) -> Option<&'static str> {
    Some(match id {
        "V001" => "Không đọc được số của mục đăng ký",
        "V007" => "Quyển số không có dạng số/năm",
        "V008" => "Năm đăng ký không hợp với năm của sổ",
        "V009" => "Năm sau số đăng ký khác năm đăng ký",
        "V014" => "Có ghi chữ ở mục ngày, nhưng không thành một ngày có thật",
        "V016" => "Đăng ký trước khi có đăng ký hộ tịch (6/1956)",
        "V017" => "Sinh sau ngày đăng ký khai sinh",
        "V018" => "Loại đăng ký không hợp với số ngày từ khi sinh",
        "V019" => "Hơn 14 năm từ khi sinh đến khi đăng ký mà không ghi là quá hạn",
        "V020" => "Mẹ dưới 12 hoặc trên 55 tuổi khi sinh",
        "V021" => "Cha dưới 12 hoặc trên 80 tuổi khi sinh",
        "V022" => "Chết sau ngày đăng ký khai tử",
        "V023" => "Chết trước khi sinh, hoặc hơn 115 tuổi",
        "V024" => "Loại đăng ký không hợp với số ngày từ khi chết",
        "V026" => "Giờ không có trong ngày",
        "V030" => "Chồng dưới 20 hoặc vợ dưới 18 tuổi",
        "V031" | "V032" => "Chồng chưa sang tuổi 20 hoặc vợ chưa sang tuổi 18",
        "V033" => "Chồng dưới 18 hoặc vợ dưới 15 tuổi",
        "V035" => "Vợ và chồng trùng họ tên và ngày sinh",
        "V036" => "Số giấy tờ cho biết giới tính khác",
        "V037" => "Kết hôn lần hai trở lên mà ghi chú không nói đến lần trước",
        "V038" => "Ngày bằng số và ngày bằng chữ khác nhau",
        "V040" => "Ngày âm lịch hoặc dùng chữ của âm lịch",
        "V042" => "Năm chỉ có hai chữ số và sổ không cho biết thế kỷ",
        "V043" => "Ghi tuổi ở chỗ của ngày",
        "V044" => "Tên không có từ hai đến sáu âm tiết, hoặc không bắt đầu bằng một họ đã biết",
        "V045" => "Tên có ký hiệu không dùng trong tên",
        "V046" => "Con không mang họ của cha hay mẹ",
        "V047" => "Tên đệm thường dùng cho giới tính kia",
        "V049" => "Có dấu đứng một mình",
        "V050" => "Tên không viết hoa như mẫu từ 7/2020",
        "V051" => "Có ghi giới tính nhưng không phải nam hay nữ",
        "V052" => "Dân tộc không có trong danh mục",
        "V053" => "Dân tộc của con khác cả cha và mẹ",
        "V054" => "Quốc tịch không có trong danh mục",
        "V055" => "Số giấy tờ không có 9 hay 12 chữ số",
        "V056" => "12 chữ số không đúng dạng số định danh",
        "V057" => "Số định danh không hợp với giới tính hay năm sinh",
        "V068" => "Ghi chú có chữ không đọc được",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::shown;
    use crate::domain::FieldType;

    #[test]
    fn values_are_shown_as_people_write_them() {
        for (field_type, value, text) in [
            (FieldType::Date, "1956-08-12", "12/8/1956"),
            (FieldType::Date, "1956-08", "8/1956"),
            (FieldType::DateWords, "1956", "1956"),
            (FieldType::Date, "hôm qua", "hôm qua"),
            (FieldType::Sex, "female", "Nữ"),
            (FieldType::PersonName, "Lê An", "Lê An"),
        ] {
            assert_eq!(shown(field_type, value), text);
        }
    }
}
