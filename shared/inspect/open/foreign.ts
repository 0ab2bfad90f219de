/** Formats that are known and not opened here, each with what to do instead. */
import { toBinaryString, toHex, type Bytes } from '../../bytes'
import { LabError } from '../../errors'

interface ForeignFormat {
  /** What the file is, as in `is a Java key store`. */
  readonly what: string
  readonly instead: string
  readonly isIt: (start: string, hex: string) => boolean
}

const FORMATS: readonly ForeignFormat[] = [
  {
    what: 'a key of PuTTY',
    instead: 'puttygen FILE -O private-openssh-new or its Conversions menu writes a format of others.',
    isIt: (start) => start.startsWith('PuTTY-User-Key-File-'),
  },
  {
    what: 'a Java key store (JKS)',
    instead:
      'keytool -importkeystore -srckeystore FILE -destkeystore FILE.p12 -deststoretype pkcs12 makes a PKCS#12 file of it.',
    isIt: (_, hex) => hex.startsWith('feedfeed'),
  },
  {
    what: 'a Java key store (JCEKS)',
    instead:
      'keytool -importkeystore -srckeystore FILE -srcstoretype jceks -destkeystore FILE.p12 -deststoretype pkcs12 makes a PKCS#12 file of it.',
    isIt: (_, hex) => hex.startsWith('cececece'),
  },
  {
    what: 'an OpenPGP text',
    instead: 'Its keys are of another kind and are not opened here.',
    isIt: (start) => start.includes('-----BEGIN PGP '),
  },
]

/**
 * Refuses what is known as another format.
 * @throws LabError `unsupported_format`
 */
export function refuseForeign(bytes: Bytes): void {
  const start = toBinaryString(bytes.subarray(0, 200)).trimStart()
  const hex = toHex(bytes.subarray(0, 4))
  const found = FORMATS.find(({ isIt }) => isIt(start, hex))
  if (!found) return
  throw new LabError('unsupported_format', `It is ${found.what}. ${found.instead}`)
}
