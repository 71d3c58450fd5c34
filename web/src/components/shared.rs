//! What every piece uses.

use std::rc::Rc;

use yew::{Callback, MouseEvent};

use crate::state::Action;

/// Where actions go.
pub(crate) type Dispatch = Callback<Action>;

/// A click that does this. One kind of closure for all of them keeps the page small.
pub(crate) fn act(dispatch: &Dispatch, action: Action) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| dispatch.emit(action.clone()))
}

/// A shared value; two are the same when they are one.
pub(crate) struct Same<T>(pub(crate) Rc<T>);

impl<T> Clone for Same<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// `1 certificate`, `12 certificates`, `5,000 certificates`.
pub(crate) fn count(number: usize, word: &str) -> String {
    join(&[&thousands(number), " ", word, if number == 1 { "" } else { "s" }])
}

/// A number with commas.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Texts, one behind the other. Weighs less than `format!`.
pub(crate) fn join(parts: &[&str]) -> String {
    parts.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        assert_eq!(count(1, "key"), "1 key");
        assert_eq!(count(0, "key"), "0 keys");
        assert_eq!(count(5000, "key"), "5,000 keys");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
