//! Archives: what is in them, that zip programs unpack them, and that their scripts do what they say.

mod install;
mod install_safely;
mod own_file;
mod readme;
mod scratch;
mod verify;
mod verify_node;
mod verify_time;
mod zip;
