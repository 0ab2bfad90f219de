/** Faults of which OpenSSL 3.0 says something else, by the rows of docs/decisions/0014 that explain them; and classes of attacks. */

/** `row`: the first cell in the record. `faults`: their names. */
export interface KnownDifference {
  readonly row: string
  readonly here: 'accepted' | 'refused'
  readonly faults: RegExp
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    row: 'RSA of 1984 to 2047 bits',
    here: 'refused',
    faults: /^keys: RSA with a modulus of 2047 bits/,
  },
  { row: 'an unknown extension twice', here: 'refused', faults: /^extensions: an unknown one twice/ },
  { row: 'version 4 and above, or below 1', here: 'refused', faults: /^integers: version (?:4|-1)/ },
  {
    row: "a critical extension that can't be read, policies for one",
    here: 'refused',
    faults: /^extensions: policies of garbage, critical/,
  },
  {
    row: 'critical address blocks (RFC 3779)',
    here: 'refused',
    faults: /^extensions: address blocks/,
  },
  {
    row: 'BER, bytes behind, characters and types that are not allowed',
    here: 'refused',
    faults:
      /: (?:version 1$|a byte behind the certificate|a length too long around|critical as 00|basic constraints and a byte behind|basic constraints with (?:FALSE written|TRUE as 01)|distribution points, empty|key usage with (?:needless zeros|unused bits set)|names and bytes behind|a set of two in another order|an empty set|.*, unused bits|RSA with (?:a needless zero in its exponent|an empty exponent|something behind its key|odd parameters)|parameters that are no NULL|.*default salt written out|organisation, (?:(?:IA5|Printable)String with (?:an|a) |NumericString with letters|a SEQUENCE|a constructed))/,
  },
  {
    row: 'keys that protect nothing: numbers, points',
    here: 'refused',
    faults:
      /^keys: (?:RSA with (?:exponent [012]|its modulus as exponent|an even modulus|a modulus that 3 divides)|DSA with (?:a key outside|a negative key|an even prime|generator 1|key [01p])|P-256, infinity|(?:Ed25519|Ed448|X25519|X448), (?:zeros|one|all bits|off its curve))/,
  },
  { row: 'points in the hybrid form', here: 'refused', faults: /^keys: P-256, hybrid$/ },
  {
    row: 'a key for RSASSA-PSS whose restrictions no signature can meet',
    here: 'refused',
    faults: /^keys: RSASSA-PSS with (?:a negative salt|another trailer)/,
  },
  {
    row: 'signatures with DSA, ECDSA on curves over fields of 2^m',
    here: 'refused',
    faults: /^keys: authority’s DSA/,
  },
  {
    row: 'keys on curves of X9.62 and WAP that are in no use',
    here: 'refused',
    faults: /^keys: on (?:c2|wap-)/,
  },
  {
    row: 'constraints of URIs: the host between user and port, before path, query and fragment',
    here: 'accepted',
    faults: /^constraints: URI with a (?:user|query|fragment)$/,
  },
  {
    row: 'constraints of URIs: the host between user and port, before path, query and fragment',
    here: 'refused',
    faults: /^constraints: URI with (?:a user that looks|an IPv4 address|a dot behind)/,
  },
  {
    row: 'constraints of mail, on a mailbox in a domain or at a host in Punycode',
    here: 'accepted',
    faults: /^constraints: mailbox (?:in a domain|at a host of Punycode)$/,
  },
  {
    row: 'constraints of mail, on a mailbox in a domain or at a host in Punycode',
    here: 'refused',
    faults: /^constraints: mailbox (?:in an excluded domain|at an excluded host of Punycode)$/,
  },
  {
    row: 'constraints, on names with a NUL, and on a common name with a wildcard',
    here: 'refused',
    faults: /^constraints: (?:DNS, a name with a NUL|mail with a NUL|DNS, a common name with a wildcard)$/,
  },
  {
    row: 'an address in octal, or with zeros in front; a host that begins with a dot',
    here: 'refused',
    faults: /^hosts: (?:an address in octal|an address with zeros in front|a wildcard for nothing)/,
  },
]

/** A class of attacks that had a number once, or more than one, and the faults that are like it. */
export interface AttackClass {
  readonly name: string
  readonly like: string
  readonly faults: RegExp
}

export const ATTACK_CLASSES: readonly AttackClass[] = [
  {
    name: 'a NUL in a name cuts it short',
    like: 'CVE-2009-2408, CVE-2021-3712',
    faults: /^(?:hosts|constraints|strings): .*\bNUL\b/,
  },
  {
    name: 'names that escape their constraints',
    like: 'CVE-2022-3602, CVE-2021-44532',
    faults: /^constraints: (?:.*(?:mailbox|common name|URI with|IP under|in the subject|a dot behind|NUL))/,
  },
  {
    name: 'one who is no authority issues certificates',
    like: 'CVE-2015-1793, CVE-2021-3450',
    faults:
      /^(?:extensions: (?:basic constraints|key usage|a path length).*\((?:authority|root)\)|integers: .*path length.*\((?:authority|root)\))/,
  },
  {
    name: 'a curve spelt out so that a stranger’s key fits',
    like: 'CVE-2020-0601, CVE-2022-0778',
    faults: /^keys: .*(?:spelt out|compressed|NULL curve|unknown curve)/,
  },
  {
    name: 'points off their curve, or of small order',
    like: 'CVE-2015-7940, CVE-2019-9155',
    faults: /^keys: .*(?:off its curve|infinity|origin|zeros|, one$|’s point on|other half|too large)/,
  },
  {
    name: 'ECDSA with numbers of zero, past the order, or written in many ways',
    like: 'CVE-2022-21449, CVE-2020-13822',
    faults: /^signatures: ECDSA/,
  },
  {
    name: 'signatures whose algorithm is another inside, or has odd parameters',
    like: 'CVE-2014-8275, CVE-2018-16151',
    faults:
      /^signatures: (?:another algorithm|parameters|.*(?:in front|behind))|^keys: authority’s RSASSA-PSS/,
  },
  {
    name: 'RSA keys that prove nothing',
    like: 'CVE-2006-4339',
    faults: /^keys: RSA with (?:exponent|a negative|an even|its modulus|a modulus|modulus)/,
  },
  {
    name: 'dates that no calendar has, or that are read in two ways',
    like: 'CVE-2015-1789',
    faults: /^times: /,
  },
  {
    name: 'strings that decoders stumble over',
    like: 'CVE-2009-0590',
    faults: /^strings: /,
  },
  {
    name: 'extensions that are there twice, hidden or garbage',
    like: 'CVE-2017-3735, CVE-2023-0286',
    faults: /^extensions: .*(?:twice|garbage|critical (?:as|in)|, empty|that is critical)/,
  },
  {
    name: 'wildcards and addresses that fit too much',
    like: 'CVE-2014-0139, CVE-2021-29923',
    faults: /^hosts: .*(?:wildcard|address|Punycode)/,
  },
]
