/** Attacks of somebody who only listens. */
import { concat, fromUtf8, toUtf8 } from '../../bytes'
import { HEADER_BYTES } from '../../hl1/frame'
import { SEQUENCE_BYTES } from '../../hl1/modern/bodies'
import { orUndefined, otherwise } from '../../errors'
import { decryptDes } from '../../crypto/primitives/des'
import type { Attack } from '../attack'
import { secret } from '../oracles'
import { claimOf, eavesdrop, frameOf, usualSession, wordIn, wordyRequest } from '../tools'

/** So many bits of a DES key are left to be searched: the rest of the 56 is told. */
const SEARCHED_BITS = 9
const DES_BITS = 56
const SECONDS_A_YEAR = 31_557_600
const IV_BYTES = 8
/** Characters of the answer that are found out: the known part of the request is longer than `{"data":"` by so many. */
const KNOWN_CHARACTERS = 14

export const listeningAttacks: readonly Attack[] = [
  {
    id: 'name-the-client',
    title: 'Listen, and name the client',
    has: 'Nothing but the wire.',
    wants: 'The name of whoever connects.',
    story: [
      'The adversary listens while a client opens a session.',
      'It opens what it can with K_boot, which every copy of the program knows.',
      'It looks for the client’s name.',
    ],
    oracle: secret({ what: 'the client’s name', of: ({ stage }) => stage.settings.clientIdentity }),
    stoppedBy: { modern: 'never' },
    async run(stage) {
      await usualSession(stage)
      return claimOf(await eavesdrop(stage, [['K_boot', stage.kBoot]]), 'id_c')
    },
  },
  {
    id: 'curious-authority',
    title: 'A curious authority reads the session',
    has: 'All that the authority has: its private key, and what passed when the server registered.',
    wants: 'The request of a client.',
    story: [
      'The authority keeps what it made and what it was told when the server registered.',
      'Later it listens while a client asks the server something.',
      'It opens what it can.',
    ],
    oracle: secret(),
    stoppedBy: { modern: 'never' },
    async run(stage) {
      const client = await usualSession(stage)
      await client.request(wordyRequest(stage))
      const { keyPair } = stage.leaks.authority()
      return claimOf(
        await eavesdrop(stage, [
          ['K_boot', stage.kBoot],
          ['SK_CA', keyPair.privateKey],
        ]),
        'req',
      )
    },
  },
  {
    id: 'steal-the-key-later',
    title: 'Record today, steal the server’s key later',
    has: 'The server’s private key, which it gets long after the session.',
    wants: 'What was asked in a session that it had recorded.',
    story: [
      'The adversary records a session that it can’t read.',
      'Long after its end it gets the server’s private key.',
      'It opens the recording, as far as that reaches.',
    ],
    oracle: secret(),
    stoppedBy: { modern: ['ephemeral_share'] },
    async run(stage) {
      const client = await usualSession(stage)
      await client.request(wordyRequest(stage))
      client.close()
      stage.pass(86_400_000)
      const { privateKey } = stage.leaks.server()
      return claimOf(
        await eavesdrop(stage, [
          ['K_boot', stage.kBoot],
          ['SK_S', privateKey],
        ]),
        'req',
      )
    },
  },
  {
    id: 'search-a-des-key',
    title: 'Search a DES key',
    has: `All but ${SEARCHED_BITS} of the ${DES_BITS} bits of the session key: a real search of all of them takes longer than a run.`,
    wants: 'What was asked in a session that it had recorded.',
    story: [
      'The adversary records a request.',
      'It tries one key after the other until one opens the request.',
      'How long all keys would take follows from the speed at which it tried these.',
    ],
    oracle: secret(),
    notIn: { modern: 'There is no DES in this suite: a key has 256 bits.' },
    stoppedBy: {},
    async run(stage) {
      const client = await usualSession(stage)
      await client.request(wordyRequest(stage))
      const frame = frameOf(stage.toServer, 7)?.frame
      if (!frame) return { missing: 'No request has passed.' }
      const [iv, text] = [
        frame.slice(HEADER_BYTES, HEADER_BYTES + IV_BYTES),
        frame.slice(HEADER_BYTES + IV_BYTES),
      ]
      const known = stage.leaks.carried('k_sess')
      const started = performance.now()
      for (let tried = 0; tried < 2 ** SEARCHED_BITS; tried++) {
        const key = withBits(known, tried)
        const opened = await decryptDes(key, iv, text).catch(otherwise(undefined))
        const request = opened && requestIn(fromUtf8Leniently(opened))
        if (request === undefined) continue
        const perSecond = ((tried + 1) * 1000) / (performance.now() - started)
        const years = 2 ** DES_BITS / perSecond / SECONDS_A_YEAR
        const measured = `${tried + 1} keys tried, ${Math.round(perSecond)} in a second: all 2^56 would take ${Math.round(years).toLocaleString('en')} years here, one program at a time; machines built for it need a day.`
        return { secret: wordIn(request), measured }
      }
      return { missing: 'None of the keys opened the request.' }
    },
  },
  {
    id: 'two-time-pad',
    title: 'Subtract a request from its answer',
    has: 'The request itself: it was `bytes 12`, which anybody could guess.',
    wants: 'The answer, which only the server knows before.',
    story: [
      'The adversary knows what the client asks, and when.',
      'It takes the request away from its ciphertext: what is left is the key stream.',
      'Where the answer was closed with the same key and number, the same stream opens its first bytes.',
    ],
    oracle: secret({
      what: 'how the answer begins',
      of: ({ operations }) => operations.at(-1)?.answer?.slice(0, KNOWN_CHARACTERS) ?? '-',
    }),
    notIn: { classic: 'DES-CBC makes no key stream: a random IV stands before each message.' },
    stoppedBy: { modern: ['two_keys'] },
    async run(stage) {
      const client = await usualSession(stage)
      await client.request('bytes 12')
      const [request, answer] = [7, 8].map((step) => frameOf(stage.toServer, step)?.frame)
      if (!request || !answer) return { missing: 'No answer has passed.' }
      const start = HEADER_BYTES + SEQUENCE_BYTES
      const known = toUtf8('{"req":"bytes 12","ts7":')
      const stream = known.map((byte, index) => byte ^ (request[start + index] ?? 0))
      const opened = stream.map((byte, index) => byte ^ (answer[start + index] ?? 0))
      const text = fromUtf8Leniently(concat(opened))
      const found = /^\{"data":"(.*)$/.exec(text)?.[1]
      if (found === undefined) return { missing: 'The stream of the request does not open the answer.' }
      return { secret: found.slice(0, KNOWN_CHARACTERS) }
    },
  },
]

/** A key whose last bits, parity left out, are these. */
function withBits(known: Uint8Array, bits: number): Uint8Array<ArrayBuffer> {
  const key = Uint8Array.from(known)
  for (let bit = 0; bit < SEARCHED_BITS; bit++) {
    const byte = key.length - 1 - Math.floor(bit / 7)
    const mask = 2 << (bit % 7)
    key[byte] = ((key[byte] ?? 0) & ~mask) | ((bits >> bit) & 1 ? mask : 0)
  }
  return key
}

function requestIn(text: string): string | undefined {
  return /^\{"req":"([^"]*)","ts7":\d+\}$/.exec(text)?.[1]
}

function fromUtf8Leniently(bytes: Uint8Array): string {
  return orUndefined(() => fromUtf8(bytes)) ?? ''
}
