//! A weighted list of words, walked letter by letter.

use std::collections::BTreeMap;

/// The place before the first letter of a word.
pub(super) const ROOT: u32 = 0;

/// Words with weights that sum to 1, as a tree of letters.
#[derive(Debug, Clone, Default)]
pub(super) struct Trie {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, Default)]
struct Node {
    children: Vec<(char, u32)>,
    /// Weight of all words that pass here.
    mass: f64,
    /// Weight of the word that ends here.
    end: f64,
}

impl Trie {
    /// The tree of these words (compared in lower case); weights of the same word add up.
    pub(super) fn new<W: AsRef<str>>(words: impl IntoIterator<Item = (W, f64)>) -> Self {
        let mut all: BTreeMap<String, f64> = BTreeMap::new();
        for (word, weight) in words {
            let word = word.as_ref().to_lowercase();
            if !word.is_empty() && weight > 0.0 {
                *all.entry(word).or_default() += weight;
            }
        }
        let total: f64 = all.values().sum();
        let mut trie = Self { nodes: vec![Node::default()] };
        for (word, weight) in &all {
            trie.insert(word, weight / total);
        }
        trie
    }

    fn insert(&mut self, word: &str, weight: f64) {
        let mut at = ROOT as usize;
        self.nodes[at].mass += weight;
        for letter in word.chars() {
            at = match self.child(at as u32, letter) {
                Some(child) => child as usize,
                None => {
                    let child = self.nodes.len();
                    self.nodes.push(Node::default());
                    self.nodes[at].children.push((letter, child as u32));
                    child
                }
            };
            self.nodes[at].mass += weight;
        }
        self.nodes[at].end += weight;
    }

    /// The place one letter on.
    pub(super) fn child(&self, node: u32, letter: char) -> Option<u32> {
        self.nodes[node as usize].children.iter().find(|(c, _)| *c == letter).map(|(_, child)| *child)
    }

    /// How likely the words that pass `node` go on through `child`.
    pub(super) fn share(&self, node: u32, child: u32) -> f64 {
        self.nodes[child as usize].mass / self.nodes[node as usize].mass
    }

    /// How likely a word that came to `node` ends there.
    pub(super) fn end_share(&self, node: u32) -> f64 {
        self.nodes[node as usize].end / self.nodes[node as usize].mass
    }
}
