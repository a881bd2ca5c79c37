//! Which addresses are the public internet.
//!
//! A server that fetches what it is told to is a way into its own network:
//! another service on the loopback, a neighbour, a cloud's metadata.
//! The ranges are those of the IANA special-purpose registries (RFC 6890).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one that everybody could reach.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let special = match first {
        // This network, private, loopback, multicast, reserved.
        0 | 10 | 127 | 224.. => true,
        // Shared by carriers (RFC 6598).
        100 => (64..128).contains(&second),
        // Link-local, where clouds answer about themselves.
        169 => second == 254,
        172 => (16..32).contains(&second),
        // Protocol assignments, documentation, 6to4 relays, private.
        192 => matches!((second, third), (0, 0 | 2) | (88, 99)) || second == 168,
        // Benchmarks, documentation.
        198 => matches!(second, 18 | 19) || (second, third) == (51, 100),
        203 => (second, third) == (0, 113),
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    if let Some(inner) = carried_v4(address) {
        return is_public_v4(inner);
    }
    let global = first & 0xE000 == 0x2000;
    let special = match first {
        // Protocol assignments (Teredo among them) and documentation.
        0x2001 => second < 0x0200 || second == 0x0DB8,
        // 6to4 leads to any address of IPv4.
        0x2002 => true,
        0x3FFF => second < 0x1000,
        _ => false,
    };
    global && !special
}

/// The address of IPv4 that one of IPv6 stands for: mapped, or translated by
/// a gateway (RFC 6052).
fn carried_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    if let [0x0064, 0xFF9B, 0, 0, 0, 0, high, low] = address.segments() {
        return Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    }
    address.to_ipv4_mapped()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_is_public_and_the_inside_is_not() {
        for public in [
            "1.1.1.1",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "2606:4700:4700::1111",
            "2a00:1450:4001::1",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for inside in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
    }
}
