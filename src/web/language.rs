//! The two languages of the pages. Every word stands in both, so the compiler finds what is missing.

use axum::extract::Path;
use axum::http::HeaderMap;
use axum::http::header::{REFERER, SET_COOKIE};
use axum::response::{AppendHeaders, IntoResponse, Redirect};

use crate::domain::{FieldName, Kind, Role, catalogue};

/// The name of the cookie that holds the language.
pub(super) const COOKIE: &str = "hotich-language";

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Language {
    /// tiếng Việt.
    #[default]
    Vietnamese,
    /// English.
    English,
}

impl Language {
    /// The language with this code; Vietnamese when there is none.
    pub fn of(code: &str) -> Self {
        if code == "en" { Self::English } else { Self::Vietnamese }
    }

    /// Its code (ISO 639-1).
    pub fn code(self) -> &'static str {
        match self {
            Self::Vietnamese => "vi",
            Self::English => "en",
        }
    }

    /// Its words.
    pub fn words(self) -> &'static Words {
        match self {
            Self::Vietnamese => &VIETNAMESE,
            Self::English => &ENGLISH,
        }
    }

    /// The words of the clerk's pages.
    pub fn clerk(self) -> &'static clerk::Words {
        match self {
            Self::Vietnamese => &clerk::VIETNAMESE,
            Self::English => &clerk::ENGLISH,
        }
    }

    /// The words of the clerk's pages as JSON, for their scripts.
    pub fn clerk_as_json(self) -> String {
        serde_json::to_string(self.clerk()).unwrap_or_default()
    }

    /// Its words as JSON, for the scripts of a page.
    pub fn words_as_json(self) -> String {
        serde_json::to_string(self.words()).unwrap_or_default()
    }

    /// What a field is called.
    pub fn field(self, kind: Kind, name: &FieldName) -> String {
        match self {
            Self::Vietnamese => catalogue::find(kind, name)
                .map_or_else(|| name.as_str().to_owned(), |entry| entry.label.clone()),
            Self::English => name.as_str().replace('.', " · ").replace('_', " "),
        }
    }

    /// What a kind of register is called.
    pub fn kind(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::Vietnamese, Kind::Birth) => "Khai sinh",
            (Self::Vietnamese, Kind::Marriage) => "Kết hôn",
            (Self::Vietnamese, Kind::Death) => "Khai tử",
            (Self::English, Kind::Birth) => "Birth",
            (Self::English, Kind::Marriage) => "Marriage",
            (Self::English, Kind::Death) => "Death",
        }
    }

    /// What a role is called.
    pub fn role(self, role: Role) -> &'static str {
        match (self, role) {
            (Self::Vietnamese, Role::Administrator) => "Quản trị",
            (Self::Vietnamese, Role::Archive) => "Lưu trữ",
            (Self::Vietnamese, Role::Verifier) => "Người kiểm",
            (Self::Vietnamese, Role::Clerk) => "Cán bộ hộ tịch",
            (Self::Vietnamese, Role::Supervisor) => "Giám sát",
            (Self::Vietnamese, Role::Auditor) => "Kiểm toán",
            (Self::English, Role::Administrator) => "Administrator",
            (Self::English, Role::Archive) => "Archive",
            (Self::English, Role::Verifier) => "Verifier",
            (Self::English, Role::Clerk) => "Clerk",
            (Self::English, Role::Supervisor) => "Supervisor",
            (Self::English, Role::Auditor) => "Auditor",
        }
    }
}

