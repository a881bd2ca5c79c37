//! From where a request comes.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::HttpRequest;

use crate::config::Network;

/// The client's address: the peer's, or what trusted proxies say. IPv6 hosts
/// are counted by their /64: one customer has a whole one.
pub(super) fn address(request: &HttpRequest, trusted: &[Network]) -> IpAddr {
    let peer = request
        .peer_addr()
        .map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip());
    let forwarded = request.headers().get_all("x-forwarded-for");
    let hops: Vec<_> = forwarded.filter_map(|value| value.to_str().ok()).collect();
    counted_as(behind_proxies(peer, &hops.join(","), trusted))
}

/// Walks from the peer to the client as long as it is proxies of ours that
/// speak: what anybody else has written into the header proves nothing.
fn behind_proxies(peer: IpAddr, forwarded_for: &str, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| {
        let address = address.to_canonical();
        trusted.iter().any(|network| network.0.contains(&address))
    };
    let mut client = peer;
    for hop in forwarded_for.rsplit(',') {
        if !is_trusted(client) {
            return client;
        }
        match parse(hop.trim()) {
            Some(address) => client = address,
            None => return client,
        }
    }
    client
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
fn parse(text: &str) -> Option<IpAddr> {
    text.parse()
        .ok()
        .or_else(|| Some(text.parse::<std::net::SocketAddr>().ok()?.ip()))
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from(network))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted =
            ["10.0.0.0/8", "127.0.0.1"].map(|text| Network::try_from(text.to_owned()).unwrap());
        for (peer, header, client) in [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "198.51.100.1, 10.2.3.4", "198.51.100.1"),
            ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
            ("::ffff:10.0.0.1", "[2001:db8::7]:1", "2001:db8::7"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "unknown", "10.0.0.1"),
            ("10.0.0.1", "198.51.100.1, <script>", "10.0.0.1"),
        ] {
            assert_eq!(
                behind_proxies(peer.parse().unwrap(), header, &trusted),
                client.parse::<IpAddr>().unwrap(),
                "{peer} {header}"
            );
        }
        assert_eq!(
            behind_proxies("127.0.0.1".parse().unwrap(), "198.51.100.1", &[]),
            "127.0.0.1".parse::<IpAddr>().unwrap()
        );
    }

    #[test]
    fn one_customer_is_one_address() {
        for (address, counted) in [
            ("2001:db8::1:2:3:4", "2001:db8::"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("192.0.2.1", "192.0.2.1"),
        ] {
            assert_eq!(
                counted_as(address.parse().unwrap()),
                counted.parse::<IpAddr>().unwrap()
            );
        }
    }
}
