//! `install.sh` in a scratch root.