/// Keeps the language in a cookie and goes back.
pub(super) async fn choose(Path(code): Path<String>, headers: HeaderMap) -> impl IntoResponse {
    let language = Language::of(&code);
    let cookie = format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Strict", language.code());
    // Only the path of where the browser came from, never another host.
    let back = headers.get(REFERER).and_then(|header| header.to_str().ok());
    let path = back.and_then(|address| address.splitn(4, '/').nth(3)).unwrap_or_default();
    (AppendHeaders([(SET_COOKIE, cookie)]), Redirect::to(&format!("/{}", path.trim_start_matches('/'))))
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $vietnamese:literal, $english:literal;)*) => {
        /// The words of the pages.
        #[derive(Debug, serde::Serialize)]
        pub(in crate::web) struct Words {
            $($(#[$doc])* pub $name: &'static str,)*
        }
        pub(super) static VIETNAMESE: Words = Words { $($name: $vietnamese,)* };
        pub(super) static ENGLISH: Words = Words { $($name: $english,)* };
    };
}

pub(super) mod clerk;

words! {
    sign_in: "Đăng nhập", "Sign in";
    sign_out: "Đăng xuất", "Sign out";
    account_name: "Tên tài khoản", "Account name";
    full_name: "Họ và tên", "Full name";
    password: "Mật khẩu", "Password";
    password_again: "Nhập lại mật khẩu", "Password again";
    wrong_password: "Tên hoặc mật khẩu không đúng.", "Name or password is wrong.";
    wait: "Sai nhiều lần: hãy đợi rồi thử lại. Số giây còn phải đợi:", "Too many failures: wait, then try again. Seconds left:";
    passwords_differ: "Hai mật khẩu không giống nhau.", "The two passwords differ.";
    password_short: "Mật khẩu quá ngắn: ít nhất 10 ký tự.", "The password is too short: at least 10 characters.";
    welcome: "Đặt mật khẩu", "Set your password";
    link_used: "Đường dẫn này đã dùng hoặc đã hết hạn. Hãy xin quản trị một đường dẫn mới.", "This link was used or has expired. Ask the administrator for a new one.";
    save: "Lưu", "Save";
    verify: "Kiểm từng mục", "Field after field";
    groups: "Kiểm theo nhóm", "Groups";
    quality: "Tiến độ và chất lượng", "Progress and quality";
    accounts: "Tài khoản", "Accounts";
    skip_to_content: "Đến nội dung", "Skip to content";
    other_language: "English", "Tiếng Việt";
    no_role: "Tài khoản này chưa được giao việc. Hãy hỏi quản trị.", "This account has no task yet. Ask the administrator.";
    value: "Giá trị", "Value";
    ink: "Nét chữ", "Ink";
    confirm: "Xác nhận", "Confirm";
    as_written: "Đúng như sổ", "As the book has it";
    blank: "Để trống", "Blank";
    illegible: "Không đọc được", "Illegible";
    torn: "Rách, mất", "Torn off";
    struck: "Có gạch xóa", "Struck through";
    ask: "Hỏi đồng nghiệp", "Ask a colleague";
    undo: "Hoàn tác", "Undo";
    whole_page: "Xem cả trang", "Whole page";
    wider: "Xem rộng hơn", "Wider";
    skip: "Để sau", "Later";
    show_record: "Mở cả bản ghi", "Open the record";
    alternatives: "Các cách đọc khác", "Other readings";
    why: "Vì sao cần xem", "Why it is here";
    keys: "Phím tắt", "Keys";
    input_method: "Bộ gõ", "Input method";
    input_off: "Tắt (dùng bộ gõ của máy)", "Off (the computer's own)";
    done_today: "Hôm nay đã xong", "Done today";
    waiting: "Còn chờ", "Waiting";
    nothing_left: "Hết việc với bộ lọc này.", "Nothing is left for this filter.";
    loading: "Đang tải…", "Loading…";
    offline: "Mất kết nối: câu trả lời được giữ trong cửa sổ này và sẽ gửi lại.", "No connection: your answers are kept in this window and will be sent.";
    sent_later: "câu trả lời chưa gửi", "answers not sent yet";
    stale_settled: "Người khác đã xác nhận mục này trước:", "Somebody settled this field first:";
    stale_held: "Mục này đã giao cho người khác vì quá lâu không có tín hiệu.", "This task went to somebody else, for there was no sign of life.";
    stale_gone: "Trang đã được đọc lại; mục này không còn.", "The page was read again; this field is gone.";
    stale_overtaken: "Không hoàn tác được nữa: sau đó đã có việc khác.", "This cannot be undone any more: something was done since.";
    stale_changed: "Giá trị đã đổi trong lúc bạn xem; bây giờ là:", "The value changed while you looked; now it is:";
    not_understood: "Không hiểu được giá trị này cho loại mục này. Sửa lại, hoặc nhấn phím Đúng như sổ để giữ nguyên.", "This is nothing a field of this type can hold. Correct it, or say that the book has it so.";
    empty_value: "Ô trống: nhấn phím Để trống nếu trong sổ không ghi gì.", "Nothing typed: use the key for blank when the book has nothing there.";
    keyed: "Đã giữ; người thứ hai sẽ nhập lại.", "Kept; a second person will key it.";
    differs: "Khác với người trước; người thứ ba sẽ quyết định.", "It differs from the first; a third person will settle it.";
    undone: "Đã hoàn tác.", "Undone.";
    nothing_to_undo: "Không còn gì để hoàn tác.", "Nothing to undo.";
    asked_remark: "Lời nhắn cho đồng nghiệp (có thể để trống)", "A word to colleagues (may stay empty)";
    colleague_asks: "Đồng nghiệp hỏi", "A colleague asks";
    blind: "Nhập mù: gõ đúng những gì thấy trên trang.", "Blind keying: type what you see on the page.";
    third: "Hai người nhập khác nhau. Hãy tự đọc trước, rồi nhấn phím Xem hai cách nhập.", "Two people keyed it differently. Read it yourself first, then show the two keyings.";
    show_keyings: "Xem hai cách nhập", "Show the two keyings";
    filter_book: "Sổ", "Book";
    filter_field: "Mục", "Field";
    filter_kind: "Loại sổ", "Kind";
    filter_reason: "Lý do", "Reason";
    everything: "Tất cả", "All";
    apply: "Lọc", "Filter";
    group_read_as: "Máy đọc giống nhau là", "All read as";
    group_nothing: "(không có gì)", "(nothing)";
    group_pick: "Chọn ô khác với giá trị này; còn lại sẽ được xác nhận.", "Pick out what differs; the rest is confirmed.";
    group_confirm: "Xác nhận phần còn lại", "Confirm the rest";
    group_none: "Không còn nhóm nào đủ lớn.", "No group is large enough.";
    group_picked: "đã loại ra", "picked out";
    record: "Bản ghi", "Record";
    number_on_page: "Mục thứ", "Entry";
    page: "Trang", "Page";
    page_done: "Đã xem, không thiếu gì", "Looked at, nothing is missing";
    book: "Sổ", "Book";
    form: "Mẫu", "Form";
    fields: "Các mục", "Fields";
    status: "Tình trạng", "Status";
    settled_by: "Người xác nhận", "Settled by";
    history: "Lịch sử", "History";
    zoom_in: "Phóng to", "Zoom in";
    zoom_out: "Thu nhỏ", "Zoom out";
    rotate: "Xoay", "Rotate";
    fit: "Vừa khung", "Fit";
    rules_asking: "Quy tắc hỏi lại", "Rules that ask";
    machine: "máy", "machine";
    read_fields: "Đã đọc", "Read";
    accepted: "Máy nhận", "Accepted";
    settled: "Người xác nhận", "Settled by people";
    to_do: "Còn phải xem", "To do";
    today: "Hôm nay", "Today";
    audited: "Kiểm lại", "Audited";
    audited_error: "Sai khi kiểm lại", "Audited error";
    bound: "cận trên 95 %", "95 % bound";
    disagreement: "Nhập đôi lệch nhau", "Keyings that differ";
    pace: "Nhịp độ theo cách trả lời", "Pace by kind of answer";
    per_hour: "mục mỗi giờ", "fields an hour";
    answers_by_day: "Câu trả lời theo ngày", "Answers by day";
    seeded: "Câu có sẵn đáp án", "Tasks with known answers";
    wrong: "sai", "wrong";
    roles: "Vai trò", "Roles";
    active: "Đang dùng", "In use";
    add_account: "Thêm tài khoản", "Add an account";
    new_link: "Tạo đường dẫn đặt mật khẩu", "Make a link to set a password";
    one_time_link: "Đường dẫn dùng một lần (ba ngày), hãy trao tận tay:", "One-time link (three days), hand it over in person:";
    policy: "Cách kiểm", "How fields are verified";
    double_keying: "Mục trọng yếu: hai người nhập mù, người thứ ba quyết định", "Fields an extract is about: two key blind, a third settles";
    audit_share: "Phần mục máy nhận được kiểm lại (%)", "Share of accepted fields that are audited (%)";
    seed_share: "Phần câu có sẵn đáp án (%)", "Share of tasks with known answers (%)";
    events: "Nhật ký tài khoản", "Log of accounts";
    bad_name: "Tên tài khoản chỉ gồm chữ thường không dấu, số, dấu chấm và gạch nối.", "An account name has small letters without accents, figures, dots and hyphens only.";
    name_taken: "Đã có tài khoản tên này.", "There is an account of that name.";
    choose_role: "Chọn ít nhất một vai trò.", "Choose at least one role.";
    yourself: "Bạn không thể tự khóa hay tự bỏ quyền quản trị của mình.", "You cannot close your own account or give up your own administration.";
    redraw: "Vẽ lại ô", "Draw the box anew";
    draw_help: "Kéo chuột để vẽ ô; hoặc phím mũi tên để dời, Shift và mũi tên để đổi cỡ (Ctrl: từng điểm). Enter: xong. Esc: thôi.", "Draw the box with the mouse; or move it with the arrow keys and size it with Shift and arrows (Ctrl: by one). Enter: done. Esc: cancel.";
    draw_done: "Đọc ô này", "Read this box";
    cancel: "Thôi", "Cancel";
    reading: "Đang đọc…", "Reading…";
    read_again: "Đã đọc lại", "Read again";
    try_again: "Mất kết nối; hãy thử lại.", "No connection; try again.";
    page_unreadable: "Không đọc được ảnh của trang này.", "The picture of this page cannot be read.";
    bad_box: "Ô quá nhỏ hoặc nằm ngoài trang.", "The box is too small or lies off the page.";
    empty_reason: "Hãy ghi lý do.", "Say why.";
    whole_entry: "Cả bản ghi", "The entry as a whole";
    open_page: "Mở trang (thêm mục bị sót, mục đã rút)", "Open the page (missed and withdrawn entries)";
    entries_here: "Các mục trên trang", "Entries on the page";
    add_entry: "Thêm mục bị sót", "Add a missed entry";
    add_help: "Chọn mẫu, rồi vẽ khung quanh cả mục.", "Choose the form, then draw a frame around the whole entry.";
    draw_entry: "Vẽ khung", "Draw the frame";
    entry_number: "Số (nếu đọc được)", "Number (if it can be read)";
    withdraw: "Rút: đây không phải là một mục", "Withdraw: this is no entry";
    withdraw_reason: "Lý do", "Reason";
    withdrawn_entries: "Mục đã rút", "Withdrawn entries";
    bring_back: "Đưa trở lại", "Bring back";
    correct_form: "Sửa mẫu", "Correct the form";
    event_added: "thêm mục", "entry added";
    event_withdrawn: "rút", "withdrawn";
    event_brought_back: "đưa trở lại", "brought back";
    event_form_corrected: "sửa mẫu", "form corrected";
    event_box_moved: "vẽ lại ô", "box drawn anew";
    event_undone: "hoàn tác", "undone";
    placed_by: "Ô do người vẽ", "Box drawn by";
    confidence: "Khả năng đúng", "Likely right";
    in_the_entry: "trong cùng bản ghi", "in the same entry";
    verified_as: "Đã xác nhận", "Verified";
}

#[cfg(test)]
mod tests {
    use super::Language;
    use crate::domain::Kind;

    #[test]
    fn fields_have_names_in_both_languages() {
        let name = "child.birth_date".into();
        assert_eq!(Language::English.field(Kind::Birth, &name), "child · birth date");
        assert!(Language::Vietnamese.field(Kind::Birth, &name).contains("sinh"));
        assert_eq!(Language::of("fr"), Language::Vietnamese);
    }

    #[test]
    fn no_word_is_empty() {
        for language in [Language::Vietnamese, Language::English] {
            for words in [language.words_as_json(), language.clerk_as_json()] {
                let words: serde_json::Value = serde_json::from_str(&words).unwrap();
                for (name, word) in words.as_object().unwrap() {
                    assert!(!word.as_str().unwrap().is_empty(), "{name}");
                }
            }
        }
    }
}
