//! The little of TOML that `tools.toml` and `tests/budgets.toml` use: tables of strings, whole numbers and arrays of
//! strings on one line. All else is an error that names the line.

use crate::files::Result;

/// One `[name]` table, its pairs in the order of the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pairs: Vec<(String, Vec<String>)>,
}

impl Table {
    /// The values under a key: one for a string or a number, none where the key is absent.
    pub(crate) fn list(&self, key: &str) -> Vec<String> {
        self.pairs.iter().find(|(name, _)| name == key).map(|(_, values)| values.clone()).unwrap_or_default()
    }

    /// The single value under a key, where there is one.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.list(key).into_iter().next()
    }

    /// The single value under a key, or an error that names both.
    pub(crate) fn required(&self, key: &str) -> Result<String> {
        self.text(key).ok_or_else(|| format!("[{}] lacks `{key}`", self.name))
    }

    /// Fails at a key that nobody reads: a slip of the pen, most likely.
    pub(crate) fn only(&self, known: &[&str]) -> Result<()> {
        match self.pairs.iter().find(|(key, _)| !known.contains(&key.as_str())) {
            Some((key, _)) => Err(format!("[{}] has `{key}`; known are {}", self.name, known.join(", "))),
            None => Ok(()),
        }
    }
}

/// Reads the tables of a file in their order.
pub(crate) fn parse(text: &str) -> Result<Vec<Table>> {
    let mut tables: Vec<Table> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let fail = |why: &str| format!("line {}: {why}: {line}", index + 1);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            if tables.iter().any(|table| table.name == name) {
                return Err(fail("this table is here already"));
            }
            tables.push(Table { name: name.to_owned(), ..Table::default() });
            continue;
        }
        let (key, value) = line.split_once('=').ok_or_else(|| fail("not `key = value`"))?;
        let values = values(value.trim()).ok_or_else(|| fail("not a string, a number or an array of strings"))?;
        let table = tables.last_mut().ok_or_else(|| fail("a value before the first [table]"))?;
        table.pairs.push((key.trim().to_owned(), values));
    }
    Ok(tables)
}

fn values(text: &str) -> Option<Vec<String>> {
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return strings(inner);
    }
    if text.starts_with('"') {
        let values = strings(text)?;
        return (values.len() == 1).then_some(values);
    }
    let digits: String = text.chars().filter(|&c| c != '_').collect();
    digits.parse::<u64>().ok().map(|number| vec![number.to_string()])
}

/// Strings in double quotes, commas between; no escapes.
fn strings(mut rest: &str) -> Option<Vec<String>> {
    let mut values = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Some(values);
        }
        let (value, after) = rest.strip_prefix('"')?.split_once('"')?;
        if value.contains('\\') {
            return None;
        }
        values.push(value.to_owned());
        rest = after.trim_start();
        match rest.strip_prefix(',') {
            Some(after) => rest = after,
            None if rest.is_empty() => {}
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_strings_numbers_and_arrays() {
        let tables = parse("# note\n[one]\na = \"x = #y\"\nb = [\"p\", \"q, r\"]\nn = 160_000\n\n[two]\n").unwrap();
        assert_eq!(tables.len(), 2);
        assert_eq!(tables[0].text("a").unwrap(), "x = #y");
        assert_eq!(tables[0].list("b"), ["p", "q, r"]);
        assert_eq!(tables[0].text("n").unwrap(), "160000");
        assert_eq!(tables[0].text("none"), None);
        assert_eq!(tables[1].name, "two");
    }

    #[test]
    fn an_error_names_its_line() {
        for (text, line) in
            [("a = 1", "line 1"), ("[t]\nword", "line 2"), ("[t]\na = [\"x\"", "line 2"), ("[t]\n[t]", "line 2")]
        {
            assert!(parse(text).unwrap_err().starts_with(line), "{text}");
        }
    }

    #[test]
    fn a_key_that_nobody_reads_is_an_error() {
        let tables = parse("[t]\nversoin = \"1\"\n").unwrap();
        assert!(tables[0].only(&["version"]).unwrap_err().contains("versoin"));
        assert!(tables[0].required("version").unwrap_err().contains("version"));
    }
}
