/** Formats that are known and not opened here, a row each, with what to do instead. */
import { toBinaryString, toHex, type Bytes } from '../../bytes'
import { oidOf, parseBer, partsOf } from '../../crypto/encodings/ber'
import { oidNamed } from '../../crypto/encodings/oids'
import { LabError, orUndefined } from '../../errors'
import { isOpenPgp } from './openpgp'

/** A file as it is told by its beginning. */
interface FileStart {
  readonly bytes: Bytes
  /** The first bytes, each a character, without space before them. */
  readonly start: string
  /** The same from the first byte on. */
  readonly raw: string
}

interface ForeignFormat {
  /** What the file is, as in `is a Java key store`. */
  readonly what: string
  readonly instead: string
  readonly isIt: (file: FileStart) => boolean
}

const START_BYTES = 2_048
/** Bytes of the salt of Bouncy Castle's older key stores. */
const BKS_SALT = '00000014'
const PBES2 = oidNamed('PBES2')
const PBKDF2 = oidNamed('PBKDF2')

const KEYTOOL = (type: string): string =>
  `keytool -importkeystore -srckeystore FILE${type === 'jks' ? '' : ` -srcstoretype ${type}`} -destkeystore FILE.p12 -deststoretype pkcs12 makes a PKCS#12 file of it.`
const BOUNCY_CASTLE = (type: string): string =>
  `With Bouncy Castle’s jar, keytool -importkeystore -srckeystore FILE -srcstoretype ${type} -providerpath bcprov.jar -provider org.bouncycastle.jce.provider.BouncyCastleProvider -destkeystore FILE.p12 -deststoretype pkcs12 makes a PKCS#12 file of it.`
const OPENPGP = 'Its keys are of another kind and are not opened here: gpg --show-keys FILE names them.'
const UNPACKED_PLIST = 'plutil -convert xml1 FILE writes it as a text; what is under <data> is base64.'
const UNPACK = 'Unpack it, and open the files in it.'

