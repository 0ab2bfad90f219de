/** PEM files: every block by what is in it. */
import type { Bytes } from '../../bytes'
import { openPemLock } from '../../crypto/containers/pem-lock'
import { isForeseen, LabError } from '../../errors'
import type { Artifact } from '../artifact'
import { other } from './artifacts'
import { openElements, type Found } from './elements'
import { isOpensshPrivate, openOpensshPrivate } from './openssh-private'
import { decodeBody, findBlocks, type PemBlock } from './pem-blocks'
import { located, type Opening } from './state'

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
  const { blocks, otherLines } = findBlocks(text)
  if (blocks.length === 0) {
    throw new LabError(
      'bad_pem',
      'The text has “-----BEGIN ”, but no whole line -----BEGIN …----- as PEM has it.',
    )
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
    try {
      artifacts.push(...(await openBlock(block, { source, subject }, opening)))
    } catch (error) {
      if (!isForeseen(error)) throw error
      const placed = located(error, subject)
      if (error.code === 'passphrase_needed' || error.code === 'wrong_passphrase') throw placed
      first ??= placed
      opening.note(placed.message)
    }
  }
  if (artifacts.length === 0 && first) throw first
  return artifacts
}

async function openBlock(
  block: PemBlock,
  origin: { readonly source: string; readonly subject: string },
  opening: Opening,
): Promise<readonly Artifact[]> {
  const body = decodeBody(block)
  if (isOpensshPrivate(body)) return [openOpensshPrivate(body, origin, opening)]
  if (body.length === 0) throw new LabError('bad_pem', 'It is empty.')
  const found: Found = {
    ...origin,
    stated: TYPES[block.label],
    pem: block.label === 'PUBLIC KEY' ? `${block.text}\n` : undefined,
    firstOnly: block.label === 'TRUSTED CERTIFICATE',
  }
  const isLocked = block.headers.get('PROC-TYPE')?.includes('ENCRYPTED') === true
  if (!isLocked) return openElements(body, found, opening)
  const unlocked = await unlock(body, block, opening)
  if (!unlocked) return [opening.make(other(body, 'Locked private key'), origin)]
  return openElements(unlocked, found, opening)
}

/** Undefined when it stays locked. */
async function unlock(body: Bytes, { headers }: PemBlock, opening: Opening): Promise<Bytes | undefined> {
  const passphrase = opening.passphraseFor('The private key')
  return passphrase === undefined ? undefined : openPemLock(body, headers.get('DEK-INFO') ?? '', passphrase)
}
