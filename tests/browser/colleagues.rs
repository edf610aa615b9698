//! Beside colleagues and machines: what is torn off, a colleague who is asked, tasks whose answer is known, a batch on
//! the same store, and a book that is weighed again.

use std::time::Duration;

use crate::office::{ALT, Browser, ENTER, Office, story};
use crate::verifiers::{SETTLED, answer};

/// Waits until another task is shown, or none.
async fn next(browser: &Browser, task: &str) {
    let left = format!(
        "return document.getElementById('task').hidden
        || document.getElementById('where').textContent + '|' + document.getElementById('label').textContent !== {}",
        serde_json::json!(task)
    );
    browser.until(&left).await;
}

/// Makes this field the first task for everybody, held by nobody.
fn put_first(office: &Office, which: &str) {
    office.meddle(&format!(
        "UPDATE queue SET lease = NULL, holder = NULL, leased_until = 0;
        UPDATE queue SET worth = 1000 WHERE (entry, field) IN ({which})"
    ));
}

#[test]
fn what_is_torn_off_is_said_with_one_key() {
    let office = Office::with_people(&["lan"]);
    story(async {
        let lan = Browser::signed_in(&office, "lan").await;
        let task = lan.task().await;
        lan.press(&[ALT, 'r']).await;
        next(&lan, &task).await;
        let torn =
            "SELECT count(*) FROM fields AS f JOIN answers AS a ON a.entry = f.entry AND a.field = f.name
            WHERE f.status = 'torn' AND f.settled_by = 'lan' AND a.verdict = 'torn' AND a.action = 'said'";
        office.wait_for(torn).await;
        assert_eq!(office.number(torn), 1);
        lan.close().await;
    });
}

#[test]
fn a_colleague_is_asked_and_sees_the_question_and_the_asker_does_not_see_the_task_again() {
    let office = Office::with_people(&["lan", "minh"]);
    story(async {
        let lan = Browser::signed_in(&office, "lan").await;
        let asked = lan.task().await;
        lan.press(&[ALT, 'h']).await;
        lan.until("return document.getElementById('asking').open").await;
        lan.type_keys("Bính hay Bình?").await;
        lan.press(&[ENTER]).await;
        next(&lan, &asked).await;
        office.wait_for("SELECT count(*) FROM keyings WHERE verdict = 'asked'").await;
        put_first(&office, "SELECT entry, field FROM keyings WHERE verdict = 'asked'");
        lan.client.refresh().await.unwrap();
        assert_ne!(lan.task().await, asked, "whoever asked is not asked in turn");
        let minh = Browser::signed_in(&office, "minh").await;
        assert_eq!(minh.task().await, asked);
        assert!(minh.text("why").await.contains("Bính hay Bình?"));
        assert_eq!(answer(&minh).await, asked);
        office.wait_for("SELECT count(*) FROM fields WHERE settled_by = 'minh'").await;
        lan.close().await;
        minh.close().await;
    });
}

#[test]
fn a_task_with_a_known_answer_looks_like_any_other_and_changes_nothing() {
    let office = Office::with_people(&["lan", "minh"]);
    story(async {
        let chief = Browser::signed_in(&office, "chief").await;
        chief.go(&office, "/accounts").await;
        chief.run("document.querySelector('input[name=seed_percent]').value = '100'").await;
        chief.click("form[action='/policy'] button").await;
        office.wait_for("SELECT count(*) FROM account_events WHERE what = 'verification policy set'").await;
        chief.close().await;
        let lan = Browser::signed_in(&office, "lan").await;
        lan.task().await;
        lan.press(&[ALT, 'k']).await;
        office.wait_for("SELECT count(*) FROM queue WHERE purpose = 'seed'").await;
        put_first(&office, "SELECT entry, field FROM queue WHERE purpose = 'seed'");
        let minh = Browser::signed_in(&office, "minh").await;
        let task = minh.task().await;
        minh.press(&[ALT, 't']).await;
        next(&minh, &task).await;
        office.wait_for("SELECT count(*) FROM answers WHERE purpose = 'seed' AND outcome = 'seeded'").await;
        let kept = "SELECT count(*) FROM fields WHERE settled_by = 'lan' AND status = 'illegible'";
        assert_eq!((office.number(kept), office.number(SETTLED)), (1, 1));
        lan.close().await;
        minh.close().await;
    });
}

#[test]
fn people_answer_while_a_batch_reads_more_books_into_the_store() {
    let office = Office::with_people(&["lan"]);
    let before = office.number("SELECT count(*) FROM entries");
    story(async {
        let lan = Browser::signed_in(&office, "lan").await;
        lan.task().await;
        let mut batch = office.digitize(&["ks-1959", "kt-2008"]);
        let mut during = 0;
        while batch.try_wait().unwrap().is_none() {
            // There are tasks for some fifty answers.
            if during < 20 {
                answer(&lan).await;
                during += 1;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(batch.wait().unwrap().success());
        assert!(during > 0, "the batch was done before anybody answered");
        assert!(office.number("SELECT count(*) FROM entries") > before);
        let answers = office.number("SELECT count(*) FROM answers WHERE outcome = 'settled'");
        assert_eq!(office.number(SETTLED), answers, "no answer is lost");
        assert!(answers + 1 >= during, "{answers} of {during}");
        lan.close().await;
    });
}

#[test]
fn a_book_is_weighed_again_once_people_have_answered_in_it() {
    let office = Office::that_weighs_after(1);
    office.add("chief", &["administrator"]);
    office.add("lan", &["verifier"]);
    assert_eq!(office.number("SELECT count(*) FROM books WHERE weighed = 0"), 0);
    story(async {
        let lan = Browser::signed_in(&office, "lan").await;
        lan.task().await;
        lan.press(&[ALT, 'k']).await;
        office.wait_for("SELECT count(*) FROM answers").await;
        office.wait_for("SELECT count(*) = 0 FROM books WHERE weighed = 0").await;
        assert_eq!(office.number(SETTLED), 1);
        lan.close().await;
    });
}