/** Tried in this order. */
const FORMATS: readonly ForeignFormat[] = [
  {
    what: 'a key of PuTTY',
    instead:
      'puttygen FILE -O private-openssh-new -o NEW, or its Conversions menu, writes it as OpenSSH has it, which opens here.',
    isIt: begins('PuTTY-User-Key-File-'),
  },
  {
    what: 'a private key of SSH version 1',
    instead:
      'The protocol is broken and its keys are of no use any more: make a new one with ssh-keygen -t ed25519.',
    isIt: begins('SSH PRIVATE KEY FILE FORMAT 1.'),
  },
  {
    what: 'a public key of SSH version 1',
    instead:
      'The protocol is broken and its keys are of no use any more: make a new one with ssh-keygen -t ed25519.',
    isIt: ({ start }) => /^(?:\S+ )?\d{3,5} \d{1,10} \d{100}/.test(start),
  },
  {
    what: 'a private key of ssh.com',
    instead:
      'ssh-keygen -i -f FILE > NEW writes it as OpenSSH has it, if it has no passphrase; puttygen reads it with one.',
    isIt: ({ start }) => start.includes('---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----'),
  },
  { what: 'a Java key store (JKS)', instead: KEYTOOL('jks'), isIt: hex('feedfeed') },
  { what: 'a Java key store (JCEKS)', instead: KEYTOOL('jceks'), isIt: hex('cececece') },
  {
    what: 'a key store of Bouncy Castle (BKS)',
    instead: BOUNCY_CASTLE('BKS'),
    isIt: (file) => isBksLike(file) && hasBksEntry(file),
  },
  { what: 'a key store of Bouncy Castle (UBER)', instead: BOUNCY_CASTLE('UBER'), isIt: isBksLike },
  { what: 'a key store of Bouncy Castle (BCFKS)', instead: BOUNCY_CASTLE('BCFKS'), isIt: isBcfks },
  {
    what: 'a private key of Windows (PVK)',
    instead: 'openssl rsa -inform PVK -in FILE -out NEW.pem (or openssl dsa) writes it as PEM.',
    isIt: hex('1ef1b5b0'),
  },
  {
    what: 'a private key of Windows (PRIVATEKEYBLOB)',
    instead: 'openssl rsa -inform MSBLOB -in FILE -out NEW.pem (or openssl dsa) writes it as PEM.',
    isIt: ({ raw }) => isBlob(raw, 7),
  },
  {
    what: 'a public key of Windows (PUBLICKEYBLOB)',
    instead: 'openssl rsa -pubin -inform MSBLOB -in FILE -out NEW.pem (or openssl dsa) writes it as PEM.',
    isIt: ({ raw }) => isBlob(raw, 6),
  },
  {
    what: 'a file encrypted with age',
    instead: 'age --decrypt -i KEY FILE opens it.',
    isIt: begins('age-encryption.org/'),
  },
  {
    what: 'a key of age',
    instead:
      'It encrypts files with age and is in no certificate: age-keygen -y FILE prints its public half.',
    isIt: ({ start }) => /^(?:#[^\n]*\n)*\s*(?:AGE-SECRET-KEY-1|age1)[A-Za-z0-9]/.test(start),
  },
  {
    what: 'a file encrypted with openssl enc',
    instead:
      'It doesn’t say how: openssl enc -d -aes-256-cbc -pbkdf2 -in FILE (with -a for base64) and its passphrase may open it.',
    isIt: ({ start }) => start.startsWith('Salted__') || start.startsWith('U2FsdGVkX1'),
  },
  { what: 'OpenPGP', instead: OPENPGP, isIt: ({ bytes }) => isOpenPgp(bytes) },
  {
    what: 'a key ring of GnuPG',
    instead: 'gpg --list-keys names its keys; they are of another kind and are not opened here.',
    isIt: ({ raw }) => raw.slice(8, 12) === 'KBXf',
  },
  {
    what: 'an encrypted token (JWE)',
    instead:
      'What is in it can be read only with the private key of whom it is for. Keys alone are opened here (JWK).',
    isIt: ({ start }) =>
      /^eyJ[\w-]*\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+\s*$/.test(start) || isJson(start, 'ciphertext', 'iv'),
  },
  {
    what: 'a signed token (JWT, JWS)',
    instead: 'It has a signature in it and no key: open the key that verifies it, a JWK of its issuer.',
    isIt: ({ start }) =>
      /^(?:Bearer )?eyJ[\w-]*\.[\w-]*\.[\w-]*\s*$/.test(start) || isJson(start, 'payload', 'signature'),
  },
  {
    what: 'a Secret of Kubernetes',
    instead:
      'Its values are in base64: kubectl get secret NAME -o jsonpath="{.data[\'tls\\.crt\']}" | base64 -d prints the certificate.',
    isIt: ({ start }) =>
      /(?:^|[{,])\s*(?:- )?["']?kind["']?\s*:\s*["']?Secret\b/m.test(start) && !start.includes('-----BEGIN '),
  },
  {
    what: 'a text with PEM that is in base64 once more, as in a configuration',
    instead: 'Decode the value with base64 -d, and open that.',
    isIt: ({ start }) => /(?:^|[\s"':])LS0tLS1CRUdJTi/.test(start),
  },
  {
    what: 'a text in UTF-16 without a mark that says so',
    instead: 'iconv -f UTF-16LE -t UTF-8 FILE > NEW (or UTF-16BE) writes it as text that opens here.',
    isIt: ({ raw }) => /^(?:[\t\n\r -~]\0){8}/.test(raw) || /^(?:\0[\t\n\r -~]){8}/.test(raw),
  },
  { what: 'a ZIP archive', instead: UNPACK, isIt: hex('504b0304') },
  { what: 'compressed with gzip', instead: 'gunzip FILE unpacks it: open what is in it.', isIt: hex('1f8b') },
  {
    what: 'compressed with bzip2',
    instead: 'bunzip2 FILE unpacks it: open what is in it.',
    isIt: hex('425a68'),
  },
  {
    what: 'compressed with xz',
    instead: 'unxz FILE unpacks it: open what is in it.',
    isIt: hex('fd377a585a00'),
  },
  {
    what: 'compressed with zstd',
    instead: 'unzstd FILE unpacks it: open what is in it.',
    isIt: hex('28b52ffd'),
  },
  { what: 'a 7z archive', instead: UNPACK, isIt: hex('377abcaf271c') },
  { what: 'a tar archive', instead: UNPACK, isIt: ({ raw }) => raw.slice(257, 262) === 'ustar' },
  {
    what: 'a data base of SQLite, as NSS keeps keys and certificates in (cert9.db, key4.db)',
    instead: 'certutil -L -d FOLDER lists them; pk12util -o NEW.p12 -n NAME -d FOLDER writes one as PKCS#12.',
    isIt: begins('SQLite format 3'),
  },
  {
    what: 'a key chain of macOS',
    instead: 'Keychain Access exports certificates and keys from it as PKCS#12.',
    isIt: begins('kych'),
  },
  {
    what: 'a web page',
    instead: 'It was saved instead of the file that it links to: download that.',
    isIt: ({ start }) => /^<(?:!doctype html|html)[\s>]/i.test(start) && !start.includes('-----BEGIN '),
  },
  {
    what: 'a configuration of WireGuard',
    instead:
      'Its keys are 32 bytes of Curve25519 in base64 and are in no certificate: wg pubkey prints a public half.',
    isIt: ({ start }) =>
      /^(?:#[^\n]*\n|\s)*\[(?:Interface|Peer)\]/.test(start) && /\b(?:Private|Public)Key\s*=/.test(start),
  },
  {
    what: 'a key or a signature of minisign or signify',
    instead: 'It signs files and is in no certificate: minisign -V -m FILE -P KEY checks a signature.',
    isIt: begins('untrusted comment:'),
  },
  {
    what: 'a request in the form of old browsers (SPKAC)',
    instead: 'openssl spkac -in FILE shows it; authorities take requests of PKCS#10.',
    isIt: begins('SPKAC='),
  },
  {
    what: 'a data base of KeePass',
    instead: 'Save what is attached to an entry from KeePass, and open that.',
    isIt: hex('03d9a29a'),
  },
  { what: 'a property list of macOS', instead: UNPACKED_PLIST, isIt: begins('bplist0') },
  {
    what: 'a PDF document',
    instead: 'Save what is signed with it, or attached to it, from a PDF reader.',
    isIt: begins('%PDF-'),
  },
]

/** Labels of PEM blocks that are known and not opened here. */
const LABELS: readonly { readonly label: RegExp; readonly what: string; readonly instead: string }[] = [
  { label: /^PGP /, what: 'OpenPGP', instead: OPENPGP },
  {
    label: /^AGE ENCRYPTED FILE$/,
    what: 'a file encrypted with age',
    instead: 'age --decrypt -i KEY FILE opens it.',
  },
  {
    label: /^ENCRYPTED (?:COSIGN|SIGSTORE) PRIVATE KEY$/,
    what: 'a private key of sigstore',
    instead: 'cosign public-key --key FILE prints its public half.',
  },
  {
    label: /^TSS2 (?:PRIVATE )?KEY/,
    what: 'a private key that only a TPM can use',
    instead:
      'It can’t be read outside of that TPM: openssl pkey -provider tpm2 -in FILE -pubout prints its public half.',
  },
  {
    label: /^OpenVPN (?:Static key|tls-crypt)/i,
    what: 'a symmetric key of OpenVPN',
    instead: 'It is shared by both sides and is in no certificate.',
  },
]

/**
 * Refuses what is known as another format.
 * @throws LabError `unsupported_format`
 */
export function refuseForeign(bytes: Bytes): void {
  const raw = toBinaryString(bytes.subarray(0, START_BYTES))
  const file = { bytes, raw, start: raw.replace(/^\xef\xbb\xbf/, '').trimStart() }
  const found = FORMATS.find(({ isIt }) => isIt(file))
  if (found) throw refusal(found)
}

/**
 * Refuses a PEM block by its label.
 * @throws LabError `unsupported_format`
 */
export function refuseForeignLabel(label: string): void {
  const found = LABELS.find((row) => row.label.test(label))
  if (found) throw refusal(found)
}

function refusal({ what, instead }: { readonly what: string; readonly instead: string }): LabError {
  return new LabError('unsupported_format', `It is ${what}. ${instead}`)
}

function begins(text: string): ForeignFormat['isIt'] {
  return ({ start }) => start.startsWith(text)
}

function hex(digits: string): ForeignFormat['isIt'] {
  return ({ bytes }) => toHex(bytes.subarray(0, digits.length / 2)) === digits
}

/** JSON with members of these names. */
function isJson(start: string, ...members: readonly string[]): boolean {
  return start.startsWith('{') && members.every((name) => new RegExp(`"${name}s?"\\s*:`).test(start))
}

/** A number of version, then a salt of 20 bytes and a number of iterations: BKS and UBER. */
function isBksLike({ bytes }: FileStart): boolean {
  const start = toHex(bytes.subarray(0, 8))
  return bytes.length > 32 && (start === `00000001${BKS_SALT}` || start === `00000002${BKS_SALT}`)
}

/** An entry in the clear follows: its kind and its name. In UBER all of it is encrypted. */
function hasBksEntry({ bytes, raw }: FileStart): boolean {
  const [kind = 0xff, upper = 0xff, lower = 0] = bytes.subarray(32)
  if (kind === 0) return bytes.length === 33 + 20
  return kind <= 4 && upper === 0 && /^[\x20-\x7e\x80-\xff]*$/.test(raw.slice(35, 35 + lower))
}

/** Encrypted content, and a MAC beside it whose key is derived with PBKDF2. */
function isBcfks({ bytes }: FileStart): boolean {
  if (bytes[0] !== 0x30) return false
  return (
    orUndefined(() => {
      const [store, check, ...others] = partsOf(parseBer(bytes), 'sequence')
      const [encryption] = partsOf(store, 'sequence')
      const [, derivation] = partsOf(check, 'sequence')
      const [scheme, pbkdf] = [encryption, derivation].map((part) => oidOf(partsOf(part, 'sequence')[0]))
      return others.length === 0 && scheme === PBES2 && pbkdf === PBKDF2
    }) ?? false
  )
}

/** BLOBHEADER of CryptoAPI: kind, version 2, then an algorithm of keys, and what the key says that it is. */
function isBlob(raw: string, kind: number): boolean {
  return (
    raw.charCodeAt(0) === kind && raw.slice(1, 4) === '\x02\0\0' && /^(?:RSA|DSS)\d$/.test(raw.slice(8, 12))
  )
}
