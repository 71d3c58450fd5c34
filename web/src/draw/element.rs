//! An element under construction.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use yew::Html;
use yew::virtual_dom::{AttrValue, AttributeOrProperty, Attributes, Key, Listener, VList, VNode, VTag, VText};

use super::listener::{Hear, Kind, On, What};
use super::{Dispatch, join};
use crate::state::Action;

/// An element under construction; boxed, so that each step hands on one pointer.
pub(crate) struct El(Box<Parts>);

struct Parts {
    tag: &'static str,
    keys: Vec<&'static str>,
    values: Vec<Option<AttributeOrProperty>>,
    listeners: Vec<Option<Rc<dyn Listener>>>,
    children: Vec<VNode>,
    value: Option<AttrValue>,
    checked: Option<bool>,
    key: Option<Key>,
}

/// Begins an element; an empty class is none.
pub(crate) fn el(tag: &'static str, class: &str) -> El {
    let parts = Parts {
        tag,
        keys: Vec::new(),
        values: Vec::new(),
        listeners: Vec::new(),
        children: Vec::new(),
        value: None,
        checked: None,
        key: None,
    };
    let new = El(Box::new(parts));
    if class.is_empty() { new } else { new.set("class", class) }
}

/// Nodes, one behind the other, without an element around them.
pub(crate) fn group(nodes: Vec<Html>) -> Html {
    VNode::from(VList::with_children(nodes, None))
}

impl El {
    /// A button that does something; an empty class is none.
    pub(crate) fn button(class: &str, dispatch: &Dispatch, action: Action) -> Self {
        el("button", class).set("type", "button").click(dispatch, action)
    }

    fn attribute(mut self, key: &'static str, value: Option<AttributeOrProperty>) -> Self {
        self.0.keys.push(key);
        self.0.values.push(value);
        self
    }

    /// An attribute.
    pub(crate) fn set(self, key: &'static str, value: &str) -> Self {
        self.attribute(key, Some(AttributeOrProperty::Attribute(shared(value))))
    }

    /// An attribute that may be absent. Always named in the same place, so that two drawings are quickly compared.
    pub(crate) fn maybe(self, key: &'static str, value: Option<&str>) -> Self {
        let value = value.map(|value| AttributeOrProperty::Attribute(shared(value)));
        self.attribute(key, value)
    }

    /// An attribute that says `true` or `false`.
    pub(crate) fn state(self, key: &'static str, on: bool) -> Self {
        self.set(key, if on { "true" } else { "false" })
    }

    /// An attribute that is a number.
    pub(crate) fn number(self, key: &'static str, value: usize) -> Self {
        self.set(key, &value.to_string())
    }

    /// The id, which is also the name that tests know it by.
    pub(crate) fn id(self, id: &str) -> Self {
        self.set("id", id).test(id)
    }

    /// The name that tests know it by.
    pub(crate) fn test(self, id: &str) -> Self {
        self.set("data-testid", id)
    }

    /// What it is called, where its text does not say.
    pub(crate) fn label(self, text: &str) -> Self {
        self.set("aria-label", text)
    }

    /// What it is called, put together.
    pub(crate) fn labels(self, parts: &[&str]) -> Self {
        self.label(&join(parts))
    }

    /// Whether it is disabled.
    pub(crate) fn disabled(self, disabled: bool) -> Self {
        self.maybe("disabled", if disabled { Some("") } else { None })
    }

    /// Which option of a select is chosen: a property, for the attribute counts only until the first choice.
    pub(crate) fn chosen(self, index: usize) -> Self {
        self.attribute("selectedIndex", Some(AttributeOrProperty::Property(JsValue::from(index as u32))))
    }

    /// The text of an input or a text area.
    pub(crate) fn value(mut self, value: &str) -> Self {
        self.0.value = Some(shared(value));
        self
    }

