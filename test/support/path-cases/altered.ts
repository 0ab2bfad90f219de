/** Certificates with bytes changed after they were made. */
import { sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readChildren, readElement, writeElement } from '#shared/crypto/encodings/der'
import { decodePem, encodePem } from '#shared/crypto/encodings/pem'
import { SERVER, withLines, type Issued } from '../open-ssl-pki'
import type { Cases, Options } from './cases'

/** Certificates that `openssl ca` makes none of: their bytes are changed, and most are signed again. */
export function altered(cases: Cases): void {
  const [versionThree, versionOne] = ['a003020102', 'a003020100']
  cases.add('extensions in version 1', resigned(cases, SERVER, versionThree, versionOne), ['form'])
  const [sha256, sha384] = ['300d06092a864886f70d01010b0500', '300d06092a864886f70d01010c0500']
  cases.add('one algorithm inside, another outside', resigned(cases, SERVER, sha256, sha384), [
    'signature',
    'form',
  ])
  // The name of the key usage extension becomes that of the extended one.
  const [keyUsage, extended] = ['0603551d0f', '0603551d25']
  cases.add('extended key usage twice', resigned(cases, SERVER, keyUsage, extended), ['extensions'])
  cases.add('signature with a bit changed', changedAtEnd(cases.server()), ['signature'])
  const empty = { subject: '/CN=x', extensions: withLines(SERVER, 'subjectAltName=DNS:localhost') }
  const critical = { ...empty, extensions: withLines(SERVER, 'subjectAltName=critical,DNS:localhost') }
  cases.add('no subject', withoutSubject(cases, empty), ['names'])
  cases.add('no subject, critical alternative names', withoutSubject(cases, critical))
}

/** A leaf with bytes of its signed part replaced, signed again by the root. */
export function resigned(cases: Cases, extensions: readonly string[], from: string, to: string): Issued {
  return signedAgain(cases.server({ extensions }), cases.root, (signed) => {
    const index = signed.indexOf(Buffer.from(from, 'hex'))
    if (index === -1) throw new Error(`There is no ${from} in the certificate.`)
    const copy = Buffer.from(signed)
    copy.write(to, index, 'hex')
    return copy
  })
}

/** `openssl ca` makes none: the subject CN=x is cut out. */
function withoutSubject(cases: Cases, options: Options): Issued {
  const name = Buffer.from('300c310a300806035504030c0178', 'hex')
  return signedAgain(cases.server(options), cases.root, (signed) => {
    const index = signed.indexOf(name)
    const body = Buffer.concat([
      signed.subarray(4, index),
      Buffer.from('3000', 'hex'),
      signed.subarray(index + name.length),
    ])
    return Buffer.from(writeElement(0x30, body))
  })
}

function signedAgain(issued: Issued, signer: Issued, edit: (signed: Buffer) => Buffer): Issued {
  const der = decodePem('CERTIFICATE', issued.pem)
  const [signedPart, algorithm] = readChildren(der, readElement(der)).map(({ start, end }) =>
    der.subarray(start, end),
  )
  const edited = edit(Buffer.from(signedPart!))
  const signature = sign('sha256', edited, readFileSync(signer.keyFile, 'utf8'))
  const bits = writeElement(0x03, new Uint8Array(1), signature)
  return { ...issued, pem: encodePem('CERTIFICATE', writeElement(0x30, edited, algorithm!, bits)) }
}

function changedAtEnd(issued: Issued): Issued {
  const der = decodePem('CERTIFICATE', issued.pem)
  der[der.length - 1]! ^= 1
  return { ...issued, pem: encodePem('CERTIFICATE', der) }
}
