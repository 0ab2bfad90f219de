/** What windows and pages of Help cite besides the contract and the decision records: each standard with the address of its text. */
import { anchorOf } from './places'

/** A text of others. */
export interface Source {
  /** As citations name it: `RFC 8446`. */
  readonly name: string
  readonly title: string
  /** The sections that are cited, as citations write them: `4.3.2`, `appendix-E.1`. */
  readonly sections: readonly string[]
  /** Where the text is, for a section where the publisher gives those addresses of their own. Nothing here is ever opened. */
  readonly address: (section?: string) => string
}

/** The RFC editor's page, on which every section has an anchor. */
const rfc = (number: number, title: string, ...sections: readonly string[]): Source => ({
  name: `RFC ${number}`,
  title,
  sections,
  address: (section) => {
    const page = `https://www.rfc-editor.org/rfc/rfc${number}.html`
    if (section === undefined) return page
    return `${page}#${/^[a-z]/.test(section) ? section : `section-${section}`}`
  },
})
const nist = (name: string, title: string, address: string, ...sections: readonly string[]): Source => ({
  name,
  title,
  sections,
  address: () => address,
})
const doi = (name: string): string => `https://doi.org/10.6028/NIST.${name}`

/** In the order in which they are shown. */
export const SOURCES: readonly Source[] = [
  rfc(2104, 'HMAC: Keyed-Hashing for Message Authentication'),
  rfc(2986, 'PKCS #10: Certification Request Syntax', '3', '4.2'),
  rfc(3279, 'Algorithms and Identifiers for X.509 Certificates and Revocation Lists', '2.2.3'),
  rfc(3713, 'A Description of the Camellia Encryption Algorithm'),
  rfc(3779, 'X.509 Extensions for IP Addresses and AS Identifiers'),
  rfc(3820, 'X.509 Proxy Certificate Profile'),
  rfc(3986, 'Uniform Resource Identifier (URI): Generic Syntax', '3.2'),
  rfc(4055, 'Additional Algorithms and Identifiers for RSA Cryptography in X.509', '3.1', '5'),
  rfc(4158, 'X.509: Certification Path Building', '5.2'),
  rfc(4648, 'The Base16, Base32, and Base64 Data Encodings', '4'),
  rfc(4772, 'Security Implications of Using the Data Encryption Standard (DES)', '5'),
  rfc(5116, 'An Interface and Algorithms for Authenticated Encryption'),
  rfc(5208, 'PKCS #8: Private-Key Information Syntax'),
  rfc(
    5280,
    'X.509 Certificate and Certificate Revocation List (CRL) Profile',
    ...[
      '4.1',
      '4.1.1.2',
      '4.1.1.3',
      '4.1.2.1',
      '4.1.2.2',
      '4.1.2.4',
      '4.1.2.5',
      '4.1.2.5.1',
      '4.1.2.5.2',
      '4.1.2.6',
    ],
    ...[
      '4.2',
      '4.2.1.1',
      '4.2.1.2',
      '4.2.1.3',
      '4.2.1.6',
      '4.2.1.9',
      '4.2.1.10',
      '4.2.1.12',
      '5.1',
      '5.1.2.4',
    ],
    ...[
      '5.1.2.5',
      '5.2',
      '5.2.3',
      '5.3.1',
      '6',
      '6.1',
      '6.1.1',
      '6.1.3',
      '6.3',
      '6.3.3',
      '7.1',
      '7.2',
      'appendix-A.1',
    ],
  ),
  rfc(5480, 'Elliptic Curve Cryptography Subject Public Key Information', '2.2'),
  rfc(5652, 'Cryptographic Message Syntax (CMS)', '6.3'),
  rfc(5758, 'Additional Algorithms and Identifiers for DSA and ECDSA in X.509', '3.2'),
  rfc(5869, 'HMAC-based Extract-and-Expand Key Derivation Function (HKDF)'),
  rfc(5958, 'Asymmetric Key Packages (PKCS #8)'),
  rfc(6818, 'Updates to the X.509 Certificate and CRL Profile', '2'),
  rfc(6943, 'Issues in Identifier Comparison for Security Purposes', '3.1.1'),
  rfc(6960, 'Online Certificate Status Protocol (OCSP)'),
  rfc(7292, 'PKCS #12: Personal Information Exchange Syntax'),
  rfc(7468, 'Textual Encodings of PKIX, PKCS, and CMS Structures'),
  rfc(7493, 'The I-JSON Message Format'),
  rfc(7516, 'JSON Web Encryption (JWE)'),
  rfc(7517, 'JSON Web Key (JWK)', '4.7', '5'),
  rfc(7748, 'Elliptic Curves for Security'),
  rfc(8017, 'PKCS #1: RSA Cryptography Specifications', '3.1', '3.2', '7.1', '8.1', '8.2', '9.2'),
  rfc(8018, 'PKCS #5: Password-Based Cryptography Specification', '5.2', '6.2'),
  rfc(8032, 'Edwards-Curve Digital Signature Algorithm (EdDSA)'),
  rfc(8398, 'Internationalized Email Addresses in X.509 Certificates (2018)'),
  rfc(8410, 'Algorithm Identifiers for Ed25519, Ed448, X25519 and X448 in X.509'),
  rfc(
    8446,
    'The Transport Layer Security (TLS) Protocol Version 1.3',
    ...['4.3.2', '4.4.1', '4.4.2', '4.4.3', '7.3', 'appendix-E.1', 'appendix-E.2'],
  ),
  rfc(8555, 'Automatic Certificate Management Environment (ACME)', '8'),
  rfc(9162, 'Certificate Transparency Version 2.0'),
  rfc(9215, 'GOST R 34.10-2012 and GOST R 34.11-2012 in X.509'),
  rfc(9525, 'Service Identity in TLS', '6.3'),
  rfc(9579, 'PBMAC1 in PKCS #12'),
  rfc(9598, 'Internationalized Email Addresses in X.509 Certificates (2024)', '6'),
  nist('FIPS 46-3', 'Data Encryption Standard (DES)', 'https://csrc.nist.gov/pubs/fips/46-3/final'),
  nist('FIPS 180-4', 'Secure Hash Standard (SHS)', doi('FIPS.180-4')),
  nist('FIPS 186-4', 'Digital Signature Standard (DSS)', doi('FIPS.186-4')),
  nist('FIPS 197', 'Advanced Encryption Standard (AES)', doi('FIPS.197-upd1')),
  nist('FIPS 203', 'Module-Lattice-Based Key-Encapsulation Mechanism Standard', doi('FIPS.203')),
  nist('FIPS 204', 'Module-Lattice-Based Digital Signature Standard', doi('FIPS.204')),
  nist('FIPS 205', 'Stateless Hash-Based Digital Signature Standard', doi('FIPS.205')),
  nist(
    'SP 800-38A',
    'Recommendation for Block Cipher Modes of Operation: Methods and Techniques',
    doi('SP.800-38A'),
    ...['6.2', 'appendix-D'],
  ),
  nist(
    'SP 800-38D',
    'Recommendation for Block Cipher Modes of Operation: Galois/Counter Mode (GCM) and GMAC',
    doi('SP.800-38D'),
  ),
  nist(
    'SP 800-89',
    'Recommendation for Obtaining Assurances for Digital Signature Applications',
    doi('SP.800-89'),
    '5.3.3',
  ),
  nist('SP 800-208', 'Recommendation for Stateful Hash-Based Signature Schemes', doi('SP.800-208')),
  {
    name: 'Baseline Requirements',
    title: 'Baseline Requirements for TLS Server Certificates of the CA/Browser Forum',
    sections: [
      ...[
        '6.1.5',
        '6.3.2',
        '7.1.2.1.2',
        '7.1.2.1.3',
        '7.1.2.7.6',
        '7.1.2.7.8',
        '7.1.2.7.10',
        '7.1.2.7.12',
        '7.1.3.2',
      ],
    ],
    address: () => 'https://cabforum.org/working-groups/server/baseline-requirements/requirements/',
  },
  nist(
    'Bleichenbacher, 2006',
    'RSA signatures whose padding is not checked to the end can be forged with exponent 3 (CVE-2006-4339)',
    'https://www.cve.org/CVERecord?id=CVE-2006-4339',
  ),
]

/** The source that an anchor of the page means, and its section: any RFC, listed or not; undefined for what is none of them. */
export function sourceAt(
  anchor: string,
): { readonly source: Source; readonly section: string | undefined } | undefined {
  const [name = '', section] = anchor.split('/')
  const [, number] = /^rfc-(\d{3,5})$/.exec(name) ?? []
  const source =
    SOURCES.find((each) => anchorOf(each.name) === name) ??
    (number === undefined ? undefined : rfc(Number(number), ''))
  return source && { source, section }
}

/** A section as a citation writes it: `section 4.3.2`, `appendix E.1`. */
export function sectionName(section: string): string {
  return section.startsWith('appendix-') ? section.replace('-', ' ') : `section ${section}`
}
