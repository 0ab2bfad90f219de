/** Attacks of somebody who changes what passes. */
import { concat, toUtf8 } from '../../bytes'
import { HEADER_BYTES } from '../../hl1/frame'
import { SEQUENCE_BYTES } from '../../hl1/modern/bodies'
import type { Attack } from '../attack'
import { forged, seen } from '../oracles'
import { transcriptsOf } from '../eavesdropper'
import { cutAnswer } from '../cut'
import { conversationsOf, eavesdrop, flipped, ownFrame, usualSession } from '../tools'

/** What everybody knows that the client asks for: a long text that is no secret. */
const PUBLIC_TEXT = Array.from(
  { length: 160 },
  (_, line) => `Line ${line} of a text that is no secret. `,
).join('')
const TYPE_OFFSET = 5
const TEN_YEARS = 315_576_000

export const changingAttacks: readonly Attack[] = [
  {
    id: 'cut-an-answer',
    title: 'Cut a piece out of a long answer',
    has: 'The wire, and the text that is asked for: it is no secret.',
    wants: 'The client to take a shortened text for the whole one.',
    story: [
      'A client asks for a long text that everybody may know.',
      'The adversary works out which blocks it can leave out so that what is left still opens: one block turns into noise that it can compute.',
      'It sends the answer without them.',
    ],
    oracle: forged({ step: 8, role: 'client' }),
    stoppedBy: { modern: ['tag'] },
    async run(stage) {
      const client = await usualSession(stage)
      let measured: string | undefined
      stage.toServer.onFrame = ({ step, frame }) => {
        if (step !== 8) return [frame]
        // Without its tag `modern` is a stream: whatever is changed is changed there, and nowhere else.
        if (stage.suite === 'modern') return [flipped(frame, HEADER_BYTES + SEQUENCE_BYTES + 12)]
        const cut = cutAnswer(frame, toUtf8(`{"data":${JSON.stringify(PUBLIC_TEXT)},"ts8":`))
        measured = cut?.measured
        return [cut?.frame ?? frame]
      }
      await client.request(`echo ${PUBLIC_TEXT}`)
      return measured === undefined ? {} : { measured }
    },
  },
  {
    id: 'reflect',
    title: 'Send a request back as its answer',
    has: 'Nothing but the wire.',
    wants: 'The client to take its own words for the server’s.',
    story: [
      'A client asks the server something.',
      'The adversary keeps the request, changes its type from 7 to 8, and sends it back.',
    ],
    oracle: forged({ step: 8, role: 'client' }),
    stoppedBy: { classic: 'never', modern: 'never' },
    async run(stage) {
      const client = await usualSession(stage)
      stage.toServer.onFrame = async ({ step, frame, connection }) => {
        if (step !== 7) return [frame]
        const back = frame.slice()
        back[TYPE_OFFSET] = 8
        await connection.send('opener', back)
        return []
      }
      await client.request('echo back')
    },
  },
  {
    id: 'change-in-clear',
    title: 'Change what is sent in clear',
    has: 'Nothing but the wire.',
    wants: 'The server to act on what the client never said.',
    story: [
      'Step 3 of `modern` is sent in clear: the adversary puts another nonce into it.',
      'The server can’t know, and answers.',
      'Both ends go on only if what they have seen need not be the same.',
    ],
    oracle: seen(
      'forged',
      (evidence) =>
        forged({ step: 3, role: 'server' }).judge(evidence, {}).succeeded &&
        evidence.operations.at(-1)?.ok === true,
      {
        yes: 'The server acted on a step 3 that the client never sent, and the session came about.',
        no: 'No session came about on a step 3 that the client never sent.',
      },
    ),
    notIn: { classic: 'Nothing in this suite is sent in clear; K_boot protects no better.' },
    stoppedBy: { modern: ['transcript'] },
    async run(stage) {
      await stage.register()
      stage.toServer.onFrame = ({ step, frame }) => {
        if (step !== 3) return [frame]
        const text = new TextDecoder().decode(frame.slice(HEADER_BYTES))
        const at = text.indexOf('"nonce_c":"') + '"nonce_c":"'.length
        const other = text[at] === 'A' ? 'B' : 'A'
        return [
          concat(frame.slice(0, HEADER_BYTES), toUtf8(`${text.slice(0, at)}${other}${text.slice(at + 1)}`)),
        ]
      }
      const client = await stage.client()
      await client.open()
    },
  },
  {
    id: 'endless-session',
    title: 'A session of ten years',
    has: 'The key that protects step 6: a look into the client’s memory at that moment.',
    wants: 'The client to keep its session for ten years.',
    story: [
      'A client opens a session, and the adversary has the key that protects step 6.',
      'It opens step 6, writes a lifetime of ten years into it, and closes it again.',
      'It passes that on to the client.',
    ],
    oracle: forged({ step: 6, role: 'client' }),
    stoppedBy: { classic: ['lifetime'], modern: ['lifetime'] },
    async run(stage) {
      await stage.register()
      const { without, suite } = stage
      stage.toServer.onFrame = async ({ step, frame }) => {
        if (step !== 6) return [frame]
        const client = stage.leaks.client()
        const { kTmp2 } = client
        const { shared } = client.modern ?? {}
        const heard = await eavesdrop(stage, [
          ...(kTmp2 ? [['K_tmp2', kTmp2] as const] : []),
          ...(shared ? [['Z', shared] as const] : []),
        ])
        const read = heard.frames.find((each) => each.step === 6)
        const key = heard.keys.get(suite === 'modern' ? 'K_6' : 'K_tmp2')
        if (!read || !(key instanceof Uint8Array)) return [frame]
        const conversation = conversationsOf(stage.toServer).at(-1) ?? []
        const transcripts = transcriptsOf(conversation, suite, without)
        const values = { ...read.members, lifetime_sess: TEN_YEARS }
        const transcript = (at: number) => transcripts.get(at) ?? new Uint8Array()
        return [await ownFrame(stage, 6, values, { keys: { K_tmp2: key, K_6: key }, transcript })]
      }
      const client = await stage.client()
      await client.open()
    },
  },
]
