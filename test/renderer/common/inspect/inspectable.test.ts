import { expect, it } from 'vitest'
import { decodePem } from '#shared/crypto/encodings/pem'
import type { Bytes } from '#shared/bytes'
import type { Hl1Entry } from '#shared/hl1/types'
import { withoutSecrets } from '#shared/record/record'
import { inspectableOf } from '../../../../renderer/common/message/inspectable'
import { entryOf } from '../support'

const member = (entry: Hl1Entry, name: string) => entry.members.find((each) => each.name === name)!
const open = (entry: Hl1Entry, name: string, value = member(entry, name).value) =>
  inspectableOf(entry, member(entry, name), value, async () => member(entry, name).value!)

it('opens PEM members as what their label says', async () => {
  const entry = await entryOf(4)
  const pem = member(entry, 'x509_s').value as string
  expect(open(entry, 'x509_s')?.artifact).toMatchObject({
    kind: 'certificate',
    source: 'step 4, member x509_s',
    der: decodePem('CERTIFICATE', pem),
  })
  expect(open(entry, 'pk_s')?.artifact).toMatchObject({
    kind: 'public-key',
    pem: member(entry, 'pk_s').value,
  })
})

it('opens Cert_S with the names that it is about', async () => {
  const entry = await entryOf(4)
  expect(open(entry, 'cert_s')?.artifact).toMatchObject({
    kind: 'cert-s',
    idS: 'ID-Server',
    idCa: 'ID-CA',
    pkS: member(entry, 'pk_s').value,
    signature: member(entry, 'cert_s').value,
  })
})

it('opens a private key only with its value', async () => {
  const entry = await entryOf(2)
  const hidden = withoutSecrets(entry)
  expect(inspectableOf(hidden, member(hidden, 'sk_s'), undefined, undefined)).toBeUndefined()
  expect(open(entry, 'sk_s')?.artifact.kind).toBe('private-key')
})

it('opens a hidden symmetric key without its bytes, and with the way to them', async () => {
  const entry = await entryOf(6)
  const hidden = withoutSecrets(entry)
  const key = member(entry, 'k_sess').value as Bytes
  const opened = inspectableOf(hidden, member(hidden, 'k_sess'), undefined, async () => key)!
  expect(opened.artifact).toMatchObject({ kind: 'symmetric-key', symbol: 'K_sess' })
  expect(opened.artifact).not.toHaveProperty('key')
  expect(opened.backing).toMatchObject({ suite: 'classic', connection: entry.connection.id })
  expect(await opened.backing!.reveal()).toBe(key)
  expect(open(entry, 'k_sess')?.artifact).toMatchObject({ key })
})

it('opens nothing else, and nothing that isn’t what it should be', async () => {
  const entry = await entryOf(4)
  expect(open(entry, 'ts4')).toBeUndefined()
  expect(open(entry, 'x509_s', 'no PEM')).toBeUndefined()
  expect(open(entry, 'x509_s', '-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n')).toBeUndefined()
})
