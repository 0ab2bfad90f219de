/** Attacks on how a server comes by its certificate. */
import { makeRequest } from '../../crypto/pki/request'
import { otherwise } from '../../errors'
import { EMPTY_TRANSCRIPT } from '../../hl1/message'
import type { Attack } from '../attack'
import { transcriptsOf, type ReadFrame } from '../eavesdropper'
import { forged, misplaced, repeated, secret, seen } from '../oracles'
import type { Evidence, Stage } from '../stage'
import {
  certify,
  conversationsOf,
  eavesdrop,
  frameOf,
  ownFrame,
  registerAs,
  sendRaw,
  standInBetween,
} from '../tools'
import { MALLORY } from './posing'

const KEY_BYTES = 32

/** The authority has certified the honest server's key in a name that is not the server's. */
const certifiedForAnother = seen(
  'posed',
  ({ records }: Evidence) =>
    records.some(
      (entry) =>
        entry.role === 'authority' &&
        entry.step === 2 &&
        entry.direction === 'sent' &&
        entry.members.some(({ name, value }) => name === 'id_s' && value === MALLORY),
    ),
  {
    yes: `The authority certified the honest server’s key in the name ${MALLORY}.`,
    no: `The authority certified nothing in the name ${MALLORY}.`,
  },
)

/** Asks for a certificate in the adversary's name with a request of somebody else's making. */
async function askWith(stage: Stage, csr: string): Promise<void> {
  const { environment, trustAnchor } = stage
  const values = {
    k_tmp1: environment.random(KEY_BYTES),
    id_s: MALLORY,
    ts1: environment.now(),
    csr_s: csr,
    nonce_s: environment.random(KEY_BYTES),
  }
  const frame = await ownFrame(stage, 1, values, {
    keys: { PK_CA: trustAnchor.publicKey, K_tmp1: values.k_tmp1 },
    transcript: () => EMPTY_TRANSCRIPT,
  })
  await sendRaw(stage, 'authority', [frame])
  await stage.settle()
}

/** Step 2 opened, changed and closed again, by somebody who has the authority's key. */
function changeStep2(stage: Stage, change: (members: ReadFrame['members']) => ReadFrame['members']): void {
  const { keyPair } = stage.leaks.authority()
  stage.toAuthority.onFrame = async ({ step, frame }) => {
    if (step !== 2) return [frame]
    const heard = await eavesdrop(stage, [['SK_CA', keyPair.privateKey]])
    const read = heard.frames.findLast((each) => each.step === 2)
    const key = heard.keys.get('K_tmp1')
    if (!read || !(key instanceof Uint8Array)) return [frame]
    const conversation = conversationsOf(stage.toAuthority).at(-1) ?? []
    const transcripts = transcriptsOf(conversation, stage.suite, stage.without)
    const values = change(read.members)
    const transcript = (at: number) => transcripts.get(at) ?? new Uint8Array()
    return [await ownFrame(stage, 2, values, { keys: { K_tmp1: key }, transcript })]
  }
}

const NOT_IN_CLASSIC = 'In this suite a server sends no request: the authority makes the key.'

