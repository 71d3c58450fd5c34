//! Patterns of the catalog: texts with names in braces that stand for what a node or a design says.

/// The pattern with every `{name}` replaced by its value; a name without a value stays as it is.
pub fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        let end = rest[open..].find('}').map_or(rest.len(), |length| open + length + 1);
        let hole = &rest[open..end];
        let name = hole.trim_matches(['{', '}']);
        let value = values.iter().find(|(one, _)| *one == name);
        filled.push_str(&rest[..open]);
        filled.push_str(value.map_or(hole, |(_, value)| value));
        rest = &rest[end..];
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn names_in_braces_are_filled_in() {
        let values = [("node", "cp-1"), ("domain", "cluster.local")];
        assert_eq!(fill("system:node:{node}", &values), "system:node:cp-1");
        assert_eq!(fill("{node}.{node}.{domain}", &values), "cp-1.cp-1.cluster.local");
        assert_eq!(fill("{other}{node", &values), "{other}cp-1");
        assert_eq!(fill("plain", &values), "plain");
    }
}
