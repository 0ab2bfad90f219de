/** Attacks of somebody who keeps what should pass, or lets it pass at another time. */
import type { Attack } from '../attack'
import { denied, forged, late } from '../oracles'
import type { Stage } from '../stage'
import { ownFrame, usualSession, wordyRequest } from '../tools'

/** What a client can't be kept from losing: whoever owns the wire can cut it. */
const NOTHING_HELPS = {}

/** Once everybody waits, time goes by until nobody waits any longer. */
function letTheLimitPass({ pass, settings }: Stage): void {
  setTimeout(() => pass((settings.idleLimit + 1) * 1000))
}

/** A request that the client never made, closed with its keys. */
async function requestOf(stage: Stage, request: string): Promise<Uint8Array<ArrayBuffer>> {
  const { session, modern } = stage.leaks.client()
  const { session: keys } = modern ?? {}
  const values = { seq: keys?.nextRequest ?? 0, req: request, ts7: stage.environment.now() }
  return ownFrame(stage, 7, values, {
    keys: {
      ...(session && { K_sess: session.key }),
      ...(keys && { K_c2s: keys.clientToServer }),
    },
    transcript: () => keys?.transcript ?? new Uint8Array(),
  })
}

export const withholdingAttacks: readonly Attack[] = [
  {
    id: 'hold',
    title: 'Hold a message until it is stale',
    has: 'Nothing but the wire.',
    wants: 'That a client gets no session.',
    story: [
      'A client asks for the server’s certificate, and the server answers.',
      'The adversary holds the answer until it is older than the age limit.',
      'Then it lets it go. If the client takes it all the same, it keeps what comes next.',
    ],
    oracle: denied(),
    stoppedBy: NOTHING_HELPS,
    async run(stage) {
      await stage.register()
      stage.toServer.onFrame = ({ step, frame }) => {
        if (step === 4) stage.pass((stage.settings.maxAge + 1) * 1000)
        if (step !== 5) return [frame]
        letTheLimitPass(stage)
        return []
      }
      const client = await stage.client()
      await client.open()
    },
  },
  {
    id: 'drop',
    title: 'Let a message disappear',
    has: 'Nothing but the wire.',
    wants: 'That a client gets no session.',
    story: [
      'A client asks for the server’s certificate, and the server answers.',
      'The adversary keeps the answer for good.',
      'The client waits until its idle limit is over.',
    ],
    oracle: denied(),
    stoppedBy: NOTHING_HELPS,
    async run(stage) {
      await stage.register()
      stage.toServer.onFrame = ({ step, frame }) => {
        if (step !== 4) return [frame]
        letTheLimitPass(stage)
        return []
      }
      const client = await stage.client()
      await client.open()
    },
  },
  {
    id: 'cut',
    title: 'Cut the connection',
    has: 'Nothing but the wire.',
    wants: 'That a client gets no session.',
    story: [
      'A client asks for the server’s certificate.',
      'The adversary cuts the connection before the answer is through.',
    ],
    oracle: denied(),
    stoppedBy: NOTHING_HELPS,
    async run(stage) {
      await stage.register()
      stage.toServer.onFrame = ({ step, frame, connection }) => {
        if (step !== 4) return [frame]
        connection.cut()
        return []
      }
      const client = await stage.client()
      await client.open()
    },
  },
  {
    id: 'deliver-late',
    title: 'Deliver a request when it is too late',
    has: 'Nothing but the wire.',
    wants: 'The server to do now what the client wanted long ago.',
    story: [
      'A client sends a request.',
      'The adversary holds it for longer than the age limit, and then lets it go.',
    ],
    oracle: late({ step: 7, role: 'server' }),
    stoppedBy: { classic: ['freshness'], modern: ['freshness'] },
    async run(stage) {
      const client = await usualSession(stage)
      stage.toServer.onFrame = ({ step, frame }) => {
        if (step === 7) stage.pass((stage.settings.maxAge + 1) * 1000)
        return [frame]
      }
      await client.request(wordyRequest(stage))
    },
  },
  {
    id: 'after-the-end',
    title: 'Go on when the session is over',
    has: 'The keys of a session, found in the client’s memory after its end.',
    wants: 'An answer in the client’s name.',
    story: [
      'A client opens a session, asks something, and lets the session end.',
      'The adversary finds the session’s keys in the client’s memory.',
      'It sends a request of its own on the client’s connection.',
    ],
    oracle: forged({ step: 7, role: 'server' }),
    stoppedBy: { classic: ['session_alive'], modern: ['session_alive'] },
    async run(stage) {
      const client = await usualSession(stage)
      await client.request(wordyRequest(stage))
      stage.pass((stage.settings.lifetime + 1) * 1000)
      const frame = await requestOf(stage, 'whoami')
      await stage.toServer.seen.at(-1)?.connection.send('acceptor', frame)
      await stage.settle()
    },
  },
]
