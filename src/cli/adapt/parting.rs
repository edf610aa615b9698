//! Which words of a text stand on which of its lines, told by what the lines read.

use strsim::levenshtein;

/// A parting is not believed when more than this share of the characters reads otherwise.
const FARTHEST: f64 = 0.5;
/// Texts on more lines, or of more words, are not parted.
const MOST_LINES: usize = 4;
const MOST_WORDS: usize = 60;

/// The words of `text` line by line, where what the lines read agrees best; none when it does not
/// agree well, or when a line would stay without a word.
pub fn parted(text: &str, readings: &[&str]) -> Option<Vec<String>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if readings.len() > MOST_LINES || words.len() > MOST_WORDS || words.len() < readings.len() {
        return None;
    }
    let (wrong, parts) = best(&words, readings)?;
    let letters = text.chars().count().max(1);
    (wrong as f64 <= FARTHEST * letters as f64).then_some(parts)
}

/// The fewest slips between `words` and `readings`, and the words of each reading.
fn best(words: &[&str], readings: &[&str]) -> Option<(usize, Vec<String>)> {
    let (first, rest) = readings.split_first()?;
    if rest.is_empty() {
        let part = words.join(" ");
        return Some((levenshtein(&part, first), vec![part]));
    }
    let cuts = 1..=words.len().checked_sub(rest.len())?;
    let tries = cuts.filter_map(|cut| {
        let part = words[..cut].join(" ");
        let own = levenshtein(&part, first);
        let (later, parts) = best(&words[cut..], rest)?;
        Some((own + later, std::iter::once(part).chain(parts).collect()))
    });
    tries.min_by_key(|(wrong, _): &(usize, Vec<String>)| *wrong)
}

#[cfg(test)]
mod tests {
    use super::parted;

    #[test]
    fn words_go_to_the_line_that_reads_like_them() {
        let text = "xã Vĩnh Lộc - huyện Can Lộc - tỉnh Nghệ Tĩnh";
        let readings = ["xa Vinh Lac - huyen", "Cau Lộc tinh Nghê Tĩnh"];
        let wanted = vec!["xã Vĩnh Lộc - huyện".to_owned(), "Can Lộc - tỉnh Nghệ Tĩnh".to_owned()];
        assert_eq!(parted(text, &readings), Some(wanted));
        assert_eq!(parted("Lê Ân", &["Le An"]), Some(vec!["Lê Ân".to_owned()]));
        let three = parted("một hai ba", &["mot", "hai", "bu"]).unwrap();
        assert_eq!(three, ["một", "hai", "ba"]);
    }

    #[test]
    fn what_reads_otherwise_is_not_parted() {
        assert_eq!(parted("xã Vĩnh Lộc huyện Can Lộc", &["Nguyễn Thị", "Bình qrst"]), None);
        assert_eq!(parted("Vĩnh", &["Vi", "nh"]), None, "a line without a word");
        assert_eq!(parted("a b c d e f", &["a", "b", "c", "d", "e"]), None);
        assert_eq!(parted(&"a ".repeat(100), &["a", "a"]), None);
        assert_eq!(parted("", &[]), None);
    }
}
