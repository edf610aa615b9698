//! The words of the clerk's pages: search, look-ups, issuing, the log of copies, the office.

words! {
    search: "Tra cứu", "Search";
    search_box: "Tìm người, ngày, số hay nơi", "A person, a date, a number or a place";
    search_hint: "Ví dụ: nguyen thi lan 1975 · sinh 12/8/1956 hai ba trung · số 45/1978 · mẹ trần thị đào", "For instance: nguyen thi lan 1975 · sinh 12/8/1956 hai ba trung · số 45/1978 · mẹ trần thị đào";
    search_keys: "↑ ↓ chọn, Enter mở", "↑ ↓ to choose, Enter to open";
    understood: "Hiểu là", "Understood as";
    name_or_place: "tên hoặc nơi", "name or place";
    number: "số", "number";
    years: "năm", "years";
    year_from: "Từ năm", "From year";
    year_to: "Đến năm", "To year";
    office: "Cơ quan đăng ký", "Registered at";
    sex: "Giới tính", "Sex";
    male: "Nam", "Male";
    female: "Nữ", "Female";
    role: "Vai trò trong sổ", "Role in the entry";
    found: "kết quả", "found";
    found_more: "còn nữa: hãy gõ thêm", "there are more: type more";
    found_nothing: "Không tìm thấy. Hãy bớt chữ hoặc bỏ bộ lọc.", "Nothing found. Try fewer words, or drop a filter.";
    state_verified: "Đã kiểm", "Verified";
    state_unverified: "Chưa kiểm hết", "Not all verified";
    state_to_settle: "mục chưa kiểm", "fields to verify";
    other_reading: "cách đọc khác, chưa ai kiểm", "another reading, verified by nobody";
    purpose: "Mục đích tra cứu", "Purpose of the look-up";
    purpose_issue: "Cấp bản sao", "Issue a copy";
    purpose_verify: "Kiểm dữ liệu", "Verify";
    purpose_correct: "Cải chính, bổ sung", "Correct";
    purpose_other: "Việc khác", "Other";
    purpose_remark: "Việc gì", "What it is";
    purpose_first: "Hãy chọn mục đích tra cứu trước khi mở bản ghi; lần mở được ghi vào nhật ký.", "Choose the purpose before opening a record; the opening is logged.";
    next_citizen: "Người dân khác", "Next citizen";
    lookups: "Nhật ký tra cứu", "Log of look-ups";
    lookup_who: "Người tra", "Who";
    lookup_record: "Bản ghi", "Record";
    lookup_day: "Ngày (UTC)", "Day (UTC)";
    lookup_at: "Lúc (UTC)", "When (UTC)";
    lookup_none: "Không có lần tra cứu nào.", "No look-ups.";
    download_csv: "Tải CSV", "Download CSV";
    newer: "Mới nhất", "Latest";
    older: "Cũ hơn", "Older";
    apply: "Lọc", "Filter";
    related: "Có thể là cùng người", "May be the same person";
    related_none: "Chưa thấy bản ghi nào có thể liên quan.", "No entry is known that may belong here.";
    related_note: "Máy đề xuất; không bản ghi nào bị gộp.", "Proposed by the machine; no entries are ever merged.";
    link_event: "cùng một sự kiện", "the same event";
    link_person: "cùng một người", "the same person";
    link_parents: "cùng cha mẹ", "the same parents";
    link_same: "Đúng", "Right";
    link_not: "Không phải", "Not so";
    link_confirmed: "Đã xác nhận", "Confirmed";
    link_refused: "Đã bác", "Refused";
    link_proposed: "Máy đề xuất", "Proposed";
    copies_of_it: "Bản sao đã cấp", "Copies issued";
    copies_none: "Chưa cấp bản sao nào.", "No copy has been issued.";
    notes_and_changes: "Ghi chú và thay đổi về sau", "Notes and later changes";
    notes_none: "Không có ghi chú.", "No notes.";
    issue: "Cấp bản sao", "Issue a copy";
    to_settle: "Cần kiểm trước khi cấp", "To be verified before issuing";
    to_settle_none: "Mọi mục trọng yếu đã được người kiểm.", "People have verified every critical field.";
    settle_keys: "Enter xác nhận và sang mục sau; Alt T để trống, Alt K không đọc được", "Enter confirms and goes on; Alt T blank, Alt K illegible";
    why_nobody_settled_it: "Chưa người nào kiểm", "Nobody has verified it";
    why_rule_blocks: "Một quy tắc hỏi lại", "A rule asks";
    why_not_sure: "Máy đọc chưa chắc", "The machine is not sure";
    why_illegible: "Người kiểm không đọc được: hãy tra bản sổ khác", "People could not read it: look into another copy of the book";
    request: "Yêu cầu", "Request";
    requester: "Họ tên người yêu cầu", "Requester";
    relation: "Quan hệ với người được đăng ký", "Relation to the person registered";
    identity_paper: "Giấy tờ tùy thân", "Identity paper";
    copies: "Số bản", "Copies";
    fee: "Lệ phí (đồng)", "Fee (đồng)";
    paper: "Loại giấy", "Paper";
    proof: "Kèm trang đối chiếu có ảnh trong sổ", "With the proof page (picture of the entry)";
    note: "Ghi chú vào sổ cấp", "Note for the log";
    signer: "Người ký", "Signer";
    signer_title: "Chức vụ người ký", "Office of the signer";
    preview: "Xem thử", "Preview";
    issue_now: "Cấp số và in", "Give a number and print";
    issued: "Đã cấp", "Issued";
    open_document: "Mở bản PDF", "Open the PDF";
    issue_another: "Cấp bản khác", "Issue another";
    office_unset: "Chưa khai tên cơ quan cấp và người ký.", "The issuing office and its signer are not set.";
    office_ask: "Hãy nhờ quản trị khai ở trang Cơ quan.", "Ask the administrator to set them on the page Office.";
    office_page: "Cơ quan", "Office";
    copies_log: "Sổ cấp bản sao", "Log of copies";
    voided: "HỦY", "VOIDED";
    void: "Hủy bản in hỏng", "Void a spoiled print";
    void_reason: "Lý do hủy", "Reason";
    reprint: "In lại", "Reprint";
    year: "Năm", "Year";
    all_years: "Mọi năm", "Every year";
    all_kinds: "Mọi loại", "Every kind";
    log_pdf: "In sổ (PDF)", "Print the log (PDF)";
    log_xlsx: "Tải XLSX", "Download XLSX";
    log_empty: "Sổ chưa có bản sao nào.", "The log is empty.";
    superior: "Cơ quan cấp trên (dòng đầu)", "Office above it (first line)";
    office_name: "Tên cơ quan cấp", "Name of the issuing office";
    office_place: "Địa danh trước ngày tháng", "Place in front of the date";
    fee_each: "Lệ phí một bản (đồng)", "Fee for one copy (đồng)";
    first_numbers: "Số đầu trong năm", "First number of the year";
    first_numbers_why: "Chỉ khi giữa năm mới bắt đầu cấp ở đây: số bản sao đầu tiên, nối tiếp sổ giấy.", "Only for an office that begins here in the middle of a year: the number of its first copy, going on from the paper log.";
    first_number: "Số bắt đầu", "First number";
    first_number_taken: "Năm nay đã cấp bản sao loại này: số không đổi được nữa.", "Copies of this series have been issued this year: its first number can no longer change.";
    set_already: "đã đặt", "set";
    saved: "Đã lưu.", "Saved.";
    name_office: "Hãy ghi tên cơ quan.", "Give the office a name.";
    see_papers: "Xem mẫu giấy", "See the papers";
    prints_nothing: "Máy chủ này không in được giấy tờ:", "This server cannot print papers:";
    no_requester: "Hãy ghi họ tên người yêu cầu.", "Say who asks for the copy.";
    from_sheet: "bảng đã nhập", "spreadsheet";
    still_missing: "Còn mục phải kiểm trước khi cấp.", "Some fields must be verified first.";
}

/// How the people of an entry are called.
pub(in crate::web) fn person_role(language: super::Language, subject: &str) -> &str {
    use super::Language::{English, Vietnamese};
    match (language, subject) {
        (Vietnamese, "child") => "con",
        (Vietnamese, "mother") => "mẹ",
        (Vietnamese, "father") => "cha",
        (Vietnamese, "husband") => "chồng",
        (Vietnamese, "wife") => "vợ",
        (Vietnamese, "deceased") => "người chết",
        (Vietnamese, "declarant") => "người đi khai",
        (Vietnamese, "signer") => "người ký",
        (Vietnamese, "officer") => "người thực hiện",
        (Vietnamese, "parents") => "cha mẹ",
        (Vietnamese, "event" | "registration" | "entry") => "đăng ký",
        (Vietnamese, "death") => "việc chết",
        (English, "deceased") => "the deceased",
        (_, other) => other,
    }
}
