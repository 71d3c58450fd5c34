//! The page. See `ARCHITECTURE.md`: state is pure, drawing is plain functions, and the browser is named in one folder.

mod app;
mod browser;
mod components;
mod draw;
mod state;
mod views;

fn main() {
    app::start();
}
