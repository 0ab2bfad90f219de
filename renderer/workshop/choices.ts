/** What can be chosen in the form of a certificate, in words; the first is what a good one has. */
import type { CertificatePlan, ExtensionKind, HashName, KeyUsage, TimePlan } from '#shared/workshop/chain'

export interface Choice<Value extends string> {
  readonly value: Value
  readonly text: string
}

/** Stands for a member that is left out. */
export const NONE = ''

/** Choices by value, in their order. */
function choicesOf<Value extends string>(texts: Readonly<Record<Value, string>>): readonly Choice<Value>[] {
  return (Object.entries(texts) as [Value, string][]).map(([value, text]) => ({ value, text }))
}

export const KEY_CHOICES = choicesOf({
  'EC P-256': 'EC, P-256',
  'EC P-384': 'EC, P-384',
  'EC P-521': 'EC, P-521',
  Ed25519: 'Ed25519',
  'RSA 2048': 'RSA, 2048 bits',
  'RSA 3072': 'RSA, 3072 bits',
  'RSA 4096': 'RSA, 4096 bits',
  'RSA 1024': 'RSA, 1024 bits: too short',
  'RSA 2048 3': 'RSA, 2048 bits, exponent 3',
  'RSA 2048 exponent 1': 'RSA with exponent 1: everybody has the private key',
  'RSA 2048 even modulus': 'RSA with an even modulus',
  'EC P-256 point off the curve': 'EC with a point off the curve',
})

/** A key of the plan as one of the choices; the choice that is nearest for one that can't be chosen here. */
export function keyChoice(key: CertificatePlan['key']): string {
  switch (key.kind) {
    case 'of':
      return `of ${key.id}`
    case 'Ed25519':
      return 'Ed25519'
    case 'EC':
      return ['EC', key.curve, ...(key.fault === undefined ? [] : [key.fault])].join(' ')
    case 'RSA':
      return ['RSA', key.bits, key.exponent ?? '', key.fault ?? ''].filter((part) => part !== '').join(' ')
  }
}

/** The key of a choice. */
export function keyOfChoice(choice: string): CertificatePlan['key'] {
  const [kind, size = '', ...rest] = choice.split(' ')
  const more = rest.join(' ')
  if (kind === 'of') return { kind, id: size }
  if (kind === 'Ed25519') return { kind }
  if (kind === 'EC') {
    const curve = size as 'P-256' | 'P-384' | 'P-521'
    return { kind, curve, ...(more === '' ? {} : { fault: 'point off the curve' as const }) }
  }
  const bits = Number(size)
  if (more === '3') return { kind: 'RSA', bits, exponent: 3 }
  return more === ''
    ? { kind: 'RSA', bits }
    : { kind: 'RSA', bits, fault: more as 'exponent 1' | 'even modulus' }
}

export const HASH_CHOICES = choicesOf<HashName>({
  'SHA-256': 'SHA-256',
  'SHA-384': 'SHA-384',
  'SHA-512': 'SHA-512',
  'SHA-1': 'SHA-1: broken',
  MD5: 'MD5: broken',
})

export const OUTSIDE_CHOICES = [{ value: NONE, text: 'the same' }, ...HASH_CHOICES] as const

export const PARAMETER_CHOICES = choicesOf({
  [NONE]: 'as the RFC says',
  'left out': 'left out',
  NULL: 'NULL',
  'salt of 20 bytes': 'PSS with a salt of 20 bytes named',
})

export const SIGNATURE_FAULTS = choicesOf({
  [NONE]: 'right',
  'a bit flipped': 'a bit flipped',
  'not DER': 'not DER (ECDSA)',
  empty: 'empty',
})

export const SERIAL_CHOICES = choicesOf<CertificatePlan['serial']>({
  fresh: '16 random bytes',
  zero: 'zero',
  negative: 'negative',
  '33 bytes': '33 bytes',
  'redundant zeros': 'redundant zeros',
})

export const VERSION_CHOICES = choicesOf({ 3: '3', 1: '1', 2: '2', 4: '4' })

export const WHOLE_FAULTS = choicesOf({
  [NONE]: 'right',
  'a byte behind': 'a byte behind it',
  'length too long': 'a length with a zero in front',
})

export const TIME_FORMS = choicesOf<NonNullable<TimePlan['as']> | typeof NONE>({
  [NONE]: 'form as the RFC says',
  UTCTime: 'UTCTime',
  GeneralizedTime: 'GeneralizedTime',
  'fraction of a second': 'with a fraction of a second',
  'no zone': 'without a zone',
  'no seconds': 'without seconds',
  offset: 'with an offset',
})

export const USAGE_WORDS: Readonly<Record<KeyUsage, string>> = {
  digitalSignature: 'Digital signature',
  nonRepudiation: 'Non-repudiation',
  keyEncipherment: 'Key encipherment',
  dataEncipherment: 'Data encipherment',
  keyAgreement: 'Key agreement',
  keyCertSign: 'Signing certificates',
  cRLSign: 'Signing revocation lists',
}

export const EXTENSION_TITLES: Readonly<Record<ExtensionKind, string>> = {
  basicConstraints: 'Basic constraints',
  keyUsage: 'Key usage',
  extKeyUsage: 'Extended key usage',
  subjectAltName: 'Alternative names',
  subjectKeyIdentifier: 'Subject key identifier',
  authorityKeyIdentifier: 'Authority key identifier',
  nameConstraints: 'Name constraints',
  raw: 'Any other',
}