    /// Whether a radio button or checkbox is checked.
    pub(crate) fn checked(mut self, checked: bool) -> Self {
        self.0.checked = Some(checked);
        self
    }

    /// What tells it from its siblings.
    pub(crate) fn key(mut self, key: &str) -> Self {
        self.0.key = Some(Key::from(key));
        self
    }

    /// A text inside.
    pub(crate) fn text(self, text: &str) -> Self {
        self.node(VNode::from(VText::new(shared(text))))
    }

    /// A text inside, put together.
    pub(crate) fn texts(self, parts: &[&str]) -> Self {
        self.text(&join(parts))
    }

    /// Something inside.
    pub(crate) fn add(self, child: Self) -> Self {
        self.node(child.done())
    }

    /// Something inside that is drawn already.
    pub(crate) fn node(mut self, child: Html) -> Self {
        self.0.children.push(child);
        self
    }

    /// Several things inside.
    pub(crate) fn nodes(self, children: Vec<Html>) -> Self {
        self.node(group(children))
    }

    /// Something inside, or nothing: an empty place, so that what follows keeps its own.
    pub(crate) fn maybe_add(self, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.add(child),
            None => self.node(Html::default()),
        }
    }

    fn listen(mut self, kind: Kind, dispatch: &Dispatch, what: What) -> Self {
        self.0.listeners.push(Some(Rc::new(On { kind, dispatch: dispatch.clone(), what })));
        self
    }

    /// What a click does.
    pub(crate) fn click(self, dispatch: &Dispatch, action: Action) -> Self {
        self.listen(Kind::Click, dispatch, What::Do(action))
    }

    /// What another event does.
    pub(crate) fn on(self, kind: Kind, dispatch: &Dispatch, read: Hear) -> Self {
        self.listen(kind, dispatch, What::Read(read))
    }

    /// What typing does.
    pub(crate) fn typed(self, dispatch: &Dispatch, read: Hear) -> Self {
        self.on(Kind::Input, dispatch, read)
    }

    /// What choosing does.
    pub(crate) fn changed(self, dispatch: &Dispatch, read: Hear) -> Self {
        self.on(Kind::Change, dispatch, read)
    }

    /// What a key does.
    pub(crate) fn keyed(self, dispatch: &Dispatch, read: Hear) -> Self {
        self.on(Kind::KeyDown, dispatch, read)
    }

    /// The finished element.
    pub(crate) fn done(self) -> Html {
        let Parts { tag, keys, values, listeners, children, value, checked, key } = *self.0;
        let mut element = VTag::new(tag);
        element.attributes = Attributes::Dynamic { keys: interned(keys), values: values.into_boxed_slice() };
        if !listeners.is_empty() {
            element.set_listeners(listeners.into_boxed_slice());
        }
        if let Some(inside) = element.children_mut() {
            *inside = group(children);
        }
        if value.is_some() {
            element.set_value(value);
        }
        if let Some(checked) = checked {
            element.set_checked(checked);
        }
        element.key = key;
        VNode::from(element)
    }
}

fn shared(text: &str) -> AttrValue {
    AttrValue::from(Rc::<str>::from(text))
}

/// A list of attribute names as Yew wants it: static, and the same one each time, which makes comparing two drawings
/// fast. There are as many lists as there are kinds of elements in this program.
fn interned(keys: Vec<&'static str>) -> &'static [&'static str] {
    thread_local! {
        static LISTS: RefCell<Vec<&'static [&'static str]>> = const { RefCell::new(Vec::new()) };
    }
    LISTS.with_borrow_mut(|lists| {
        let same = |list: &&&[&'static str]| {
            list.len() == keys.len() && list.iter().zip(&keys).all(|(one, other)| std::ptr::eq(*one, *other))
        };
        if let Some(list) = lists.iter().find(same) {
            return *list;
        }
        let list: &'static [&'static str] = keys.leak();
        lists.push(list);
        list
    })
}
