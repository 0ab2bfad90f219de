/** Attacks of somebody who sends again what has passed. */
import type { Attack } from '../attack'
import { misplaced, posed, repeated } from '../oracles'
import type { Stage } from '../stage'
import { answerOnce, frameOf, impersonate, sendRaw, usualSession, withOwnKey, wordyRequest } from '../tools'

const HOUR = 3_600_000
const AGAIN = repeated({ step: 5, role: 'server' })

/** Opens the same session once more, on a connection of one's own. */
async function openAgain(stage: Stage): Promise<void> {
  const frames = [3, 5].map((step) => frameOf(stage.toServer, step)?.frame)
  await sendRaw(
    stage,
    'server',
    frames.filter((frame) => frame !== undefined),
  )
  await stage.settle()
}

const OPEN_AGAIN = [
  'The adversary records how a client opens a session.',
  'It connects to the server itself and sends the client’s step 3.',
  'Whatever the server answers, it sends the client’s step 5.',
] as const

/** Sends a request again that was answered already, on the same connection; its second answer reaches nobody. */
async function askAgain(stage: Stage): Promise<void> {
  const { toServer } = stage
  const passed = frameOf(toServer, 7)
  if (!passed) return
  toServer.onFrame = ({ from, frame }) => (from === 'acceptor' ? [] : [frame])
  await passed.connection.send('acceptor', passed.frame)
  await stage.settle()
}

export const replayingAttacks: readonly Attack[] = [
  {
    id: 'open-again',
    title: 'Open the same session again',
    has: 'Nothing but the wire.',
    wants: 'A second session in the client’s name.',
    story: OPEN_AGAIN,
    oracle: AGAIN,
    stoppedBy: { modern: ['ephemeral_share', 'transcript'] },
    async run(stage) {
      await usualSession(stage)
      await openAgain(stage)
    },
  },
  {
    id: 'open-again-address',
    title: 'Open the same session again, where addresses count',
    has: 'Nothing but the wire. The server refuses a client whose address differs from the one that it names.',
    wants: 'A second session in the client’s name.',
    story: [
      'The adversary records how a client opens a session; as it stands between both, the server sees its address already, and not the client’s.',
      ...OPEN_AGAIN.slice(1),
    ],
    oracle: AGAIN,
    settings: { enforceAddress: true },
    stoppedBy: { classic: ['address'], modern: ['ephemeral_share', 'transcript', 'address'] },
    async run(stage) {
      await usualSession(stage)
      await openAgain(stage)
    },
  },
  {
    id: 'open-again-clock',
    title: 'Open the same session again, with the clock set back',
    has: 'The wire, and a clock that goes back: a battery that is empty, a time server that lies.',
    wants: 'A second session in the client’s name, an hour later.',
    story: [
      'The adversary records how a client opens a session.',
      'An hour goes by, and the server’s clock is set back an hour.',
      'It connects to the server itself and sends the client’s step 3, then step 5.',
    ],
    oracle: AGAIN,
    stoppedBy: { modern: ['ephemeral_share', 'transcript'] },
    async run(stage) {
      const client = await usualSession(stage)
      client.close()
      await stage.settle()
      stage.pass(HOUR)
      stage.setServerClock(-HOUR)
      await openAgain(stage)
    },
  },
  {
    id: 'ask-again',
    title: 'Send a request again at once',
    has: 'Nothing but the wire.',
    wants: 'The server to do twice what was asked once.',
    story: [
      'A client asks the server something, and is answered.',
      'The adversary sends the same request once more on the same connection.',
      'It swallows the second answer, so that the client notices nothing.',
    ],
    oracle: repeated({ step: 7, role: 'server' }),
    stoppedBy: { modern: ['sequence'] },
    async run(stage) {
      const client = await usualSession(stage)
      await client.request(wordyRequest(stage))
      await askAgain(stage)
    },
  },
  {
    id: 'ask-again-later',
    title: 'Send a request again when it is old',
    has: 'Nothing but the wire.',
    wants: 'The server to do twice what was asked once.',
    story: [
      'A client asks the server something, and is answered.',
      'The adversary waits until the request is older than the age limit.',
      'It sends the request once more on the same connection.',
    ],
    oracle: repeated({ step: 7, role: 'server' }),
    stoppedBy: { classic: ['freshness'], modern: ['sequence', 'freshness'] },
    async run(stage) {
      const client = await usualSession(stage)
      await client.request(wordyRequest(stage))
      stage.pass((stage.settings.maxAge + 1) * 1000)
      await askAgain(stage)
    },
  },
  {
    id: 'old-answer',
    title: 'An old answer to a new request',
    has: 'Nothing but the wire.',
    wants: 'The client to take yesterday’s answer for today’s.',
    story: [
      'A client asks the server something, and is answered.',
      'It asks something else.',
      'The adversary keeps the new answer and sends the old one.',
    ],
    oracle: misplaced({ step: 8, role: 'client' }),
    stoppedBy: { modern: ['sequence'] },
    async run(stage) {
      const client = await usualSession(stage)
      await client.request(wordyRequest(stage))
      const old = frameOf(stage.toServer, 8)?.frame
      stage.toServer.onFrame = ({ step, frame }) => [step === 8 && old ? old : frame]
      await client.request('time')
    },
  },
  {
    id: 'old-step-4',
    title: 'The server is there, says an old step 4',
    has: 'The wire, and what anybody has who was a client once: the server’s certificate.',
    wants: 'A client to believe that the server is there.',
    story: [
      'The adversary has seen how the server answered an earlier client.',
      'A client comes, and the server is not there: the adversary answers with what it has.',
      'In `modern` that is the certificate under a share of its own, and a proof by a key of its own.',
    ],
    oracle: posed({ step: 4, role: 'client' }),
    stoppedBy: { modern: ['proof'] },
    async run(stage) {
      await usualSession(stage)
      const old = frameOf(stage.toServer, 4)?.frame
      if (stage.suite === 'modern') impersonate(stage, await withOwnKey(stage))
      else stage.toServer.serve = (pipe) => answerOnce(pipe, old)
      const client = await stage.client()
      await client.open()
    },
  },
]
