//! Fills templates. As elements built one by one in code the audit page weighed three times as much.

/// Writes a template: `{}` stands for the next text, and `{/}` for one that is compared letter by letter, whose lines break
/// behind what separates its parts. What is filled in is text and never markup.
pub(super) fn put(out: &mut String, template: &str, texts: &[&str]) {
    let mut texts = texts.iter();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (how, after) = after.split_once('}').unwrap_or_default();
        escape(out, texts.next().copied().unwrap_or_default(), how == "/");
        rest = after;
    }
    out.push_str(rest);
}

fn escape(out: &mut String, text: &str, breaks: bool) {
    for one in text.chars() {
        match one {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(one),
        }
        if breaks && matches!(one, '/' | ':' | '=') {
            out.push_str("<wbr>");
        }
    }
}

/// `1 place`, `3 places`.
pub(super) fn count(number: usize, word: &str) -> String {
    [&*number.to_string(), " ", word, if number == 1 { "" } else { "s" }].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_never_markup() {
        let mut out = String::new();
        put(&mut out, "<p title=\"{}\">{/}</p>", &["\"<&>\"", "a=<b>/{}"]);
        assert_eq!(out, "<p title=\"&quot;&lt;&amp;&gt;&quot;\">a=<wbr>&lt;b&gt;/<wbr>{}</p>");
    }
}
