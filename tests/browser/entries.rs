//! What people do to entries as a whole: draw a box anew, add, withdraw, correct; each taken back again.

use crate::office::{Browser, ENTER, Office, RIGHT, SHIFT, UP, story};

const ENTRIES: &str = "SELECT count(*) FROM entries";
const DRAWN: &str = "SELECT count(*) FROM fields WHERE placed_by IS NOT NULL";

/// An office with the archivist `kho` and the verifier `lan`.
fn office() -> Office {
    let office = Office::with_people(&["lan"]);
    office.add("kho", &["archive"]);
    office
}

fn events(what: &str) -> String {
    format!("SELECT count(*) FROM entry_events WHERE what = '{what}'")
}

async fn open_record(browser: &Browser, office: &Office, entry: i64) {
    browser.go(office, &format!("/records/{entry}")).await;
    browser.until("return document.querySelectorAll('#boxes rect').length").await;
}

/// Takes back the last event that can be.
async fn undo(browser: &Browser, office: &Office) {
    let undone = office.number(&events("undone"));
    browser.click("#events button").await;
    office
        .wait_for(&format!("SELECT (SELECT count(*) FROM entry_events WHERE what = 'undone') > {undone}"))
        .await;
}

#[test]
fn a_box_is_drawn_anew_by_keyboard_and_read_and_taken_back() {
    let office = office();
    story(async {
        let lan = Browser::signed_in(&office, "lan").await;
        let entry = office.number("SELECT min(id) FROM entries");
        open_record(&lan, &office, entry).await;
        let before = lan.run("return document.querySelector('#boxes rect').getAttribute('width')").await;
        lan.click("#fields .shown").await;
        lan.click("#fields .redraw").await;
        lan.until(
            "return document.activeElement.id === 'view' && !document.getElementById('drawing').hidden",
        )
        .await;
        lan.press(&[UP]).await;
        for _ in 0..3 {
            lan.press(&[SHIFT, RIGHT]).await;
        }
        lan.press(&[ENTER]).await;
        lan.until("return document.getElementById('notice').textContent.includes('Đã đọc lại')").await;
        assert_eq!((office.number(DRAWN), office.number(&events("box_moved"))), (1, 1));
        assert_eq!(lan.run("return document.querySelector('#correct')").await, serde_json::Value::Null);
        undo(&lan, &office).await;
        assert_eq!(office.number(DRAWN), 0);
        lan.until("return !document.querySelector('#events button')").await;
        let after = lan.run("return document.querySelector('#boxes rect').getAttribute('width')").await;
        assert_eq!(before, after);
        lan.close().await;
    });
}

#[test]
fn an_entry_is_withdrawn_and_brought_back_and_its_form_corrected_and_taken_back() {
    let office = office();
    let all = office.number(ENTRIES);
    story(async {
        let kho = Browser::signed_in(&office, "kho").await;
        let entry = office.number("SELECT min(id) FROM entries");
        open_record(&kho, &office, entry).await;
        kho.fill("#reason", "trang bìa").await;
        kho.press(&[ENTER]).await;
        kho.until("return document.querySelectorAll('#withdrawn li').length").await;
        assert!(kho.text("withdrawn").await.contains("trang bìa"));
        assert_eq!(office.number(ENTRIES), all - 1);
        assert_eq!(office.number(&format!("SELECT count(*) FROM queue WHERE entry = {entry}")), 0);
        kho.click("#withdrawn button").await;
        kho.until("return !document.querySelector('#withdrawn li')").await;
        assert_eq!(office.number(ENTRIES), all);

        open_record(&kho, &office, entry).await;
        let form = "SELECT kind <> 'death' FROM entries ORDER BY id LIMIT 1";
        assert_eq!(office.number(form), 1, "the first sample is no death");
        kho.run("document.getElementById('form').value = 'death-2006'").await;
        kho.click("#correct button").await;
        kho.until("return document.getElementById('title').textContent.startsWith('Khai tử')").await;
        assert_eq!(office.number(form), 0);
        undo(&kho, &office).await;
        kho.until("return !document.getElementById('title').textContent.startsWith('Khai tử')").await;
        assert_eq!(office.number(form), 1);
        kho.close().await;
    });
}

#[test]
fn a_missed_entry_is_drawn_with_the_mouse_read_like_its_neighbour_and_taken_back() {
    let office = office();
    // A page whose last entry was missed.
    let page = office.number("SELECT scan FROM entries GROUP BY scan HAVING count(*) > 1 LIMIT 1");
    let last = office.number(&format!("SELECT max(id) FROM entries WHERE scan = {page}"));
    let names = format!("SELECT count(*) FROM fields WHERE raw <> '' AND entry = {last}");
    let legible = office.number(&names);
    assert!(legible > 3);
    story(async {
        let kho = Browser::signed_in(&office, "kho").await;
        kho.go(&office, &format!("/pages/{page}/0")).await;
        kho.until("return document.querySelectorAll('#boxes rect').length > 1").await;
        // Where it stands, in points of the window, with a margin as people draw it.
        kho.client.find(fantoccini::Locator::Css("#entries li:last-child a")).await.unwrap();
        let place = kho
            .run(
                "const link = document.querySelector('#entries li:last-child a'); link.focus();
                document.querySelectorAll('[data-do=out]').forEach((one) => { for (let i = 0; i < 5; i += 1) one.click(); });
                const box = [...document.querySelectorAll('#boxes rect')].at(-1).getBoundingClientRect();
                return [box.left - 2, box.top - 2, box.right + 2, box.bottom + 2]",
            )
            .await;
        office.meddle(&format!(
            "DELETE FROM queue WHERE entry = {last}; DELETE FROM fields WHERE entry = {last};
            DELETE FROM fired_rules WHERE entry = {last}; DELETE FROM all_entries WHERE id = {last}"
        ));
        let all = office.number(ENTRIES);
        kho.client.refresh().await.unwrap();
        kho.until("return document.querySelectorAll('#boxes rect').length > 0").await;
        kho.run("document.querySelectorAll('[data-do=out]').forEach((one) => { for (let i = 0; i < 5; i += 1) one.click(); })").await;
        kho.fill("#number", "77").await;
        kho.click("#add").await;
        kho.until("return !document.getElementById('drawing').hidden").await;
        let at = |index: usize| place[index].as_f64().unwrap();
        kho.run("document.getElementById('view').scrollTo(0, 0)").await;
        kho.drag((at(0), at(1)), (at(2), at(3))).await;
        kho.press(&[ENTER]).await;
        kho.until("return document.getElementById('notice').textContent.includes('thêm mục')").await;
        assert_eq!(office.number(ENTRIES), all + 1);
        let read = office.number(&names);
        assert!(3 * read >= 2 * legible, "{read} of {legible} fields were read again");
        let number = format!(
            "SELECT count(*) FROM fields WHERE entry = {last} AND name = 'entry.number' AND value = '77' AND settled_by = 'kho'"
        );
        assert_eq!(office.number(&number), 1);
        kho.press(&[ENTER]).await; // The new entry has the focus.
        kho.until("return document.querySelectorAll('#fields li').length").await;
        undo(&kho, &office).await;
        kho.until("return location.pathname.startsWith('/pages/')").await;
        assert_eq!(office.number(ENTRIES), all);
        assert_eq!(office.number(&format!("SELECT count(*) FROM queue WHERE entry = {last}")), 0);
        kho.close().await;
    });
}
