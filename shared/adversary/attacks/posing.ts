/** Attacks of somebody who says to be somebody else. */
import { issueAuthorityCertificate, serialFrom, validFor } from '../../crypto/pki/issue'
import { otherwise, passOwnFault } from '../../errors'
import type { Attack } from '../attack'
import { posed, secret, seen } from '../oracles'
import type { Stage } from '../stage'
import {
  answerOnce,
  certify,
  ownClient,
  ownFrame,
  registerAs,
  standInBetween,
  withOwnKey,
  wordyRequest,
} from '../tools'
import type { AuthorityCredentials } from '../../hl1/state'

/** A name that the adversary may have. */
export const MALLORY = 'ID-Mallory'

/** An authority of the adversary's own in the name of the true one, down to the identifier of its key. */
async function ownAuthority(stage: Stage): Promise<AuthorityCredentials> {
  const { trustAnchor, environment } = stage
  const keyPair = await stage.keyPair()
  const identity = trustAnchor.subject.commonName ?? ''
  const certificate = await issueAuthorityCertificate(
    keyPair,
    { identity, serial: serialFrom(environment.random(16)), validity: validFor(30, environment.now()) },
    environment.crypto,
  )
  const { subjectKeyIdentifier } = trustAnchor
  return {
    identity,
    keyPair,
    certificate: { ...certificate, ...(subjectKeyIdentifier && { subjectKeyIdentifier }) },
  }
}

const WANTS_REQUEST = 'What a client asks of the server.'

