/** PEM files: every block by what is in it. */
import { openPemLock } from '../../crypto/containers/pem-lock'
import { LabError } from '../../errors'
import type { Artifact } from '../artifact'
import { other } from './artifacts'
import { openElements, type Found } from './elements'
import { isOpensshPrivate, openOpensshPrivate } from './openssh-private'
import { decodeBody, findBlocks, MAX_BLOCKS, type PemBlock } from './pem-blocks'
import { refuseForeignLabel } from './foreign'
import type { Opening, Origin } from './state'

/** What the labels say that is in a block (RFC 7468, and OpenSSL's older ones). */
const TYPES: Readonly<Record<string, string>> = {
  CERTIFICATE: 'Certificate',
  'X509 CERTIFICATE': 'Certificate',
  'TRUSTED CERTIFICATE': 'Certificate',
  'CERTIFICATE REQUEST': 'CertificationRequest',
  'NEW CERTIFICATE REQUEST': 'CertificationRequest',
  'PUBLIC KEY': 'SubjectPublicKeyInfo',
  'RSA PUBLIC KEY': 'RSAPublicKey',
  'PRIVATE KEY': 'OneAsymmetricKey',
  'ENCRYPTED PRIVATE KEY': 'EncryptedPrivateKeyInfo',
  'RSA PRIVATE KEY': 'RSAPrivateKey',
  'EC PRIVATE KEY': 'ECPrivateKey',
  'DSA PRIVATE KEY': 'DSAPrivateKey',
  PKCS7: 'ContentInfo',
  'PKCS #7 SIGNED DATA': 'ContentInfo',
  CMS: 'ContentInfo',
  PKCS12: 'PFX',
  'X509 CRL': 'CertificateList',
  'ATTRIBUTE CERTIFICATE': 'AttributeCertificate',
  'EC PARAMETERS': 'ECParameters',
  'DH PARAMETERS': 'DHParameter',
  'X9.42 DH PARAMETERS': 'DomainParameters',
  'DSA PARAMETERS': 'Dss-Parms',
}
/** Parameters that stand before a key which has them itself. */
const PARAMETERS = new Set(['EC PARAMETERS', 'DSA PARAMETERS', 'DH PARAMETERS', 'X9.42 DH PARAMETERS'])

/**
 * Opens all blocks of a text. One that can't be read is passed over with a note when others can.
 * @throws LabError of the first block that can't be read, when none can; `passphrase_needed`, `wrong_passphrase`
 */
export async function openPem(text: string, opening: Opening): Promise<readonly Artifact[]> {
  const { blocks, faults, otherLines, unreadFrom } = findBlocks(text)
  const [fault] = faults
  if (blocks.length === 0) {
    throw (
      fault ??
      new LabError(
        'bad_pem',
        'The text has “-----BEGIN ”, but no whole line -----BEGIN …----- as PEM has it.',
      )
    )
  }
  for (const each of faults) opening.passOver(each, 'The PEM block')
  if (unreadFrom !== undefined) {
    const most = MAX_BLOCKS.toLocaleString('en')
    opening.note(`The first ${most} PEM blocks were read; those from line ${unreadFrom} on were passed over.`)
  }
  if (otherLines > 0) {
    const lines = otherLines === 1 ? 'One line' : `${otherLines.toLocaleString('en')} lines`
    const verb = otherLines === 1 ? 'was' : 'were'
    opening.note(`${lines} of text outside the PEM blocks ${verb} passed over.`)
  }
  const isAlone = blocks.length === 1
  const artifacts: Artifact[] = []
  let first: LabError | undefined
  for (const block of blocks) {
    await opening.breathe()
    // A key that follows has its parameters in itself.
    if (PARAMETERS.has(block.label) && !isAlone) continue
    const source = `PEM, ${block.label}${isAlone ? '' : `, line ${block.line}`}`
    const subject = `The PEM block ${block.label} in line ${block.line}`
    const locked = isAlone ? 'The private key' : `The private key in line ${block.line}`
    try {
      artifacts.push(...(await openBlock(block, { source, subject, locked }, opening)))
    } catch (error) {
      const placed = opening.passOver(error, subject)
      first ??= placed
    }
  }
  if (artifacts.length === 0 && first) throw first
  return artifacts
}

async function openBlock(
  block: PemBlock,
  origin: Origin & { readonly locked: string },
  opening: Opening,
): Promise<readonly Artifact[]> {
  refuseForeignLabel(block.label)
  const body = decodeBody(block)
  if (isOpensshPrivate(body)) return openOpensshPrivate(body, origin, opening)
  if (body.length === 0) throw new LabError('bad_pem', 'It is empty.')
  const found: Found = {
    ...origin,
    stated: TYPES[block.label],
    pem: block.label === 'PUBLIC KEY' ? `${block.text}\n` : undefined,
    firstOnly: block.label === 'TRUSTED CERTIFICATE',
  }
  const isLocked = block.headers.get('PROC-TYPE')?.includes('ENCRYPTED') === true
  if (!isLocked) return openElements(body, found, opening)
  const info = block.headers.get('DEK-INFO') ?? ''
  const unlocked = await opening.unlock(origin.locked, (passphrase) =>
    openPemLock(body, info, passphrase, origin.locked),
  )
  if (!unlocked) return [opening.make(other(body, 'Locked private key'), origin)]
  return openElements(unlocked, found, opening)
}
