/** Writes extensions (RFC 5280 section 4.2). */
import { fromHex, type Bytes } from '../bytes'
import { bits, context, implicit, integer, octets, oid, sequence, TAGS, yes } from '../crypto/encodings/asn1'
import { writeElement } from '../crypto/encodings/der'
import { oidNamed } from '../crypto/encodings/oids'
import { keyIdentifier } from '../crypto/pki/issue'
import { LabError } from '../errors'
import { KEY_USAGES, type AlternativeName, type ExtensionPlan, type KeyUsage } from './chain'
import { writeGeneralName } from './names'

/** What extensions say of keys: DER of the certificate's own key, and of its issuer's. */
export interface KeysInPlay {
  readonly own: Bytes
  readonly issuer: Bytes
}

/** An Extension, whole. */
export function writeExtension(plan: ExtensionPlan, keys: KeysInPlay): Bytes {
  const name = plan.kind === 'raw' ? plan.name : plan.kind
  const critical = plan.critical === true ? [yes()] : []
  // FALSE is the default, which DER leaves out (X.690 section 11.5).
  const plain =
    plan.kind === 'raw' && plan.writesDefault ? [writeElement(TAGS.BOOLEAN, new Uint8Array(1))] : []
  return sequence(oid(dotted(name)), ...critical, ...plain, octets(valueOf(plan, keys)))
}

function valueOf(plan: ExtensionPlan, keys: KeysInPlay): Bytes {
  switch (plan.kind) {
    case 'basicConstraints': {
      const { authority, pathLength } = plan
      return sequence(
        ...(authority ? [yes()] : []),
        ...(pathLength === undefined ? [] : [writeLength(pathLength)]),
      )
    }
    case 'keyUsage':
      return writeUsages(plan.usages)
    case 'extKeyUsage':
      return sequence(...plan.purposes.map((purpose) => oid(oidNamed(purpose))))
    case 'subjectAltName':
      return sequence(...plan.names.map(writeGeneralName))
    case 'subjectKeyIdentifier':
      return octets(keyIdentifier(keys.own))
    case 'authorityKeyIdentifier': {
      const identifier = keyIdentifier(keys.issuer)
      return sequence(implicit(0, plan.of === 'nobody' ? identifier.map((byte) => byte ^ 0xff) : identifier))
    }
    case 'nameConstraints': {
      const trees = (tag: number, names: readonly AlternativeName[] = []): readonly Bytes[] =>
        names.length === 0 ? [] : [context(tag, ...names.map((name) => sequence(writeGeneralName(name))))]
      return sequence(...trees(0, plan.permitted), ...trees(1, plan.excluded))
    }
    case 'raw': {
      const value = fromHex(plan.value)
      if (!value) throw new LabError('bad_argument', `${plan.value} is no hex.`)
      return value
    }
  }
}

/** A path length below zero is one that nobody should write. */
function writeLength(length: number): Bytes {
  return length < 0 ? integer(Uint8Array.of(length & 0xff)) : integer(length)
}

/** Named bits without zeros at their end, as DER has them (X.690 section 11.2.2). */
function writeUsages(usages: readonly KeyUsage[]): Bytes {
  let [byte, unused] = [0, 8]
  KEY_USAGES.forEach((usage, bit) => {
    if (!usages.includes(usage)) return
    byte |= 0x80 >> bit
    unused = 7 - bit
  })
  return byte === 0 ? bits() : writeElement(TAGS['BIT STRING'], Uint8Array.of(unused, byte))
}

function dotted(name: string): string {
  return /^\d/.test(name) ? name : oidNamed(name)
}