export const posingAttacks: readonly Attack[] = [
  {
    id: 'own-authority',
    title: 'An authority of one’s own',
    has: 'Nothing but the wire.',
    wants: WANTS_REQUEST,
    story: [
      'The adversary makes an authority with the true one’s name, and has it certify a key in the server’s name.',
      'A client comes, and the adversary answers in the server’s place.',
      'If the client goes on, it tells the adversary what it wants.',
    ],
    oracle: secret(),
    stoppedBy: { classic: ['cert_s_signature', 'x509_signature'], modern: ['x509_signature'] },
    async run(stage) {
      await stage.register()
      const own = await certify(stage, await ownAuthority(stage), await stage.keyPair())
      return standInBetween(stage, own)
    },
  },
  {
    id: 'own-key',
    title: 'A key of one’s own beside the genuine certificates',
    has: 'The server’s certificates, which are no secret.',
    wants: WANTS_REQUEST,
    story: [
      'The adversary takes the genuine certificates, and puts a public key of its own beside them.',
      'In `modern` no key stands beside the certificate: there it signs the proof with its own.',
      'If the client goes on, it tells the adversary what it wants.',
    ],
    oracle: secret(),
    stoppedBy: { classic: ['cert_s_signature', 'same_key'], modern: 'never' },
    async run(stage) {
      await stage.register()
      return standInBetween(stage, await withOwnKey(stage))
    },
  },
  {
    id: 'another-server',
    title: 'The certificate of another server',
    has: `A certificate in its own name, ${MALLORY}, honestly issued.`,
    wants: WANTS_REQUEST,
    story: [
      `The adversary registers as ${MALLORY}, as any server may.`,
      'A client that wants another server comes, and the adversary answers with its certificate.',
      'If the client goes on, it tells the adversary what it wants.',
    ],
    oracle: secret(),
    stoppedBy: { classic: ['cert_s_signature', 'subject'], modern: ['subject'] },
    async run(stage) {
      await stage.register()
      return standInBetween(stage, await registerAs(stage, MALLORY))
    },
  },
  {
    id: 'register-again',
    title: 'Register once more under the server’s name',
    has: 'Nothing but the wire.',
    wants: WANTS_REQUEST,
    story: [
      'The adversary registers with the authority under the server’s own name.',
      'The authority asks nobody whether it may: it certifies the adversary’s key in that name.',
      'A client comes, and the adversary answers in the server’s place.',
      'Every check of the client passes: a proof that somebody has a key is no proof of a name.',
    ],
    oracle: secret(),
    stoppedBy: {},
    async run(stage) {
      await stage.register()
      return standInBetween(stage, await registerAs(stage, stage.settings.serverIdentity))
    },
  },
  {
    id: 'register-again-first',
    title: 'Register once more, where the first keeps a name',
    has: 'Nothing but the wire. The authority gives a name to the first who asks, and to nobody else until a person allows it.',
    wants: WANTS_REQUEST,
    story: [
      'The server has registered; the adversary registers under the same name.',
      'The authority has given that name away.',
      'If it gives it once more, the adversary answers the next client in the server’s place.',
    ],
    oracle: secret(),
    settings: { names: 'first' },
    stoppedBy: { classic: ['name'], modern: ['name'] },
    async run(stage) {
      await stage.register()
      const own = await registerAs(stage, stage.settings.serverIdentity).catch(otherwise(undefined))
      return own ? standInBetween(stage, own) : {}
    },
  },
  {
    id: 'stolen-authority',
    title: 'The authority’s key is stolen',
    has: 'The authority’s private key.',
    wants: WANTS_REQUEST,
    story: [
      'The adversary has stolen the authority’s private key.',
      'It certifies a key of its own in the server’s name.',
      'A client comes, and the adversary answers in the server’s place.',
    ],
    oracle: secret(),
    stoppedBy: {},
    async run(stage) {
      await stage.register()
      const own = await certify(stage, stage.leaks.authority(), await stage.keyPair())
      return standInBetween(stage, own)
    },
  },
  {
    id: 'pose-as-client',
    title: 'Pose as the client',
    has: 'The client’s name, and the authority’s certificate.',
    wants: 'A session in the client’s name.',
    story: [
      'The adversary connects to the server and follows the protocol.',
      'In step 5 it says the client’s name.',
      'Nothing in either suite shows who a client is.',
    ],
    oracle: posed({ step: 5, role: 'server' }),
    stoppedBy: {},
    async run(stage) {
      await stage.register()
      const client = await ownClient(stage, stage.settings.clientIdentity)
      await client.open().catch(passOwnFault)
      client.close()
    },
  },
  {
    id: 'rename-the-client',
    title: 'Another name for the client',
    has: 'K_boot, which every copy of the program knows.',
    wants: 'A session in the name of somebody who did nothing.',
    story: [
      'A client says its name in step 3, which K_boot opens and closes.',
      `The adversary puts ${MALLORY} in its place.`,
      'In step 5 the client says its true name, where the adversary can’t reach it.',
    ],
    oracle: seen(
      'posed',
      ({ records }) =>
        records.some(
          ({ role, step, direction, members }) =>
            role === 'server' &&
            step === 6 &&
            direction === 'sent' &&
            members.some(({ name, value }) => name === 'id_c' && value === MALLORY),
        ),
      {
        yes: `The server opened a session in the name ${MALLORY}, whose owner did nothing.`,
        no: `The server opened no session in the name ${MALLORY}.`,
      },
    ),
    notIn: { modern: 'The client says its name only once, in step 5, under two keys.' },
    stoppedBy: { classic: ['identity'] },
    async run(stage) {
      await stage.register()
      const { kBoot, settings, environment } = stage
      stage.toServer.onFrame = async ({ step, frame }) => {
        if (step !== 3) return [frame]
        const values = { id_c: MALLORY, id_s: settings.serverIdentity, ts3: environment.now() }
        return [await ownFrame(stage, 3, values, { keys: { K_boot: kBoot } })]
      }
      const client = await stage.client()
      await client.open()
    },
  },
  {
    id: 'wrong-server',
    title: 'Led to another honest server',
    has: 'Nothing but the wire.',
    wants: 'A client to speak with another server than it believes.',
    story: [
      'Two honest servers have registered with the same authority.',
      'A client wants one of them, and the adversary leads its connection to the other.',
      'The other server is asked for by a name that is not its own.',
    ],
    oracle: seen('posed', ({ operations }) => operations.some(({ what, ok }) => what === 'request' && ok), {
      yes: 'The other server answered a request that was meant for the one that the client had named.',
      no: 'No request of the client was answered.',
    }),
    stoppedBy: { classic: ['identity', 'cert_s_signature', 'subject'], modern: ['identity', 'subject'] },
    async run(stage) {
      await stage.register()
      const other = await stage.otherServer()
      stage.leadTo(other)
      const client = await stage.client()
      if (await client.open()) await client.request('whoami')
    },
  },
  {
    id: 'downgrade',
    title: 'Have a `modern` client speak `classic`',
    has: 'A certificate in the server’s name, which the authority gives anyone: enough for `classic`.',
    wants: WANTS_REQUEST,
    story: [
      'A client of `modern` comes, and the adversary answers as if it had asked in `classic`.',
      'It hopes that the client takes the weaker suite over none.',
      'The client chose the suite with its first frame: a frame of another one is refused.',
    ],
    oracle: secret(),
    notIn: { classic: 'There is no weaker suite.' },
    stoppedBy: { modern: 'never' },
    async run(stage) {
      await stage.register()
      const { publicKey, certS, certificate } = await registerAs(
        stage,
        stage.settings.serverIdentity,
        'classic',
      )
      const values = {
        pk_s: publicKey.pem,
        cert_s: certS ?? new Uint8Array(),
        x509_s: certificate.pem,
        ts4: stage.environment.now(),
      }
      const answer = await ownFrame({ ...stage, suite: 'classic' }, 4, values, {
        keys: { K_boot: stage.kBoot },
      })
      stage.toServer.serve = (pipe) => answerOnce(pipe, answer)
      const client = await stage.client()
      if (await client.open()) await client.request(wordyRequest(stage))
      return {}
    },
  },
]
