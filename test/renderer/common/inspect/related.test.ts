import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodePem } from '#shared/crypto/encodings/pem'
import type { Artifact, CertificateArtifact } from '#shared/inspect/artifact'
import {
  arrangeCertificates,
  certificatesOfKey,
  chainAbove,
  hasKey,
  linksOf,
  publicHalves,
  relatedTo,
} from '../../../../renderer/common/inspect/worker/related'
import { commandsOf } from '../../../../renderer/common/inspect/worker/commands'
import { issueFaulty } from '../../../support/certificates'
import { keyPair } from '../../../support/credentials'
import { certificates, hex } from './support'

let known: Awaited<ReturnType<typeof certificates>>
beforeAll(async () => void (known = await certificates()), 60_000)

async function issued(subject: string, issuer: string): Promise<CertificateArtifact> {
  const { publicKey, privateKey } = await keyPair('other')
  const pem = issueFaulty({
    signer: privateKey,
    publicKey,
    subject: [subject],
    issuer,
    notBefore: Date.now(),
    notAfter: Date.now() + 1e9,
    extensions: [],
  })
  const der = decodePem('CERTIFICATE', pem)
  return { kind: 'certificate', id: subject, title: subject, source: 'a test', der }
}
const broken: Artifact = { kind: 'certificate', id: 'x', title: 'x', source: 'a test', der: hex('30 00') }

describe('links', () => {
  it('of a certificate lead to its issuer, its key and its signature with the key that verifies it', async () => {
    const { authority, server } = known
    const { issuer, key, signature } = relatedTo(server, [server, authority])
    expect(issuer).toBe(authority)
    expect(key?.spki).toEqual((await keyPair('server')).publicKey.spki)
    expect(signature?.signer).toEqual((await keyPair('authority')).publicKey.spki)
  })

  it('of a trust anchor lead to no issuer, and to its own key for its signature', async () => {
    const { issuer, signature } = relatedTo(known.authority, [known.authority])
    expect(issuer).toBeUndefined()
    expect(signature?.signer).toEqual((await keyPair('authority')).publicKey.spki)
  })

  it('of a private key lead to its public half', async () => {
    const { publicKey, privateKey } = await keyPair('server')
    const artifact: Artifact = {
      kind: 'private-key',
      id: 'sk',
      title: 'sk',
      source: '',
      pkcs8: privateKey.pkcs8,
    }
    expect(relatedTo(artifact, []).key?.spki).toEqual(publicKey.spki)
    expect(hasKey(artifact, publicKey.spki)).toBe(true)
    expect(hasKey(known.authority, publicKey.spki)).toBe(false)
    expect(hasKey(broken, publicKey.spki)).toBe(false)
  })
})

describe('a private key', () => {
  it('without a public half leads to it all the same, and so to its certificate', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const pkcs8 = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }))
    const artifact: Artifact = { kind: 'private-key', id: 'sk', title: 'sk', source: '', pkcs8 }
    expect(relatedTo(artifact, []).key).toBeUndefined()
    const { key } = await linksOf(artifact, [])
    expect(key?.spki).toEqual(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })))
  })

  it('has its own certificate, and those above that, among others', async () => {
    const { authority, server } = known
    const other = await issued('Orphan', 'Nobody')
    const { privateKey } = await keyPair('server')
    const all = [broken as CertificateArtifact, other, authority, server]
    expect(await certificatesOfKey(privateKey.pkcs8, all)).toEqual([server, authority])
    expect(await certificatesOfKey(privateKey.pkcs8, [authority])).toEqual([])
    expect(await certificatesOfKey(hex('30 00'), all)).toEqual([])
  })
})

describe('commands for what isn’t the lab’s', () => {
  const asked = (artifact: Artifact, certificatesNow: readonly CertificateArtifact[]) =>
    commandsOf({ artifact, owner: undefined, names: {}, certificates: certificatesNow, host: '' })

  it('verify Cert_S with the authority’s certificate where that is open, and name it among the files', async () => {
    const { publicKey } = await keyPair('server')
    const artifact: Artifact = {
      ...{ kind: 'cert-s', id: 'c', title: 'Cert_S', source: 'a file', signature: new Uint8Array(256) },
      ...{ idS: 'ID-Server', idCa: 'ID-CA', pkS: publicKey.pem },
    }
    const { commands, files } = await asked(artifact, [known.authority])
    expect(commands.find(({ id }) => id === 'cert_s_verify')?.line).toContain('ID-CA.crt')
    expect(files.map(({ name, artifact: source }) => [name, source?.id])).toEqual([
      ['Cert_S.json', 'c'],
      ['ID-CA.crt', known.authority.id],
    ])
    expect((await asked(artifact, [])).commands.map(({ id }) => id)).not.toContain('cert_s_verify')
  })

  it('say of a private key whether it belongs to its certificate', async () => {
    const { privateKey } = await keyPair('server')
    const artifact: Artifact = {
      kind: 'private-key',
      id: 'sk',
      title: 'sk',
      source: '',
      pkcs8: privateKey.pkcs8,
    }
    const { commands, files } = await asked(artifact, [known.server])
    expect(commands.map(({ id }) => id)).toContain('private_certificate')
    expect(files.map(({ artifact: source }) => source?.id).sort()).toEqual([known.server.id, 'sk'].sort())
  })
})

describe('certificates', () => {
  it('are put under their issuers, those without one and broken ones beside them', async () => {
    const orphan = await issued('Orphan', 'Nobody')
    const ders = [orphan, known.server, broken, known.authority].map(
      (each) => (each as CertificateArtifact).der,
    )
    const lines = arrangeCertificates(ders)
    expect(lines.map(({ title, depth }) => `${depth} ${title}`)).toEqual([
      '0 CN=Orphan',
      '0 ',
      '0 CN=ID-CA',
      '1 CN=ID-Server',
    ])
    expect(lines.map(({ index }) => index)).toEqual([0, 2, 3, 1])
    expect(lines[1]!.problem).toBeDefined()
    expect(lines[2]!.selfSigned).toBe(true)
  })

  it('that issued each other are each there once', async () => {
    const circle = [await issued('A', 'B'), await issued('B', 'A')]
    const lines = arrangeCertificates(circle.map(({ der }) => der))
    expect(lines.map(({ index }) => index).sort()).toEqual([0, 1])
    expect(chainAbove(circle[0]!, circle).length).toBe(2)
  })

  it('above one are found up to the top', async () => {
    const chain = [await issued('Leaf', 'Middle'), await issued('Middle', 'Top'), await issued('Top', 'Top')]
    expect(chainAbove(chain[0]!, chain).map(({ title }) => title)).toEqual(['Middle', 'Top'])
  })
})

it('public keys are found in certificates and alone; what can’t be read has none', async () => {
  const { spki } = (await keyPair('server')).publicKey
  const alone: Artifact = { kind: 'public-key', id: 'pk', title: 'pk', source: 'a test', spki }
  const halves = publicHalves([known.server, broken, alone])
  expect(halves.map((half) => half.spki)).toEqual([spki, spki])
})
