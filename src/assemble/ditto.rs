//! Marks that say "as in the entry above".

use super::letters::plain;

/// Whether `text` is such a mark: `"`, `-"-`, `nt`, `-nt-`, `như trên`.
pub(super) fn is_ditto(text: &str) -> bool {
    let bare: String = plain(text).chars().filter(|c| c.is_alphanumeric()).collect();
    let quotes = text.chars().filter(|c| matches!(c, '"' | '”' | '“' | '″' | '〃' | '\'' | '’')).count();
    let others = text.chars().filter(|c| c.is_alphanumeric()).count();
    matches!(bare.as_str(), "nt" | "nhutren" | "nhtren") || (quotes > 0 && others == 0)
}

#[cfg(test)]
mod tests {
    use super::is_ditto;

    #[test]
    fn marks_are_told_from_words() {
        for mark in ["\"", "''", "-\"-", "nt", "-nt-", "n.t", "như trên", "Như trên.", "〃"] {
            assert!(is_ditto(mark), "{mark}");
        }
        for word in ["Kinh", "-", "", "H'Mông", "\"Kinh\"", "1"] {
            assert!(!is_ditto(word), "{word}");
        }
    }
}
