//! Subtrees of names, looked up fast: sorted, without those that lie in a wider one, so that the only one a name can be in is
//! its neighbour (crypto/x509, constraints.go). Thousands of names before thousands of subtrees take a moment.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::name::{Mailbox, Subtrees};

/// Networks of one kind of constraint.
pub(super) struct Networks {
    v4: Sorted<Network>,
    v6: Sorted<Network>,
}

/// Address and mask, in octets; nothing stands in the address where the mask has no bit.
#[derive(Clone, PartialEq, Eq)]
struct Network {
    address: Vec<u8>,
    mask: Vec<u8>,
}

impl Network {
    fn contains(&self, address: &[u8]) -> bool {
        let masked = address.iter().zip(&self.mask).map(|(one, mask)| one & mask);
        self.address.len() == address.len() && self.address.iter().copied().eq(masked)
    }

    fn last(&self) -> Vec<u8> {
        self.address.iter().zip(&self.mask).map(|(one, mask)| one | !mask).collect()
    }
}

impl Networks {
    /// Nothing where there are none.
    pub(super) fn of(trees: &Subtrees) -> Option<Self> {
        if trees.ip.is_empty() {
            return None;
        }
        let masked = |(ip, mask): &(Vec<u8>, Vec<u8>)| Network {
            address: ip.iter().zip(mask).map(|(ip, mask)| ip & mask).collect(),
            mask: mask.clone(),
        };
        let (v4, v6) = trees.ip.iter().map(masked).partition(|one| one.address.len() == 4);
        let sorted = |networks| {
            Sorted::new(
                networks,
                |one: &Network, other| one.address.cmp(&other.address).then_with(|| one.mask.cmp(&other.mask)),
                |wide, narrow| wide.contains(&narrow.address) && wide.contains(&narrow.last()),
            )
        };
        Some(Self { v4: sorted(v4), v6: sorted(v6) })
    }

    /// The network that an address is in, as `net.IPNet` prints it.
    pub(super) fn find(&self, address: IpAddr) -> Option<String> {
        let (octets, networks) = match address {
            IpAddr::V4(four) => (four.octets().to_vec(), &self.v4),
            IpAddr::V6(sixteen) => (sixteen.octets().to_vec(), &self.v6),
        };
        let found = networks.neighbour(|one| one.address.cmp(&octets)).filter(|one| one.contains(&octets))?;
        let address = match <[u8; 4]>::try_from(&found.address[..]) {
            Ok(four) => IpAddr::from(four),
            Err(_) => IpAddr::from(<[u8; 16]>::try_from(&found.address[..]).ok()?),
        };
        let bits: u32 = found.mask.iter().map(|one| one.count_ones()).sum();
        Some(format!("{address}/{bits}"))
    }
}

/// Domains of one kind of constraint.
pub(super) struct Domains<'a> {
    /// One of them is empty: every name is below that.
    all: bool,
    sorted: Sorted<&'a str>,
    /// What is left of each without its first label, in lower case: there a wildcard could stand for it. Filled where names
    /// are forbidden.
    parents: BTreeMap<String, String>,
}

impl<'a> Domains<'a> {
    /// Nothing where there are none.
    pub(super) fn of(trees: impl Iterator<Item = &'a str>, is_permitted: bool) -> Option<Self> {
        let trees: Vec<&str> = trees.collect();
        if trees.is_empty() {
            return None;
        }
        let all = trees.contains(&"");
        let sorted = Sorted::new(if all { Vec::new() } else { trees }, |one, other| backwards(one, other), has_suffix);
        let parent = |tree: &&str| {
            let lower = tree.to_ascii_lowercase();
            lower.find('.').map(|at| (lower[at..].to_owned(), lower.clone()))
        };
        let parents = if is_permitted { BTreeMap::new() } else { sorted.0.iter().filter_map(parent).collect() };
        Some(Self { all, sorted, parents })
    }

    /// The domain that a name is below; where names are forbidden also the one that a wildcard could stand for.
    pub(super) fn find(&self, name: &str) -> Option<String> {
        if self.all {
            return Some(String::new());
        }
        let near = self.sorted.neighbour(|tree| backwards(tree, name));
        if let Some(tree) = near.filter(|tree| has_suffix(tree, &name)) {
            return Some((*tree).to_owned());
        }
        let rest = name.strip_prefix('*').and_then(|_| name.find('.')).map(|at| name[at..].to_ascii_lowercase())?;
        self.parents.get(&rest).cloned()
    }
}

/// Mailboxes and their domains.
pub(super) struct Mailboxes<'a> {
    exact: BTreeSet<(String, String)>,
    domains: Option<Domains<'a>>,
}

impl<'a> Mailboxes<'a> {
    /// Nothing where there are none.
    pub(super) fn of(trees: &'a [String], is_permitted: bool) -> Option<Self> {
        let (whole, domains): (Vec<&str>, Vec<&str>) =
            trees.iter().map(String::as_str).partition(|tree| tree.contains('@'));
        let exact = whole.into_iter().filter_map(Mailbox::parse);
        let exact = exact.map(|one| (one.local, one.domain.to_ascii_lowercase())).collect();
        (!trees.is_empty()).then(|| Self { exact, domains: Domains::of(domains.into_iter(), is_permitted) })
    }

    /// What a mailbox is, or is below. Its domain is in lower case.
    pub(super) fn find(&self, one: &Mailbox) -> Option<String> {
        if !self.exact.is_empty() && self.exact.contains(&(one.local.clone(), one.domain.clone())) {
            return Some(format!("{}@{}", one.local, one.domain));
        }
        self.domains.as_ref()?.find(&one.domain)
    }
}

/// Subtrees in an order in which each follows at once what it lies in.
struct Sorted<T>(Vec<T>);

impl<T> Sorted<T> {
    fn new(mut trees: Vec<T>, order: impl Fn(&T, &T) -> Ordering, holds: impl Fn(&T, &T) -> bool) -> Self {
        trees.sort_by(order);
        trees.dedup_by(|next, kept| holds(kept, next));
        Self(trees)
    }

    /// The last that does not come behind what is looked for; the first where all do.
    fn neighbour(&self, order: impl Fn(&T) -> Ordering) -> Option<&T> {
        let behind = self.0.partition_point(|one| order(one).is_le());
        self.0.get(behind.saturating_sub(1))
    }
}

/// Compares names from their ends, without regard to case; a dot comes before everything else.
fn backwards(one: &str, other: &str) -> Ordering {
    let key = |octet: u8| if octet == b'.' { 0 } else { octet.to_ascii_lowercase() };
    one.bytes().rev().map(key).cmp(other.bytes().rev().map(key))
}

/// Whether a name is a domain or below it; a leading dot wants one label more.
fn has_suffix(tree: &&str, name: &&str) -> bool {
    let Some(at) = name.len().checked_sub(tree.len()) else { return false };
    let Some(end) = name.get(at..) else { return false };
    end.eq_ignore_ascii_case(tree) && (tree.starts_with('.') || at == 0 || name.as_bytes()[at - 1] == b'.')
}