export const registeringAttacks: readonly Attack[] = [
  {
    id: 'register-twice',
    title: 'Send a registration again',
    has: 'Nothing but the wire.',
    wants: 'A second certificate that nobody asked for.',
    story: [
      'The server registers, and the adversary records its step 1.',
      'It connects to the authority and sends the same step 1.',
    ],
    oracle: repeated({ step: 1, role: 'authority' }),
    stoppedBy: { modern: ['not_seen'] },
    async run(stage) {
      await stage.register()
      const frame = frameOf(stage.toAuthority, 1)?.frame
      if (frame) await sendRaw(stage, 'authority', [frame])
      await stage.settle()
    },
  },
  {
    id: 'register-twice-later',
    title: 'Send a registration again when it is old',
    has: 'Nothing but the wire.',
    wants: 'A second certificate that nobody asked for.',
    story: [
      'The server registers, and the adversary records its step 1.',
      'It waits until that is older than the age limit.',
      'It connects to the authority and sends the same step 1.',
    ],
    oracle: repeated({ step: 1, role: 'authority' }),
    stoppedBy: { classic: ['freshness'], modern: ['freshness', 'not_seen'] },
    async run(stage) {
      await stage.register()
      stage.pass(stage.settings.maxAge * 3 * 1000)
      const frame = frameOf(stage.toAuthority, 1)?.frame
      if (frame) await sendRaw(stage, 'authority', [frame])
      await stage.settle()
    },
  },
  {
    id: 'certify-anothers-key',
    title: 'Have somebody else’s key certified',
    has: 'The server’s public key, which is no secret.',
    wants: `The server’s key certified in the name ${MALLORY}.`,
    story: [
      'The adversary writes a request for the server’s public key in its own name.',
      'It signs that with a key of its own, as it lacks the server’s.',
      'It registers with that request.',
    ],
    oracle: certifiedForAnother,
    notIn: { classic: NOT_IN_CLASSIC },
    stoppedBy: { modern: ['request_signature'] },
    async run(stage) {
      await stage.register()
      const { privateKey } = await stage.keyPair()
      const { publicKey } = stage.leaks.server()
      await askWith(stage, await makeRequest(MALLORY, { publicKey, privateKey }, stage.environment.crypto))
    },
  },
  {
    id: 'certify-anothers-request',
    title: 'Register with somebody else’s request',
    has: 'A request that the server’s owner has signed and mailed around: it is no secret.',
    wants: `The server’s key certified in the name ${MALLORY}.`,
    story: [
      'The server’s owner has made a request in the server’s name, and signed it.',
      'The adversary registers in its own name with that request.',
    ],
    oracle: certifiedForAnother,
    notIn: { classic: NOT_IN_CLASSIC },
    stoppedBy: { modern: ['request_subject'] },
    async run(stage) {
      await stage.register()
      const { settings, environment } = stage
      await askWith(
        stage,
        await makeRequest(settings.serverIdentity, stage.leaks.server(), environment.crypto),
      )
    },
  },
  {
    id: 'short-request',
    title: 'A key that is too short, certified',
    has: 'A private key of 1,792 bits that it has found by factoring; here it is handed over, as that takes longer than a run.',
    wants: 'What a client asks of the server whose key that is.',
    story: [
      'A server asks for a certificate for a key that is too short.',
      'The adversary finds the private key to it.',
      'A client comes, and the adversary answers in the server’s place.',
    ],
    oracle: secret(),
    notIn: { classic: NOT_IN_CLASSIC },
    stoppedBy: { modern: ['request_key_size', 'certificate_key'] },
    async run(stage) {
      const { environment, without, settings } = stage
      const weak = await stage.shortKeyPair()
      const crypto = { ...environment.crypto, generateRsaKeyPair: async () => weak }
      // Whoever takes such a key does not look at its certificate either.
      const careless = { ...environment, crypto, without: new Set([...without, 'certificate_key'] as const) }
      const registered = await registerAs(stage, settings.serverIdentity, 'modern', careless).catch(
        otherwise(undefined),
      )
      return registered ? standInBetween(stage, registered) : {}
    },
  },
  {
    id: 'wrong-private-key',
    title: 'A private key that does not belong',
    has: 'The authority’s private key.',
    wants: 'A server that is registered and can serve nobody.',
    story: [
      'The server registers, and the adversary opens the authority’s answer.',
      'It puts another private key into it, and closes it again.',
      'The server believes to be registered; a client comes.',
    ],
    oracle: seen(
      'denied',
      ({ operations }) => operations[0]?.ok === true && operations.at(-1)?.ok === false,
      {
        yes: 'The server counts as registered, and the client’s session failed.',
        no: 'The server did not take itself for registered while it could serve nobody.',
      },
    ),
    notIn: { modern: 'In this suite no private key is ever sent.' },
    stoppedBy: { classic: ['key_pair'] },
    async run(stage) {
      const { privateKey } = await stage.keyPair()
      changeStep2(stage, (members) => ({ ...members, sk_s: privateKey.pem }))
      if (!(await stage.register())) return {}
      const client = await stage.client()
      await client.open()
    },
  },
  {
    id: 'wrong-certificate',
    title: 'A certificate for another key',
    has: 'The authority’s private key.',
    wants: 'A server that shows a certificate for a key that is not its own.',
    story: [
      'The server registers, and the adversary opens the authority’s answer.',
      'It puts a certificate for another key into it, and closes it again.',
      'The server shows that certificate to everybody, if it takes it.',
    ],
    oracle: forged({ step: 2, role: 'server' }),
    stoppedBy: { classic: ['same_key'], modern: ['same_key'] },
    async run(stage) {
      const other = await certify(stage, stage.leaks.authority(), await stage.keyPair())
      changeStep2(stage, (members) => ({ ...members, x509_s: other.certificate.pem }))
      await stage.register()
    },
  },
  {
    id: 'old-registration',
    title: 'An old answer to a new registration',
    has: 'The wire, and a server whose machine was set back: the keys that it had ready are used again.',
    wants: 'The server to take an old certificate for the one that it asked for.',
    story: [
      'The server registers, and the adversary records the answer.',
      'The server’s machine is set back to how it was: it registers again with the same keys and another nonce.',
      'The adversary sends the old answer in the place of the new one.',
    ],
    oracle: misplaced({ step: 2, role: 'server' }),
    repeatsKeys: true,
    notIn: {
      classic:
        'The key of the answer opens it, and nothing says which request it answers: see *Send a registration again*.',
    },
    stoppedBy: { modern: ['transcript', 'nonce'] },
    async run(stage) {
      await stage.register()
      const old = frameOf(stage.toAuthority, 2)?.frame
      stage.toAuthority.onFrame = ({ step, frame }) => [step === 2 && old ? old : frame]
      await stage.register()
    },
  },
]
