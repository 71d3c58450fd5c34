//! Messages as JavaScript's own arrays, for both sides. What derives could write in their place brings texts for errors
//! that cannot come about here, and the printing of fractions for those: more than all other reading.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::wire::{Asked, Said};

impl Asked {
    /// As it is posted: four lists in one.
    pub fn to_list(&self) -> JsValue {
        let Self(which, numbers, texts, files) = self;
        let file = |(name, bytes): &(String, Vec<u8>)| list([text(name), Uint8Array::from(&bytes[..]).into()]);
        list([
            (*which).into(),
            list(numbers.iter().copied().map(JsValue::from)),
            list(texts.iter().map(|one| text(one))),
            list(files.iter().map(file)),
        ])
    }

    /// What was posted; nothing when it is no request.
    pub fn from_list(message: &JsValue) -> Option<Self> {
        let message = message.dyn_ref::<Array>()?;
        let file = |value: JsValue| {
            let file = value.dyn_ref::<Array>()?;
            Some((file.get(0).as_string()?, file.get(1).dyn_ref::<Uint8Array>()?.to_vec()))
        };
        let files = message.get(3).dyn_ref::<Array>()?.iter().map(file).collect::<Option<_>>()?;
        Some(Self(number(&message.get(0))?, numbers(&message.get(1))?, texts(&message.get(2))?, files))
    }
}

impl Said {
    /// As it is posted: a number, a list of numbers, and lists of texts.
    pub fn to_list(&self) -> JsValue {
        let Self(which, numbers, lists) = self;
        let texts = |texts: &Vec<String>| list(texts.iter().map(|one| text(one)));
        list([(*which).into(), list(numbers.iter().copied().map(JsValue::from)), list(lists.iter().map(texts))])
    }

    /// What was posted; nothing when it is no response.
    pub fn from_list(message: &JsValue) -> Option<Self> {
        let message = message.dyn_ref::<Array>()?;
        let lists = message.get(2).dyn_ref::<Array>()?.iter().map(|one| texts(&one)).collect::<Option<_>>()?;
        Some(Self(number(&message.get(0))?, numbers(&message.get(1))?, lists))
    }
}

fn list(items: impl IntoIterator<Item = JsValue>) -> JsValue {
    let list = Array::new();
    for item in items {
        list.push(&item);
    }
    list.into()
}

fn text(text: &str) -> JsValue {
    JsValue::from_str(text)
}

fn number(value: &JsValue) -> Option<u32> {
    value.as_f64().map(|number| number as u32)
}

fn numbers(value: &JsValue) -> Option<Vec<u32>> {
    value.dyn_ref::<Array>()?.iter().map(|one| number(&one)).collect()
}

fn texts(value: &JsValue) -> Option<Vec<String>> {
    value.dyn_ref::<Array>()?.iter().map(|one| one.as_string()).collect()
}
