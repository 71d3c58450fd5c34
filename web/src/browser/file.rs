//! Files that were chosen or dropped.

use js_sys::Uint8Array;
use kubepki_worker::TextFile;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, File, FileList, HtmlInputElement};
use yew::Callback;

use crate::state::{Action, Once, too_much};

/// No more than this of a file is read, in bytes: one more than the longest text that the worker takes, a list of nodes,
/// so that it refuses the file and says why.
const MOST_BYTES: f64 = 4.0 * 1024.0 * 1024.0 + 1.0;

/// Reads the files chosen in a file input, and empties it so that the same can be chosen again.
pub(crate) fn read_chosen(event: &Event, dispatch: &Callback<Action>) {
    let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
    if let Some(files) = input.files().filter(|files| files.length() > 0) {
        read(&files, dispatch);
    }
    input.set_value("");
}

/// Reads files, in their order, and hands them on together.
pub(super) fn read(files: &FileList, dispatch: &Callback<Action>) {
    let files: Vec<File> = (0..files.length()).filter_map(|index| files.get(index)).collect();
    let sizes: Vec<f64> = files.iter().map(|file| file.size().min(MOST_BYTES)).collect();
    if let Some(why) = too_much(&sizes) {
        return dispatch.emit(Action::Unread(why));
    }
    let dispatch = dispatch.clone();
    spawn_local(async move {
        let mut texts = Vec::new();
        for file in files {
            match bytes(&file).await {
                Some(bytes) => texts.push(TextFile { name: file.name(), bytes }),
                None => {
                    dispatch.emit(Action::Dragged(false));
                    dispatch.emit(Action::Say([&file.name(), " could not be read by the browser."].concat()));
                    return;
                }
            }
        }
        dispatch.emit(Action::Files(Once::new(texts)));
    });
}

async fn bytes(file: &File) -> Option<Vec<u8>> {
    let part = file.slice_with_f64_and_f64(0.0, MOST_BYTES).ok()?;
    let buffer = JsFuture::from(part.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
